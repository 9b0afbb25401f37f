#include <algorithm>
#include <set>
#include <utility>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

using base::ErrorCode;
using Asked = protocol::AlterPartitionRequest::PartitionData;
using Answered = protocol::AlterPartitionResponse::PartitionData;
using IsrMember = protocol::AlterPartitionRequest::BrokerState;

/// The first version that tells the epochs of the ISR's brokers.
constexpr int16_t kIsrEpochsVersion = 3;

std::vector<IsrMember> newIsrOf(const Asked& asked, int16_t version) {
  if (version >= kIsrEpochsVersion) return asked.newIsrWithEpochs;
  std::vector<IsrMember> isr;
  for (const base::BrokerId broker : asked.newIsr) isr.push_back({broker, -1});
  return isr;
}

std::vector<base::BrokerId> brokersOf(const std::vector<IsrMember>& isr) {
  std::vector<base::BrokerId> brokers;
  for (const IsrMember& member : isr) brokers.push_back(member.brokerId);
  return brokers;
}

bool isDuplicateFreeSubset(const std::vector<base::BrokerId>& isr, const std::vector<base::BrokerId>& replicas) {
  const std::set<base::BrokerId> assigned(replicas.begin(), replicas.end());
  const std::set<base::BrokerId> members(isr.begin(), isr.end());
  return !isr.empty() && members.size() == isr.size() &&
         std::includes(assigned.begin(), assigned.end(), members.begin(), members.end());
}

/// A broker epoch of -1 is not checked.
bool isEligible(const MetadataImage& image, const IsrMember& member) {
  const BrokerRegistration* registration = image.findBroker(member.brokerId);
  return registration != nullptr && registration->isActive() &&
         (member.brokerEpoch == -1 || member.brokerEpoch == registration->epoch);
}

bool isValidRecoveryState(const PartitionRegistration& partition, int8_t asked, size_t isrSize) {
  if (asked == static_cast<int8_t>(LeaderRecoveryState::Recovered)) return true;
  if (asked != static_cast<int8_t>(LeaderRecoveryState::Recovering)) return false;
  return isrSize == 1 && partition.leaderRecoveryState == LeaderRecoveryState::Recovering;
}

/// The sender must be the leader of this moment.
ErrorCode checkEpochs(base::BrokerId sender, const PartitionRegistration& partition, const Asked& asked) {
  // The leader knows more than this controller: somebody else leads the quorum by now.
  if (asked.leaderEpoch > partition.leaderEpoch) return ErrorCode::NOT_CONTROLLER;
  if (asked.partitionEpoch > partition.partitionEpoch) return ErrorCode::NOT_CONTROLLER;
  if (asked.leaderEpoch < partition.leaderEpoch) return ErrorCode::FENCED_LEADER_EPOCH;
  if (sender != partition.leader) return ErrorCode::INVALID_REQUEST;
  if (asked.partitionEpoch < partition.partitionEpoch) return ErrorCode::INVALID_UPDATE_VERSION;
  return ErrorCode::NONE;
}

/// The checks in Kafka's order (ReplicationControlManager.validateAlterPartitionData).
ErrorCode check(const QuorumController& controller, base::BrokerId sender, const PartitionRegistration* partition,
                const Asked& asked, const std::vector<IsrMember>& newIsr) {
  if (partition == nullptr) return ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
  const bool isFencing = !controller.config().bugs.has(base::KnownBug::FencingOff);
  const ErrorCode fenced = isFencing ? checkEpochs(sender, *partition, asked) : ErrorCode::NONE;
  if (fenced != ErrorCode::NONE) return fenced;

  const std::vector<base::BrokerId> brokers = brokersOf(newIsr);
  if (!isDuplicateFreeSubset(brokers, partition->replicas)) return ErrorCode::INVALID_REQUEST;
  if (isFencing && std::find(brokers.begin(), brokers.end(), partition->leader) == brokers.end())
    return ErrorCode::INVALID_REQUEST;
  if (!isValidRecoveryState(*partition, asked.leaderRecoveryState, brokers.size())) return ErrorCode::INVALID_REQUEST;

  const bool areEligible = std::all_of(newIsr.begin(), newIsr.end(),
                                       [&](const IsrMember& member) { return isEligible(controller.image(), member); });
  return areEligible ? ErrorCode::NONE : ErrorCode::INELIGIBLE_REPLICA;
}

