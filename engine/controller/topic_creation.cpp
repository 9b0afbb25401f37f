#include "topic_creation.h"

#include <algorithm>
#include <set>

#include "replica_assignment.h"
#include "topic_name.h"

namespace streamscope::controller {

namespace {

constexpr std::string_view kMetadataTopic = "__cluster_metadata";

/// Kafka: ConfigResource.Type.TOPIC.
constexpr int8_t kTopicResource = 2;

using base::ErrorCode;
using base::fail;
using Result = protocol::CreateTopicsResponse::CreatableTopicResult;

Result refusal(const std::string& name, const base::Error& error) {
  Result result;
  result.name = name;
  result.errorCode = static_cast<int16_t>(error.code);
  result.errorMessage = error.message;
  return result;
}

base::Error invalidRequest(std::string message) {
  return {ErrorCode::INVALID_REQUEST, std::move(message)};
}

/// Names that stand in the request more than once.
std::set<std::string> duplicatesOf(const protocol::CreateTopicsRequest& request) {
  std::set<std::string> seen;
  std::set<std::string> duplicates;
  for (const auto& topic : request.topics) {
    if (!seen.insert(topic.name).second) duplicates.insert(topic.name);
  }
  return duplicates;
}

}  // namespace

TopicCreation::TopicCreation(const MetadataImage& image, const ClusterControl& clusterControl,
                             const ControllerConfig& config, base::Random& random)
    : m_image(image), m_clusterControl(clusterControl), m_config(config), m_random(random) {}

TopicCreation::Decision TopicCreation::createTopics(const protocol::CreateTopicsRequest& request) {
  Decision decision;
  const std::set<std::string> duplicates = duplicatesOf(request);
  const base::Status countChecked = checkPartitionCount(request);
  for (const Topic& topic : request.topics) {
    if (duplicates.contains(topic.name) || topic.name == kMetadataTopic) continue;
    const base::Result<TopicResult> created =
        countChecked ? createTopic(topic, decision.records) : base::fail(countChecked.error());
    decision.response.topics.push_back(created ? *created : refusal(topic.name, created.error()));
  }
  for (const std::string& name : duplicates)
    decision.response.topics.push_back(refusal(name, invalidRequest("Duplicate topic name.")));
  const bool hasMetadataTopic = std::any_of(request.topics.begin(), request.topics.end(),
                                            [](const Topic& topic) { return topic.name == kMetadataTopic; });
  if (hasMetadataTopic && !duplicates.contains(std::string(kMetadataTopic))) {
    decision.response.topics.push_back(refusal(
        std::string(kMetadataTopic), invalidRequest("Creation of internal topic __cluster_metadata is prohibited.")));
  }
  if (request.validateOnly) decision.records.clear();
  return decision;
}

base::Status TopicCreation::checkPartitionCount(const protocol::CreateTopicsRequest& request) const {
  int64_t partitions = 0;
  for (const Topic& topic : request.topics) {
    if (!topic.assignments.empty())
      partitions += static_cast<int64_t>(topic.assignments.size());
    else
      partitions += topic.numPartitions == -1 ? m_config.numPartitions : std::max(topic.numPartitions, 0);
  }
  if (partitions <= kPartitionsPerRequestMax) return {};
  return fail(ErrorCode::POLICY_VIOLATION, "Excessively large number of partitions per request.");
}

base::Result<TopicCreation::TopicResult> TopicCreation::createTopic(const Topic& topic, MetadataRecords& records) {
  if (const base::Status checked = checkName(topic.name); !checked) return fail(checked.error());
  const base::Result<TopicConfigs> configs = checkConfigs(topic);
  if (!configs) return fail(configs.error());
  const base::Result<Assignments> assignments = assign(topic);
  if (!assignments) return fail(assignments.error());

  const base::Uuid topicId = m_random.uuid();
  records.push_back(protocol::TopicRecord{topic.name, topicId});
  for (const auto& [name, value] : *configs)
    records.push_back(protocol::ConfigRecord{kTopicResource, topic.name, name, value});
  base::PartitionId partition = 0;
  for (const auto& replicas : *assignments)
    records.push_back(newPartitionRecord(m_clusterControl, topicId, partition++, replicas));

  TopicResult result;
  result.name = topic.name;
  result.topicId = topicId;
  result.numPartitions = static_cast<int32_t>(assignments->size());
  result.replicationFactor = static_cast<int16_t>(assignments->front().size());
  result.configs.emplace();
  for (const EffectiveConfig& config : effectiveTopicConfigs(*configs, m_config)) {
    protocol::CreateTopicsResponse::CreatableTopicConfigs each;
    each.name = config.name;
    each.value = config.value;
    each.configSource = static_cast<int8_t>(config.source);
    result.configs->push_back(std::move(each));
  }
  return result;
}

base::Status TopicCreation::checkName(const std::string& name) const {
  if (const base::Status valid = validateTopicName(name); !valid) return valid;
  if (m_image.findTopic(name) != nullptr)
    return fail(ErrorCode::TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
  for (const auto& [id, topic] : m_image.topics()) {
    if (topicNamesCollide(name, topic.name)) {
      return fail(ErrorCode::INVALID_TOPIC_EXCEPTION,
                  "Topic '" + name + "' collides with existing topic: " + topic.name);
    }
  }
  return {};
}

base::Result<TopicConfigs> TopicCreation::checkConfigs(const Topic& topic) const {
  TopicConfigs configs;
  std::string withoutValue;
  for (const auto& config : topic.configs) {
    if (config.value)
      configs[config.name] = *config.value;
    else
      withoutValue += (withoutValue.empty() ? "" : ",") + config.name;
  }
  if (!withoutValue.empty())
    return fail(ErrorCode::INVALID_CONFIG, "Null value not supported for topic configs: " + withoutValue);
  if (const base::Status valid = validateTopicConfigs(configs); !valid) return fail(valid.error());
  return configs;
}

base::Result<TopicCreation::Assignments> TopicCreation::assign(const Topic& topic) {
  if (!topic.assignments.empty()) return checkManualAssignments(topic);
  if (topic.replicationFactor < -1 || topic.replicationFactor == 0) {
    return fail(ErrorCode::INVALID_REPLICATION_FACTOR,
                "Replication factor must be larger than 0, or -1 to use the default value.");
  }
  if (topic.numPartitions < -1 || topic.numPartitions == 0) {
    return fail(ErrorCode::INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
  }
  return place(topic);
}

base::Result<TopicCreation::Assignments> TopicCreation::checkManualAssignments(const Topic& topic) const {
  if (topic.replicationFactor != -1) {
    return fail(
        invalidRequest("A manual partition assignment was specified, but replication factor was not set to -1."));
  }
  if (topic.numPartitions != -1) {
    return fail(invalidRequest("A manual partition assignment was specified, but numPartitions was not set to -1."));
  }
  const auto refuse = [](std::string message) {
    return fail(ErrorCode::INVALID_REPLICA_ASSIGNMENT, std::move(message));
  };
  const size_t replicationFactor = topic.assignments.front().brokerIds.size();
  std::map<base::PartitionId, std::vector<base::BrokerId>> byPartition;
  for (const auto& assignment : topic.assignments) {
    const std::string partition = std::to_string(assignment.partitionIndex);
    if (byPartition.contains(assignment.partitionIndex))
      return refuse("Found multiple manual partition assignments for partition " + partition);
    if (const base::Status checked = checkManualAssignment(m_image, assignment.brokerIds, replicationFactor); !checked)
      return fail(checked.error());
    if (activeReplicas(m_clusterControl, assignment.brokerIds).empty()) {
      return refuse("All brokers specified in the manual partition assignment for partition " + partition +
                    " are fenced or in controlled shutdown.");
    }
    byPartition.emplace(assignment.partitionIndex, assignment.brokerIds);
  }
  Assignments assignments;
  for (auto& [partition, replicas] : byPartition) {
    if (partition != static_cast<base::PartitionId>(assignments.size()))
      return refuse("partitions should be a consecutive 0-based integer sequence");
    assignments.push_back(std::move(replicas));
  }
  return assignments;
}

base::Result<TopicCreation::Assignments> TopicCreation::place(const Topic& topic) {
  const int32_t partitions = topic.numPartitions == -1 ? m_config.numPartitions : topic.numPartitions;
  const int16_t replicationFactor =
      topic.replicationFactor == -1 ? m_config.defaultReplicationFactor : topic.replicationFactor;
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::INVALID_REPLICATION_FACTOR,
                "Unable to replicate the partition " + std::to_string(replicationFactor) + " time(s): " + why);
  };
  auto placed = placeReplicas(m_clusterControl, m_random, partitions, replicationFactor);
  if (!placed) return refuse(placed.error().message);
  const bool areActive = std::none_of(placed->begin(), placed->end(), [this](const auto& replicas) {
    return activeReplicas(m_clusterControl, replicas).empty();
  });
  if (!areActive) return refuse("All brokers are currently fenced or in controlled shutdown.");
  return *placed;
}

}  // namespace streamscope::controller
