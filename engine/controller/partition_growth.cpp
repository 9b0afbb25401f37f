#include "partition_growth.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "replica_assignment.h"

namespace streamscope::controller {

using base::ErrorCode;
using base::fail;

namespace {

using Result = protocol::CreatePartitionsResponse::CreatePartitionsTopicResult;

Result resultOf(const std::string& name, const base::Status& status) {
  Result result;
  result.name = name;
  if (status) return result;
  result.errorCode = static_cast<int16_t>(status.error().code);
  result.errorMessage = status.error().message;
  return result;
}

}  // namespace

PartitionGrowth::PartitionGrowth(const MetadataImage& image, const ClusterControl& clusterControl, base::Random& random)
    : m_image(image), m_clusterControl(clusterControl), m_random(random) {}

PartitionGrowth::Decision PartitionGrowth::createPartitions(const protocol::CreatePartitionsRequest& request) {
  Decision decision;
  std::set<std::string> seen, duplicates;
  for (const Topic& topic : request.topics)
    if (!seen.insert(topic.name).second) duplicates.insert(topic.name);
  for (const std::string& name : duplicates)
    decision.response.results.push_back(resultOf(name, fail(ErrorCode::INVALID_REQUEST, "Duplicate topic name.")));
  for (const Topic& topic : request.topics) {
    if (duplicates.contains(topic.name)) continue;
    MetadataRecords records;
    const base::Status grown = grow(topic, records);
    decision.response.results.push_back(resultOf(topic.name, grown));
    if (grown) std::move(records.begin(), records.end(), std::back_inserter(decision.records));
  }
  if (request.validateOnly) decision.records.clear();
  return decision;
}

base::Status PartitionGrowth::grow(const Topic& topic, MetadataRecords& records) {
  const TopicImage* image = m_image.findTopic(topic.name);
  if (image == nullptr)
    return fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
  const size_t before = image->partitions.size();
  if (const base::Status checked = checkCount(topic, before); !checked) return checked;
  const size_t replicationFactor = image->partitions.begin()->second.replicas.size();
  const auto assignments = topic.assignments ? checkManualAssignments(topic, before, replicationFactor)
                                             : place(topic.count - static_cast<int32_t>(before), replicationFactor);
  if (!assignments) return fail(assignments.error());
  auto partition = static_cast<base::PartitionId>(before);
  for (const auto& replicas : *assignments)
    records.push_back(newPartitionRecord(m_clusterControl, image->id, partition++, replicas));
  return {};
}

base::Status PartitionGrowth::checkCount(const Topic& topic, size_t partitions) const {
  const std::string present = std::to_string(partitions);
  if (topic.count == static_cast<int64_t>(partitions))
    return fail(ErrorCode::INVALID_PARTITIONS, "Topic already has " + present + " partition(s).");
  if (topic.count < static_cast<int64_t>(partitions))
    return fail(ErrorCode::INVALID_PARTITIONS, "The topic " + topic.name + " currently has " + present +
                                                   " partition(s); " + std::to_string(topic.count) +
                                                   " would not be an increase.");
  const size_t additional = static_cast<size_t>(topic.count) - partitions;
  if (topic.assignments && topic.assignments->size() != additional)
    return fail(ErrorCode::INVALID_REPLICA_ASSIGNMENT,
                "Attempted to add " + std::to_string(additional) + " additional partition(s), but only " +
                    std::to_string(topic.assignments->size()) + " assignment(s) were specified.");
  // Kafka sets no bound of its own here; its batch of records would be refused.
  if (additional > static_cast<size_t>(kPartitionsPerRequestMax))
    return fail(ErrorCode::POLICY_VIOLATION, "Excessively large number of partitions per request.");
  return {};
}

base::Result<PartitionGrowth::Assignments> PartitionGrowth::checkManualAssignments(const Topic& topic,
                                                                                   size_t firstPartition,
                                                                                   size_t replicationFactor) const {
  Assignments assignments;
  for (const auto& assignment : *topic.assignments) {
    const base::Status checked = checkManualAssignment(m_image, assignment.brokerIds, replicationFactor);
    if (!checked) return fail(checked.error());
    if (activeReplicas(m_clusterControl, assignment.brokerIds).empty())
      return fail(ErrorCode::INVALID_REPLICA_ASSIGNMENT,
                  "All brokers specified in the manual partition assignment for partition " +
                      std::to_string(firstPartition + assignments.size()) + " are fenced or in controlled shutdown.");
    assignments.push_back(assignment.brokerIds);
  }
  return assignments;
}

base::Result<PartitionGrowth::Assignments> PartitionGrowth::place(int32_t partitions, size_t replicationFactor) {
  auto placed = placeReplicas(m_clusterControl, m_random, partitions, static_cast<int16_t>(replicationFactor));
  if (!placed) return placed;
  for (const auto& replicas : *placed)
    if (activeReplicas(m_clusterControl, replicas).empty())
      return fail(ErrorCode::INVALID_REPLICATION_FACTOR,
                  "Unable to replicate the partition " + std::to_string(replicationFactor) +
                      " time(s): All brokers are currently fenced or in controlled shutdown.");
  return placed;
}

}  // namespace streamscope::controller
