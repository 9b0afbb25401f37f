#include "client/admin_node.h"

#include <utility>
#include <variant>

#include "admin_result.h"
#include "api_versions_spoken.h"
#include "base/error_code.h"

namespace streamscope::client {

using base::ErrorCode;

namespace {

/// One operation with its retries.
struct Call {
  protocol::RequestBody request;
  int16_t version = 0;
  std::string what;
  /// The one broker that can do it; none: any.
  std::optional<base::BrokerId> broker;
  /// Active brokers it needs.
  size_t brokersMin = 0;
  base::VirtualTime deadline{};
  /// The last refusal that was worth a retry.
  std::string obstacle;
  int32_t attempts = 0;
  AdminNode::Outcome onOutcome;
};
using CallPtr = std::shared_ptr<Call>;

/// A retried request that was carried out the first time.
bool wasDoneBefore(const Call& call, ErrorCode error) {
  if (call.attempts < 2) return false;
  if (std::holds_alternative<protocol::CreateTopicsRequest>(call.request))
    return error == ErrorCode::TOPIC_ALREADY_EXISTS;
  if (std::holds_alternative<protocol::CreatePartitionsRequest>(call.request))
    return error == ErrorCode::INVALID_PARTITIONS;
  return std::holds_alternative<protocol::DeleteTopicsRequest>(call.request) &&
         error == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
}

/// For what any broker can pass on.
Call makeCall(protocol::RequestBody request, int16_t version, std::string what, AdminNode::Outcome onOutcome) {
  Call call;
  call.request = std::move(request);
  call.version = version;
  call.what = std::move(what);
  call.brokersMin = 1;
  call.onOutcome = std::move(onOutcome);
  return call;
}

/// Trying again by itself would not help: somebody has to come back first.
bool isWorthARetry(const Call& call, ErrorCode error) {
  if (error == ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE || error == ErrorCode::ELIGIBLE_LEADERS_NOT_AVAILABLE)
    return false;
  const bool waitsForBrokers = std::holds_alternative<protocol::CreateTopicsRequest>(call.request) &&
                               error == ErrorCode::INVALID_REPLICATION_FACTOR;
  return base::isRetriable(error) || waitsForBrokers;
}

/// Kafka: ConfigResource.Type, AlterConfigOp.OpType.
constexpr int8_t kTopicResource = 2;
constexpr int8_t kBrokerResource = 4;
constexpr int8_t kSetOperation = 0;
constexpr int8_t kDeleteOperation = 1;

/// The empty name is the default of all brokers.
std::string brokerResourceName(base::BrokerId broker) {
  return broker == 0 ? std::string() : std::to_string(broker);
}

int32_t toMilliseconds(base::Duration duration) {
  return static_cast<int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

}  // namespace

struct AdminNode::Impl {
  Impl(world::NodeContext& nodeContext, AdminConfig adminConfig)
      : context(nodeContext), config(std::move(adminConfig)) {}

  void begin(Call call) {
    call.deadline = context.clock.now() + config.defaultApiTimeout;
    askForBrokers(std::make_shared<Call>(std::move(call)));
  }

  base::BrokerId nextBroker() { return config.bootstrapBrokers[next++ % config.bootstrapBrokers.size()]; }

  void askForBrokers(const CallPtr& call) {
    protocol::MetadataRequest request;
    request.topics.emplace();
    context.network.send(world::brokerAddress(nextBroker()), version::kMetadata, std::move(request),
                         config.requestTimeout, [this, call](world::Response response) {
                           const auto* metadata = std::get_if<protocol::MetadataResponse>(&response.body);
                           if (response.outcome != world::Response::Outcome::Received || metadata == nullptr)
                             return retry(call, "no broker answers");
                           if (metadata->brokers.size() < call->brokersMin)
                             return retry(call,
                                          "only " + std::to_string(metadata->brokers.size()) + " brokers are active");
                           send(call);
                         });
  }

  void send(const CallPtr& call) {
    ++call->attempts;
    const base::BrokerId broker = call->broker ? *call->broker : nextBroker();
    context.network.send(world::brokerAddress(broker), call->version, call->request, config.requestTimeout,
                         [this, call](world::Response response) {
                           if (response.outcome != world::Response::Outcome::Received)
                             return retry(call, "no broker answers");
                           const AdminResult result = adminResultOf(response.body);
                           if (result.error == ErrorCode::NONE || wasDoneBefore(*call, result.error))
                             return call->onOutcome({});
                           const std::string message =
                               result.message.empty() ? std::string(base::errorName(result.error)) : result.message;
                           if (isWorthARetry(*call, result.error)) return retry(call, message);
                           call->onOutcome(base::fail(result.error, call->what + ": " + message));
                         });
  }

  void retry(const CallPtr& call, const std::string& obstacle) {
    if (context.clock.now() + config.retryBackoff > call->deadline) {
      call->onOutcome(
          base::fail(ErrorCode::REQUEST_TIMED_OUT, call->what + " did not succeed in time: " + obstacle + "."));
      return;
    }
    context.timers.after(config.retryBackoff, [this, call] { askForBrokers(call); });
  }

