#include "fault_command_reader.h"

#include <string>
#include <utility>

#include "command_members.h"
#include "protocol/api_versions.h"

namespace streamscope::lab {

using nlohmann::json;
using nlohmann::ordered_json;
using Need = JsonObject::Need;

namespace {

constexpr int32_t kPerMille = 1000;
constexpr base::Duration kLatencyMax = std::chrono::hours(1);
constexpr base::Duration kClockOffsetMax = std::chrono::hours(24 * 366);
constexpr int32_t kInjectedTimesMax = 1'000'000;
/// A tenth of a second in each second.
constexpr int32_t kDriftPpmMax = 100'000;

void readOptionalDuration(JsonObject& object, const char* name, std::optional<base::Duration>& into) {
  if (object.take(name) == nullptr) return;
  base::Duration duration{0};
  object.duration(name, duration, base::Duration::zero(), kLatencyMax);
  into = duration;
}

void readPartition(JsonObject& object, std::optional<base::TopicPartition>& into) {
  const json* partition = object.take("partition");
  if (partition == nullptr) return;
  into = partition->is_string() ? parseTopicPartition(partition->get_ref<const std::string&>()) : std::nullopt;
  if (!into) object.refuse("partition", *partition, R"(a partition such as "orders-1")");
}

}  // namespace

void readMembers(JsonObject& object, CutLink& command) {
  readNode(object, "a", command.a);
  readNode(object, "b", command.b);
  object.boolean("bothDirections", command.bothDirections);
}

ordered_json membersOf(const CutLink& command) {
  return {{"a", command.a.toString()}, {"b", command.b.toString()}, {"bothDirections", command.bothDirections}};
}

void readMembers(JsonObject& object, HealLink& command) {
  readNode(object, "a", command.a);
  readNode(object, "b", command.b);
}

ordered_json membersOf(const HealLink& command) {
  return {{"a", command.a.toString()}, {"b", command.b.toString()}};
}

void readMembers(JsonObject& object, SetLink& command) {
  readNode(object, "from", command.from);
  readNode(object, "to", command.to);
  object.boolean("bothDirections", command.bothDirections);
  readOptionalDuration(object, "latency", command.latency);
  readOptionalDuration(object, "jitter", command.jitter);
  object.integer("lossPerMille", command.lossPerMille, 0, kPerMille);
  object.integer("duplicatePerMille", command.duplicatePerMille, 0, kPerMille);
  object.integer<int64_t>("bytesPerSecond", command.bytesPerSecond, 0, 1'000'000'000'000);
}

ordered_json membersOf(const SetLink& command) {
  ordered_json members = {
      {"from", command.from.toString()}, {"to", command.to.toString()}, {"bothDirections", command.bothDirections}};
  if (command.latency) members["latency"] = formatDuration(*command.latency);
  if (command.jitter) members["jitter"] = formatDuration(*command.jitter);
  members["lossPerMille"] = command.lossPerMille;
  members["duplicatePerMille"] = command.duplicatePerMille;
  members["bytesPerSecond"] = command.bytesPerSecond;
  return members;
}

void readMembers(JsonObject& object, CutPower& command) {
  const char* const kForm = R"(a list of nodes such as ["broker 1", "controller 100"])";
  const json* leaderOf = object.take("leaderOf");
  const json* nodes = object.take("nodes", leaderOf == nullptr ? Need::Required : Need::Optional);
  if (leaderOf != nullptr) {
    if (nodes != nullptr) return object.refuse("leaderOf", *leaderOf, "absent where nodes are given");
    command.leaderOf =
        leaderOf->is_string() ? parseTopicPartition(leaderOf->get_ref<const std::string&>()) : std::nullopt;
    if (!command.leaderOf) object.refuse("leaderOf", *leaderOf, R"(a partition such as "orders-1")");
    return;
  }
  if (nodes == nullptr) return;
  if (!nodes->is_array() || nodes->empty()) return object.refuse("nodes", *nodes, kForm);
  for (const json& node : *nodes) {
    const auto address = node.is_string() ? parseNode(node.get_ref<const std::string&>()) : std::nullopt;
    if (!address) return object.refuse("nodes", *nodes, kForm);
    command.nodes.push_back(*address);
  }
}

ordered_json membersOf(const CutPower& command) {
  if (command.leaderOf) return {{"leaderOf", command.leaderOf->toString()}};
  ordered_json nodes = ordered_json::array();
  for (const world::Address& node : command.nodes) nodes.push_back(node.toString());
  return {{"nodes", std::move(nodes)}};
}

void readMembers(JsonObject& object, SetDisk& command) {
  readNode(object, "node", command.node);
  object.boolean("failing", command.failing);
  object.integer<int64_t>("operationsUntilFailure", command.operationsUntilFailure, 0);
  object.boolean("losesSyncs", command.losesSyncs);
  object.duration("operationLatency", command.operationLatency, base::Duration::zero(), kLatencyMax);
  object.integer("logDirectory", command.logDirectory, 1, INT32_MAX);
}

ordered_json membersOf(const SetDisk& command) {
  ordered_json members = {{"node", command.node.toString()},
                          {"failing", command.failing},
                          {"operationsUntilFailure", command.operationsUntilFailure},
                          {"losesSyncs", command.losesSyncs},
                          {"operationLatency", formatDuration(command.operationLatency)}};
  if (command.logDirectory != 0) members["logDirectory"] = command.logDirectory;
  return members;
}

void readMembers(JsonObject& object, ReplaceDisk& command) {
  readNode(object, "node", command.node);
}

ordered_json membersOf(const ReplaceDisk& command) {
  return {{"node", command.node.toString()}};
}

void readMembers(JsonObject& object, FlipBit& command) {
  readNode(object, "node", command.node);
  readPartition(object, command.partition);
}

ordered_json membersOf(const FlipBit& command) {
  ordered_json members = {{"node", command.node.toString()}};
  if (command.partition) members["partition"] = command.partition->toString();
  return members;
}

void readMembers(JsonObject& object, SetClock& command) {
  const json* client = object.take("client");
  if (client == nullptr) {
    readNode(object, "node", command.node);
  } else {
    if (object.take("node") != nullptr) return object.refuse("client", *client, "absent where a node is given");
    object.text("client", command.client, Need::Required);
  }
  object.duration("offset", command.offset, -kClockOffsetMax, kClockOffsetMax);
  object.integer("driftPpm", command.driftPpm, -kDriftPpmMax, kDriftPpmMax);
}

ordered_json membersOf(const SetClock& command) {
  ordered_json members;
  if (command.client.empty())
    members["node"] = command.node.toString();
  else
    members["client"] = command.client;
  members["offset"] = formatDuration(command.offset);
  members["driftPpm"] = command.driftPpm;
  return members;
}

std::optional<protocol::ApiKey> apiOf(std::string_view name) {
  constexpr int16_t kApiIdMax = 1000;
  for (int16_t id = 0; id < kApiIdMax; ++id)
    if (const auto api = protocol::apiKeyFromId(id); api && protocol::apiName(*api) == name) return api;
  return std::nullopt;
}

std::optional<base::ErrorCode> errorOf(std::string_view name) {
  constexpr int16_t kErrorCodeMax = 1000;
  for (int16_t code = -1; code < kErrorCodeMax; ++code)
    if (base::errorName(static_cast<base::ErrorCode>(code)) == name) return static_cast<base::ErrorCode>(code);
  return std::nullopt;
}

void readMembers(JsonObject& object, InjectError& command) {
  readNode(object, "node", command.node);
  object.text("api", command.api, Need::Required);
  if (!object.failed() && !apiOf(command.api))
    object.refuse("api", command.api, R"(the name of a request such as "Produce" or "Fetch")");
  object.integer("times", command.times, 0, kInjectedTimesMax);
  object.text("error", command.error, command.times == 0 ? Need::Optional : Need::Required);
  const std::optional<base::ErrorCode> error = errorOf(command.error);
  if (!object.failed() && command.times > 0 && (!error || *error == base::ErrorCode::NONE))
    object.refuse("error", command.error, R"(an error of Kafka's such as "NOT_LEADER_OR_FOLLOWER")");
  readPartition(object, command.partition);
  object.duration("delay", command.delay, base::Duration::zero(), kLatencyMax);
}

ordered_json membersOf(const InjectError& command) {
  ordered_json members = {{"node", command.node.toString()}, {"api", command.api}, {"times", command.times}};
  if (!command.error.empty()) members["error"] = command.error;
  if (command.partition) members["partition"] = command.partition->toString();
  members["delay"] = formatDuration(command.delay);
  return members;
}

}  // namespace streamscope::lab