Answered refusal(base::PartitionId partition, ErrorCode code) {
  Answered answered;
  answered.partitionIndex = partition;
  answered.errorCode = wireCode(code);
  return answered;
}

/// The partition as it will be once `change` is replayed.
Answered answer(const PartitionRegistration& partition, base::PartitionId partitionId,
                const std::optional<protocol::PartitionChangeRecord>& change) {
  Answered answered;
  answered.partitionIndex = partitionId;
  answered.leaderId = partition.leader;
  // The change completes a reassignment: the same broker leads in a new epoch.
  answered.leaderEpoch = partition.leaderEpoch + (change && change->leader != kNoLeaderChange ? 1 : 0);
  answered.isr = change && change->isr ? *change->isr : partition.isr;
  answered.leaderRecoveryState = change && change->leaderRecoveryState >= 0
                                     ? change->leaderRecoveryState
                                     : static_cast<int8_t>(partition.leaderRecoveryState);
  answered.partitionEpoch = partition.partitionEpoch + (change ? 1 : 0);
  return answered;
}

Answered alterPartition(const QuorumController& controller, base::BrokerId sender, const TopicImage& topic,
                        const Asked& asked, int16_t version, MetadataRecords& records) {
  const PartitionRegistration* partition = controller.image().findPartition(topic.name, asked.partitionIndex);
  const std::vector<IsrMember> newIsr = newIsrOf(asked, version);
  const ErrorCode refused = check(controller, sender, partition, asked, newIsr);
  if (refused != ErrorCode::NONE) return refusal(asked.partitionIndex, refused);

  const auto change = controller.replicationControl()
                          .changeOf(topic, asked.partitionIndex)
                          .setTargetIsr(brokersOf(newIsr))
                          .setTargetLeaderRecoveryState(static_cast<LeaderRecoveryState>(asked.leaderRecoveryState))
                          .build();
  if (change) records.push_back(*change);
  // The change takes the leadership away from the sender (its log directory went offline, or a reassignment is complete
  // that it has no part in): it has to wait for the metadata, although its request was obeyed.
  if (change && change->leader != kNoLeaderChange && change->leader != sender)
    return refusal(asked.partitionIndex, ErrorCode::NEW_LEADER_ELECTED);
  return answer(*partition, asked.partitionIndex, change);
}

}  // namespace

protocol::AlterPartitionResponse handleAlterPartition(QuorumController& controller,
                                                      const protocol::AlterPartitionRequest& request, int16_t version) {
  const auto refuse = [](const base::Error& error) {
    protocol::AlterPartitionResponse refused;
    refused.errorCode = wireCode(error.code);
    return refused;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const base::Status known = controller.clusterControl().checkBrokerEpoch(request.brokerId, request.brokerEpoch);
  if (!known) return refuse(known.error());

  protocol::AlterPartitionResponse response;
  MetadataRecords records;
  for (const auto& topicAsked : request.topics) {
    auto& topicAnswered = response.topics.emplace_back();
    topicAnswered.topicId = topicAsked.topicId;
    const TopicImage* topic = controller.image().findTopic(topicAsked.topicId);
    for (const Asked& asked : topicAsked.partitions) {
      topicAnswered.partitions.push_back(
          topic == nullptr ? refusal(asked.partitionIndex, ErrorCode::UNKNOWN_TOPIC_ID)
                           : alterPartition(controller, request.brokerId, *topic, asked, version, records));
    }
  }
  if (const auto committed = controller.append(records); !committed) return refuse(committed.error());
  return response;
}

}  // namespace streamscope::controller