  world::NodeContext& context;
  const AdminConfig config;
  size_t next = 0;
};

AdminNode::AdminNode(world::NodeContext& context, AdminConfig config)
    : m_impl(std::make_unique<Impl>(context, std::move(config))) {}
AdminNode::~AdminNode() = default;

void AdminNode::start() {}

/// Nobody sends requests to a client.
void AdminNode::onRequest(world::IncomingRequest) {}

void AdminNode::createTopic(NewTopic topic, Outcome onOutcome) {
  protocol::CreateTopicsRequest request;
  request.timeoutMs = toMilliseconds(m_impl->config.requestTimeout);
  auto& creatable = request.topics.emplace_back();
  creatable.name = topic.name;
  creatable.numPartitions = topic.partitions;
  creatable.replicationFactor = topic.replicationFactor;
  for (const auto& [key, value] : topic.configs) {
    auto& config = creatable.configs.emplace_back();
    config.name = key;
    config.value = value;
  }
  Call call;
  call.request = std::move(request);
  call.version = version::kCreateTopics;
  call.what = "Creating topic " + topic.name;
  call.brokersMin = static_cast<size_t>(topic.replicationFactor > 0 ? topic.replicationFactor : 1);
  call.onOutcome = std::move(onOutcome);
  m_impl->begin(std::move(call));
}

void AdminNode::deleteTopic(std::string topic, Outcome onOutcome) {
  protocol::DeleteTopicsRequest request;
  request.timeoutMs = toMilliseconds(m_impl->config.requestTimeout);
  request.topics.emplace_back().name = topic;
  m_impl->begin(makeCall(std::move(request), version::kDeleteTopics, "Deleting topic " + topic, std::move(onOutcome)));
}

void AdminNode::createPartitions(std::string topic, int32_t partitions,
                                 std::vector<std::vector<base::BrokerId>> assignments, Outcome onOutcome) {
  protocol::CreatePartitionsRequest request;
  request.timeoutMs = toMilliseconds(m_impl->config.requestTimeout);
  auto& wanted = request.topics.emplace_back();
  wanted.name = topic;
  wanted.count = partitions;
  if (!assignments.empty()) wanted.assignments.emplace();
  for (std::vector<base::BrokerId>& replicas : assignments) wanted.assignments->push_back({std::move(replicas)});
  m_impl->begin(makeCall(std::move(request), version::kCreatePartitions, "Adding partitions to topic " + topic,
                         std::move(onOutcome)));
}

void AdminNode::alterConfigs(ConfigChanges changes, Outcome onOutcome) {
  protocol::IncrementalAlterConfigsRequest request;
  auto& resource = request.resources.emplace_back();
  resource.resourceType = changes.broker ? kBrokerResource : kTopicResource;
  resource.resourceName = changes.broker ? brokerResourceName(*changes.broker) : changes.topic;
  for (const auto& [key, value] : changes.configs)
    resource.configs.push_back({key, value ? kSetOperation : kDeleteOperation, value});
  m_impl->begin(
      makeCall(std::move(request), version::kIncrementalAlterConfigs, "Altering configs", std::move(onOutcome)));
}

void AdminNode::electLeaders(ElectionType type, std::vector<base::TopicPartition> partitions, Outcome onOutcome) {
  protocol::ElectLeadersRequest request;
  request.timeoutMs = toMilliseconds(m_impl->config.requestTimeout);
  request.electionType = static_cast<int8_t>(type);
  std::map<std::string, std::vector<base::PartitionId>> byTopic;
  for (const base::TopicPartition& each : partitions) byTopic[each.topic].push_back(each.partition);
  if (!partitions.empty()) request.topicPartitions.emplace();
  for (auto& [topic, ids] : byTopic) request.topicPartitions->push_back({topic, std::move(ids)});
  m_impl->begin(makeCall(std::move(request), version::kElectLeaders, "Electing leaders", std::move(onOutcome)));
}

void AdminNode::reassignPartition(base::TopicPartition partition, std::vector<base::BrokerId> replicas,
                                  Outcome onOutcome) {
  protocol::AlterPartitionReassignmentsRequest request;
  request.timeoutMs = toMilliseconds(m_impl->config.requestTimeout);
  auto& topic = request.topics.emplace_back();
  topic.name = partition.topic;
  topic.partitions.push_back({partition.partition, std::nullopt});
  if (!replicas.empty()) topic.partitions.front().replicas = std::move(replicas);
  m_impl->begin(makeCall(std::move(request), version::kAlterPartitionReassignments,
                         "Reassigning partition " + partition.toString(), std::move(onOutcome)));
}

void AdminNode::alterReplicaLogDir(base::BrokerId broker, base::TopicPartition partition, std::string path,
                                   Outcome onOutcome) {
  protocol::AlterReplicaLogDirsRequest request;
  auto& directory = request.dirs.emplace_back();
  directory.path = std::move(path);
  directory.topics.push_back({partition.topic, {partition.partition}});
  std::string what = "Moving " + partition.toString() + " to " + directory.path;
  Call call = makeCall(std::move(request), version::kAlterReplicaLogDirs, std::move(what), std::move(onOutcome));
  call.broker = broker;
  m_impl->begin(std::move(call));
}

}  // namespace streamscope::client
