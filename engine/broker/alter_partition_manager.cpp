#include "alter_partition_manager.h"

namespace streamscope::broker {
namespace {

/// Kafka: the pause before a request that failed as a whole is sent again.
constexpr base::Duration kRetryDelay = std::chrono::milliseconds(50);

}  // namespace

AlterPartitionManager::AlterPartitionManager(world::NodeContext& context, const BrokerConfig& config,
                                             ControllerChannel& controller, std::function<int64_t()> brokerEpoch)
    : m_context(context), m_config(config), m_controller(controller), m_brokerEpoch(std::move(brokerEpoch)) {}

void AlterPartitionManager::submit(IsrProposal proposal, Handler onDecision) {
  const Key key{proposal.topicId, proposal.partition};
  if (m_waiting.contains(key)) return onDecision(tl::unexpected(base::ErrorCode::OPERATION_NOT_ATTEMPTED));
  m_waiting.emplace(key, Waiting{std::move(proposal), std::move(onDecision)});
  send();
}

void AlterPartitionManager::send() {
  if (m_isInFlight || m_waiting.empty()) return;
  protocol::AlterPartitionRequest request;
  request.brokerId = m_config.nodeId;
  request.brokerEpoch = m_brokerEpoch();
  std::vector<Key> sent;
  for (const auto& [key, waiting] : m_waiting) {
    sent.push_back(key);
    if (request.topics.empty() || request.topics.back().topicId != key.first) {
      request.topics.emplace_back();
      request.topics.back().topicId = key.first;
    }
    protocol::AlterPartitionRequest::PartitionData partition;
    partition.partitionIndex = waiting.proposal.partition;
    partition.leaderEpoch = waiting.proposal.leaderEpoch;
    partition.partitionEpoch = waiting.proposal.partitionEpoch;
    for (const IsrProposal::Member& member : waiting.proposal.isr) {
      protocol::AlterPartitionRequest::BrokerState state;
      state.brokerId = member.broker;
      state.brokerEpoch = member.brokerEpoch;
      partition.newIsrWithEpochs.push_back(state);
    }
    request.topics.back().partitions.push_back(std::move(partition));
  }
  m_isInFlight = true;
  m_controller.send(std::move(request), m_config.requestTimeout,
                    [this, sent = std::move(sent)](world::Response response) { onResponse(sent, response); });
}

void AlterPartitionManager::onResponse(const std::vector<Key>& sent, const world::Response& response) {
  m_isInFlight = false;
  const auto* answer = receivedBody<protocol::AlterPartitionResponse>(response);
  if (answer == nullptr || answer->errorCode != 0) {
    m_context.timers.after(kRetryDelay, [this] { send(); });
    return;
  }
  std::map<Key, base::Result<IsrDecision, base::ErrorCode>> decisions;
  for (const auto& topic : answer->topics) {
    for (const auto& partition : topic.partitions) {
      const auto error = static_cast<base::ErrorCode>(partition.errorCode);
      base::Result<IsrDecision, base::ErrorCode> decision = tl::unexpected(error);
      if (error == base::ErrorCode::NONE)
        decision = IsrDecision{partition.leaderEpoch, partition.partitionEpoch, partition.isr};
      decisions.insert_or_assign(Key{topic.topicId, partition.partitionIndex}, std::move(decision));
    }
  }
  for (const Key& key : sent) {
    const auto decision = decisions.find(key);
    // Not answered: it stays and goes with the next request.
    if (decision != decisions.end()) settle(key, decision->second);
  }
  send();
}

void AlterPartitionManager::settle(const Key& key, const base::Result<IsrDecision, base::ErrorCode>& decision) {
  const auto node = m_waiting.extract(key);
  if (!node.empty()) node.mapped().onDecision(decision);
}

}  // namespace streamscope::broker
