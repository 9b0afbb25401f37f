#include "partition_reassignment_control.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "partition_reassignment.h"
#include "replica_assignment.h"
#include "topic_config.h"

namespace streamscope::controller {

using base::ErrorCode;
using base::fail;

namespace {

tl::unexpected<base::Error> unknown(std::string message) {
  return fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, std::move(message));
}

/// How many replicas the partition will have when what is under way has come to its end.
size_t replicationFactorOf(const PartitionRegistration& partition) {
  const std::set<base::BrokerId> leaving(partition.removingReplicas.begin(), partition.removingReplicas.end());
  const auto staying = std::count_if(partition.replicas.begin(), partition.replicas.end(),
                                     [&](base::BrokerId broker) { return !leaving.contains(broker); });
  return static_cast<size_t>(staying);
}

}  // namespace

PartitionReassignmentControl::PartitionReassignmentControl(const MetadataImage& image,
                                                           const ReplicationControl& replicationControl,
                                                           const ControllerConfig& config)
    : m_image(image), m_replicationControl(replicationControl), m_config(config) {}

PartitionReassignmentControl::Decision PartitionReassignmentControl::alter(
    const protocol::AlterPartitionReassignmentsRequest& request) const {
  Decision decision;
  decision.response.allowReplicationFactorChange = request.allowReplicationFactorChange;
  for (const auto& topic : request.topics) {
    auto& results = decision.response.responses.emplace_back();
    results.name = topic.name;
    for (const auto& asked : topic.partitions) {
      auto& result = results.partitions.emplace_back();
      result.partitionIndex = asked.partitionIndex;
      auto change =
          alterPartition(topic.name, asked.partitionIndex, asked.replicas, request.allowReplicationFactorChange);
      if (!change) {
        result.errorCode = static_cast<int16_t>(change.error().code);
        result.errorMessage = change.error().message;
      } else if (*change) {
        decision.records.push_back(std::move(**change));
      }
    }
  }
  return decision;
}

base::Result<PartitionReassignmentControl::Change> PartitionReassignmentControl::alterPartition(
    const std::string& topicName, base::PartitionId partition, const std::optional<std::vector<base::BrokerId>>& target,
    bool allowReplicationFactorChange) const {
  const TopicImage* topic = m_image.findTopic(topicName);
  if (topic == nullptr) return unknown("Unable to find a topic named " + topicName + ".");
  if (!topic->partitions.contains(partition))
    return unknown("Unable to find partition " + topicName + ":" + std::to_string(partition) + ".");
  return target ? change(*topic, partition, *target, allowReplicationFactorChange) : cancel(*topic, partition);
}

base::Result<PartitionReassignmentControl::Change> PartitionReassignmentControl::cancel(
    const TopicImage& topic, base::PartitionId partitionId) const {
  const PartitionRegistration& partition = topic.partitions.at(partitionId);
  if (!reassignmentOf(partition).isInProgress())
    return fail(ErrorCode::NO_REASSIGNMENT_IN_PROGRESS, "No partition reassignment is in progress.");
  RevertedReassignment reverted = revertedReassignment(partition);
  if (reverted.isUnclean && !uncleanLeaderElectionEnabled(m_image, topic.name, m_config))
    return fail(ErrorCode::INVALID_REPLICA_ASSIGNMENT, "Unable to revert partition assignment for " + topic.name + ":" +
                                                           std::to_string(partitionId) +
                                                           " because it would require an unclean leader election.");
  return m_replicationControl.changeOf(topic, partitionId)
      .setTargetIsr(std::move(reverted.isr))
      .setTargetReassignment({.replicas = std::move(reverted.replicas), .adding = {}, .removing = {}})
      .build();
}

base::Result<PartitionReassignmentControl::Change> PartitionReassignmentControl::change(
    const TopicImage& topic, base::PartitionId partitionId, const std::vector<base::BrokerId>& target,
    bool allowReplicationFactorChange) const {
  const PartitionRegistration& partition = topic.partitions.at(partitionId);
  if (const base::Status checked = checkManualAssignment(m_image, target, std::nullopt); !checked)
    return fail(checked.error());
  const size_t before = replicationFactorOf(partition);
  if (!allowReplicationFactorChange && target.size() != before)
    return fail(
        ErrorCode::INVALID_REPLICATION_FACTOR,
        "The replication factor is changed from " + std::to_string(before) + " to " + std::to_string(target.size()));
  PartitionReassignment reassignment = reassignmentTo(partition, target);
  // As in Kafka, a second reassignment that takes nobody out (or in) leaves that part of the first as it is.
  if (reassignment.removing.empty()) reassignment.removing = partition.removingReplicas;
  if (reassignment.adding.empty()) reassignment.adding = partition.addingReplicas;
  // A new assignment never elects from outside the ISR.
  return m_replicationControl.changeOf(topic, partitionId)
      .setElection(Election::Online)
      .setTargetReassignment(std::move(reassignment))
      .build();
}

protocol::ListPartitionReassignmentsResponse PartitionReassignmentControl::list(
    const protocol::ListPartitionReassignmentsRequest& request) const {
  protocol::ListPartitionReassignmentsResponse response;
  const auto addTopic = [&](const TopicImage& topic, const auto& isWanted) {
    protocol::ListPartitionReassignmentsResponse::OngoingTopicReassignment ongoing;
    ongoing.name = topic.name;
    for (const auto& [id, partition] : topic.partitions) {
      if (!reassignmentOf(partition).isInProgress() || !isWanted(id)) continue;
      ongoing.partitions.push_back({id, partition.replicas, partition.addingReplicas, partition.removingReplicas});
    }
    if (!ongoing.partitions.empty()) response.topics.push_back(std::move(ongoing));
  };
  if (!request.topics) {
    for (const auto& [id, topic] : m_image.topics()) addTopic(topic, [](base::PartitionId) { return true; });
    return response;
  }
  for (const auto& asked : *request.topics) {
    const TopicImage* topic = m_image.findTopic(asked.name);
    const std::set<base::PartitionId> wanted(asked.partitionIndexes.begin(), asked.partitionIndexes.end());
    if (topic != nullptr) addTopic(*topic, [&](base::PartitionId id) { return wanted.contains(id); });
  }
  return response;
}

}  // namespace streamscope::controller
