#include "admin_command_reader.h"

#include <algorithm>
#include <optional>

#include "command_members.h"

namespace streamscope::lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Need = JsonObject::Need;

std::optional<std::vector<base::BrokerId>> brokersIn(const json& list) {
  const auto isBroker = [](const json& value) {
    return value.is_number_unsigned() && value.get<uint64_t>() >= 1 &&
           value.get<uint64_t>() <= static_cast<uint64_t>(kBrokerIdMax);
  };
  if (!list.is_array() || list.empty() || !std::all_of(list.begin(), list.end(), isBroker)) return std::nullopt;
  return list.get<std::vector<base::BrokerId>>();
}

void readPartition(JsonObject& object, base::TopicPartition& into) {
  const json* value = object.take("partition", Need::Required);
  if (value == nullptr) return;
  const auto partition = value->is_string() ? parseTopicPartition(value->get_ref<const std::string&>()) : std::nullopt;
  if (!partition) return object.refuse("partition", *value, R"(a partition such as "orders-1")");
  into = *partition;
}

/// "topic", or "broker" with a number or "every".
void readResource(JsonObject& object, AlterConfigs& command) {
  const json* broker = object.take("broker");
  if (broker == nullptr) return readTopicName(object, command.topic);
  if (const json* topic = object.take("topic")) return object.refuse("topic", *topic, "absent where a broker is given");
  const bool isId = broker->is_number_unsigned() && broker->get<uint64_t>() >= 1 &&
                    broker->get<uint64_t>() <= static_cast<uint64_t>(kBrokerIdMax);
  if (isId)
    command.broker = broker->get<base::BrokerId>();
  else if (*broker == "every")
    command.broker = 0;
  else
    object.refuse("broker", *broker, "a broker's number or \"every\"");
}

}  // namespace

void readMembers(JsonObject& object, CreatePartitions& command) {
  readTopicName(object, command.topic);
  object.integer("partitions", command.partitions, 1, kPartitionsMax, Need::Required);
  const json* assignments = object.take("assignments");
  if (assignments == nullptr) return;
  const auto refuse = [&] { object.refuse("assignments", *assignments, "lists of broker numbers [[1, 2], [2, 3]]"); };
  if (!assignments->is_array()) return refuse();
  for (const json& each : *assignments) {
    const auto replicas = brokersIn(each);
    if (!replicas) return refuse();
    command.assignments.push_back(*replicas);
  }
}

void readMembers(JsonObject& object, AlterConfigs& command) {
  readResource(object, command);
  object.textMap("set", command.set);
  const json* remove = object.take("delete");
  if (remove == nullptr) return;
  const auto isName = [](const json& value) { return value.is_string(); };
  if (!remove->is_array() || !std::all_of(remove->begin(), remove->end(), isName))
    return object.refuse("delete", *remove, "a list of config names [\"retention.ms\"]");
  command.remove = remove->get<std::vector<std::string>>();
}

void readMembers(JsonObject& object, ElectLeaders& command) {
  if (const json* election = object.take("election")) {
    if (*election != "preferred" && *election != "unclean")
      return object.refuse("election", *election, "\"preferred\" or \"unclean\"");
    command.isUnclean = *election == "unclean";
  }
  const json* partitions = object.take("partitions");
  if (partitions == nullptr) return;
  const auto refuse = [&] {
    object.refuse("partitions", *partitions, R"(a list of partitions ["orders-0", "orders-1"])");
  };
  if (!partitions->is_array()) return refuse();
  for (const json& each : *partitions) {
    const auto partition = each.is_string() ? parseTopicPartition(each.get_ref<const std::string&>()) : std::nullopt;
    if (!partition) return refuse();
    command.partitions.push_back(*partition);
  }
}

void readMembers(JsonObject& object, ReassignPartition& command) {
  readPartition(object, command.partition);
  const json* replicas = object.take("replicas");
  if (replicas == nullptr) return;
  const auto brokers = brokersIn(*replicas);
  if (!brokers) return object.refuse("replicas", *replicas, "a list of broker numbers [1, 2, 3], or absent");
  command.replicas = *brokers;
}

void readMembers(JsonObject& object, AlterReplicaLogDir& command) {
  readBroker(object, command.broker);
  readPartition(object, command.partition);
  object.integer("directory", command.directory, 1, kLogDirectoriesMax, Need::Required);
}

ordered_json membersOf(const CreatePartitions& command) {
  ordered_json members = {{"topic", command.topic}, {"partitions", command.partitions}};
  if (!command.assignments.empty()) members["assignments"] = command.assignments;
  return members;
}

ordered_json membersOf(const AlterConfigs& command) {
  ordered_json members;
  if (!command.broker)
    members["topic"] = command.topic;
  else
    members["broker"] = *command.broker == 0 ? ordered_json("every") : ordered_json(*command.broker);
  members["set"] = ordered_json::object();
  for (const auto& [key, value] : command.set) members["set"][key] = value;
  members["delete"] = command.remove;
  return members;
}

ordered_json membersOf(const ElectLeaders& command) {
  ordered_json members = {{"election", command.isUnclean ? "unclean" : "preferred"}};
  if (command.partitions.empty()) return members;
  members["partitions"] = ordered_json::array();
  for (const base::TopicPartition& partition : command.partitions)
    members["partitions"].push_back(partition.toString());
  return members;
}

ordered_json membersOf(const ReassignPartition& command) {
  ordered_json members = {{"partition", command.partition.toString()}};
  if (!command.replicas.empty()) members["replicas"] = command.replicas;
  return members;
}

ordered_json membersOf(const AlterReplicaLogDir& command) {
  return {{"broker", command.broker}, {"partition", command.partition.toString()}, {"directory", command.directory}};
}

}  // namespace streamscope::lab
