#include "client/admin_node.h"

#include <utility>
#include <variant>

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
  /// Active brokers it needs.
  size_t brokersMin = 0;
  base::VirtualTime deadline{};
  /// The last refusal that was worth a retry.
  std::string obstacle;
  int32_t attempts = 0;
  AdminNode::Outcome onOutcome;
};
using CallPtr = std::shared_ptr<Call>;

/// The result of the only topic in a response.
struct TopicResult {
  ErrorCode error = ErrorCode::UNKNOWN_SERVER_ERROR;
  std::string message;
};
TopicResult resultOf(const protocol::ResponseBody& body) {
  TopicResult result;
  const auto take = [&](const auto& topics) {
    if (topics.empty()) return;
    result.error = static_cast<ErrorCode>(topics.front().errorCode);
    result.message = topics.front().errorMessage.value_or("");
  };
  if (const auto* created = std::get_if<protocol::CreateTopicsResponse>(&body)) take(created->topics);
  if (const auto* deleted = std::get_if<protocol::DeleteTopicsResponse>(&body)) take(deleted->responses);
  return result;
}

/// A retried request that was carried out the first time.
bool wasDoneBefore(const Call& call, ErrorCode error) {
  if (call.attempts < 2) return false;
  if (std::holds_alternative<protocol::CreateTopicsRequest>(call.request))
    return error == ErrorCode::TOPIC_ALREADY_EXISTS;
  return error == ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
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
    context.network.send(world::brokerAddress(nextBroker()), call->version, call->request, config.requestTimeout,
                         [this, call](world::Response response) {
                           if (response.outcome != world::Response::Outcome::Received)
                             return retry(call, "no broker answers");
                           const TopicResult result = resultOf(response.body);
                           if (result.error == ErrorCode::NONE || wasDoneBefore(*call, result.error))
                             return call->onOutcome({});
                           const std::string message =
                               result.message.empty() ? std::string(base::errorName(result.error)) : result.message;
                           const bool waitsForBrokers = result.error == ErrorCode::INVALID_REPLICATION_FACTOR;
                           if (base::isRetriable(result.error) || waitsForBrokers) return retry(call, message);
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
  Call call;
  call.request = std::move(request);
  call.version = version::kDeleteTopics;
  call.what = "Deleting topic " + topic;
  call.brokersMin = 1;
  call.onOutcome = std::move(onOutcome);
  m_impl->begin(std::move(call));
}

}  // namespace streamscope::client
