#include "fault_command_reader.h"

#include <string>
#include <utility>

#include "command_members.h"

namespace streamscope::lab {

using nlohmann::json;
using nlohmann::ordered_json;
using Need = JsonObject::Need;

namespace {

constexpr int32_t kPerMille = 1000;
constexpr base::Duration kLatencyMax = std::chrono::hours(1);
constexpr base::Duration kClockOffsetMax = std::chrono::hours(24 * 366);
/// A tenth of a second in each second.
constexpr int32_t kDriftPpmMax = 100'000;

void readOptionalDuration(JsonObject& object, const char* name, std::optional<base::Duration>& into) {
  if (object.take(name) == nullptr) return;
  base::Duration duration{0};
  object.duration(name, duration, base::Duration::zero(), kLatencyMax);
  into = duration;
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
}

ordered_json membersOf(const SetDisk& command) {
  return {{"node", command.node.toString()},
          {"failing", command.failing},
          {"operationsUntilFailure", command.operationsUntilFailure},
          {"losesSyncs", command.losesSyncs},
          {"operationLatency", formatDuration(command.operationLatency)}};
}

void readMembers(JsonObject& object, FlipBit& command) {
  readNode(object, "node", command.node);
  const json* partition = object.take("partition");
  if (partition == nullptr) return;
  command.partition =
      partition->is_string() ? parseTopicPartition(partition->get_ref<const std::string&>()) : std::nullopt;
  if (!command.partition) object.refuse("partition", *partition, R"(a partition such as "orders-1")");
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

}  // namespace streamscope::lab
