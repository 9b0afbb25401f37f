#include "leader_election.h"

#include <string>

namespace streamscope::controller {

using base::ErrorCode;

namespace {

using TopicResult = protocol::ElectLeadersResponse::ReplicaElectionResult;

/// Kafka: ElectionType.
constexpr int8_t kPreferred = 0;
constexpr int8_t kUnclean = 1;

tl::unexpected<base::Error> unknown(std::string message) {
  return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, std::move(message));
}

base::Result<protocol::PartitionChangeRecord> electLeader(const MetadataImage& image,
                                                          const ReplicationControl& replicationControl,
                                                          const std::string& topicName, base::PartitionId partitionId,
                                                          int8_t electionType) {
  const TopicImage* topic = image.findTopic(topicName);
  if (topic == nullptr) return unknown("No such topic as " + topicName);
  const auto partition = topic->partitions.find(partitionId);
  if (partition == topic->partitions.end())
    return unknown("No such partition as " + topicName + "-" + std::to_string(partitionId));

  const bool isPreferred = electionType == kPreferred;
  const base::BrokerId leader = partition->second.leader;
  const bool isGood = isPreferred ? leader == partition->second.replicas.front() : leader != base::kNoBroker;
  if (isGood) return base::fail(ErrorCode::ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.");
  const auto record = replicationControl.changeOf(*topic, partitionId)
                          .setElection(isPreferred ? Election::Preferred : Election::Unclean)
                          .build();
  if (record) return *record;
  if (isPreferred)
    return base::fail(ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE, "The preferred leader was not available.");
  return base::fail(ErrorCode::ELIGIBLE_LEADERS_NOT_AVAILABLE, "Eligible topic partition leaders are not available.");
}

class Electing {
 public:
  Electing(const MetadataImage& image, const ReplicationControl& replicationControl, int8_t electionType,
           ElectionDecision& decision)
      : m_image(image), m_replicationControl(replicationControl), m_electionType(electionType), m_decision(decision) {}

  void elect(const std::string& topic, base::PartitionId partition, TopicResult& results, bool tellsNotNeeded) {
    const auto record = electLeader(m_image, m_replicationControl, topic, partition, m_electionType);
    if (record) m_decision.records.push_back(*record);
    if (!record && record.error().code == ErrorCode::ELECTION_NOT_NEEDED && !tellsNotNeeded) return;
    auto& result = results.partitionResult.emplace_back();
    result.partitionId = partition;
    if (record) return;
    result.errorCode = static_cast<int16_t>(record.error().code);
    result.errorMessage = record.error().message;
  }

 private:
  const MetadataImage& m_image;
  const ReplicationControl& m_replicationControl;
  int8_t m_electionType;
  ElectionDecision& m_decision;
};

}  // namespace

ElectionDecision electLeaders(const MetadataImage& image, const ReplicationControl& replicationControl,
                              const protocol::ElectLeadersRequest& request) {
  ElectionDecision decision;
  auto& results = decision.response.replicaElectionResults;
  if (request.electionType != kPreferred && request.electionType != kUnclean) {
    decision.response.errorCode = static_cast<int16_t>(ErrorCode::INVALID_REQUEST);
    return decision;
  }
  Electing electing(image, replicationControl, request.electionType, decision);
  if (!request.topicPartitions) {
    for (const auto& [id, topic] : image.topics()) {
      TopicResult& result = results.emplace_back();
      result.topic = topic.name;
      for (const auto& [partition, registration] : topic.partitions)
        electing.elect(topic.name, partition, result, /*tellsNotNeeded=*/false);
    }
    return decision;
  }
  for (const auto& topic : *request.topicPartitions) {
    TopicResult& result = results.emplace_back();
    result.topic = topic.topic;
    for (const base::PartitionId partition : topic.partitions)
      electing.elect(topic.topic, partition, result, /*tellsNotNeeded=*/true);
  }
  return decision;
}

}  // namespace streamscope::controller
