#include "command_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "admin_command_reader.h"
#include "client/consumer_config.h"
#include "command_members.h"
#include "fault_command_reader.h"
#include "topic_name.h"

namespace streamscope::lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int16_t kReplicationFactorMax = 12;
constexpr int32_t kControllerIdMax = 999;
constexpr double kRecordsPerSecondMin = 0.001;
constexpr double kRecordsPerSecondMax = 1'000'000;
constexpr int32_t kRecordBytesMax = 1'000'000;
constexpr int32_t kKeysMax = 1'000'000;

using Need = JsonObject::Need;

void readName(JsonObject& object, std::string& name) {
  object.text("name", name, Need::Required);
}

/// "broker" or "leaderOf", one of them.
template <class OfOneBroker>
void readBrokerOrLeader(JsonObject& object, OfOneBroker& command) {
  const json* leaderOf = object.take("leaderOf");
  if (leaderOf == nullptr) return readBroker(object, command.broker);
  if (object.take("broker") != nullptr) return object.refuse("leaderOf", *leaderOf, "absent where a broker is given");
  command.leaderOf =
      leaderOf->is_string() ? parseTopicPartition(leaderOf->get_ref<const std::string&>()) : std::nullopt;
  if (!command.leaderOf) object.refuse("leaderOf", *leaderOf, R"(a partition such as "orders-1")");
}

/// A number, or `word` for those or the one meant by 0.
void readNodeOrWord(JsonObject& object, const std::string& name, int32_t idMax, const std::string& word, int32_t& id) {
  const json* value = object.take(name.c_str(), Need::Required);
  if (value == nullptr) return;
  if (value->is_string() && value->get_ref<const std::string&>() == word) {
    id = 0;
    return;
  }
  const bool isId = value->is_number_unsigned() && value->get<uint64_t>() >= 1 &&
                    value->get<uint64_t>() <= static_cast<uint64_t>(idMax);
  if (isId)
    id = value->get<int32_t>();
  else
    object.refuse(name.c_str(), *value, "a " + name + "'s number or \"" + word + "\"");
}

/// A number, or "every" for all that are in that condition.
void readBrokerOrEvery(JsonObject& object, base::BrokerId& broker) {
  readNodeOrWord(object, "broker", kBrokerIdMax, "every", broker);
}

void readMembers(JsonObject& object, CreateTopic& command) {
  readCreateTopic(object, command);
}
void readMembers(JsonObject& object, DeleteTopic& command) {
  readTopicName(object, command.topic);
}
void readMembers(JsonObject& object, StartProducer& command) {
  readStartProducer(object, command);
}
void readMembers(JsonObject& object, StartConsumer& command) {
  readStartConsumer(object, command);
}
void readMembers(JsonObject& object, StopClient& command) {
  readName(object, command.name);
}
void readMembers(JsonObject& object, KillClient& command) {
  readName(object, command.name);
}
void readMembers(JsonObject& object, PauseClient& command) {
  readName(object, command.name);
}
void readMembers(JsonObject& object, ResumeClient& command) {
  readName(object, command.name);
}
void readMembers(JsonObject& object, KillBroker& command) {
  readBrokerOrLeader(object, command);
}
void readMembers(JsonObject& object, StopBroker& command) {
  readBrokerOrLeader(object, command);
}
void readMembers(JsonObject& object, PauseBroker& command) {
  readBrokerOrLeader(object, command);
}
void readMembers(JsonObject& object, StartBroker& command) {
  readBrokerOrEvery(object, command.broker);
}
void readMembers(JsonObject& object, ResumeBroker& command) {
  readBrokerOrEvery(object, command.broker);
}
void readMembers(JsonObject& object, KillController& command) {
  readNodeOrWord(object, "controller", kControllerIdMax, "active", command.controller);
}
void readMembers(JsonObject& object, StopController& command) {
  readNodeOrWord(object, "controller", kControllerIdMax, "active", command.controller);
}
void readMembers(JsonObject& object, StartController& command) {
  readNodeOrWord(object, "controller", kControllerIdMax, "every", command.controller);
}
void readMembers(JsonObject& object, PauseController& command) {
  readNodeOrWord(object, "controller", kControllerIdMax, "active", command.controller);
}
void readMembers(JsonObject& object, ResumeController& command) {
  readNodeOrWord(object, "controller", kControllerIdMax, "every", command.controller);
}
void readMembers(JsonObject& object, SetDiskFull& command) {
  readBroker(object, command.broker);
  object.boolean("full", command.full);
}

constexpr std::array<const char*, 3> kManualCommitNames = {"none", "sync", "async"};

/// What only a member of a group has.
void readGroupMember(JsonObject& object, StartConsumer& command) {
  if (const json* topics = object.take("moreTopics")) {
    const auto isName = [](const json& name) { return name.is_string() && !topicNameTrouble(name.get<std::string>()); };
    if (!topics->is_array() || !std::all_of(topics->begin(), topics->end(), isName))
      object.refuse("moreTopics", *topics, R"(a list of topics ["orders", "payments"])");
    else
      command.moreTopics = topics->get<std::vector<std::string>>();
  }
  object.textMap("configs", command.configs);
  if (const json* commit = object.take("manualCommit")) {
    const auto* found = std::find(kManualCommitNames.begin(), kManualCommitNames.end(), *commit);
    if (found == kManualCommitNames.end())
      object.refuse("manualCommit", *commit, R"("none", "sync" or "async")");
    else
      command.manualCommit = static_cast<ManualCommit>(found - kManualCommitNames.begin());
  }
  if (object.failed()) return;
  if (const base::Result<client::ConsumerConfig> config = client::makeConsumerConfig(command.configs); !config)
    object.refuse("configs", json(command.configs), "what Kafka's consumer takes: " + config.error().message);
}

ordered_json membersOf(const DeleteTopic& command) {
  return {{"topic", command.topic}};
}
ordered_json membersOf(const StopClient& command) {
  return {{"name", command.name}};
}
ordered_json membersOf(const KillClient& command) {
  return {{"name", command.name}};
}
ordered_json membersOf(const PauseClient& command) {
  return {{"name", command.name}};
}
ordered_json membersOf(const ResumeClient& command) {
  return {{"name", command.name}};
}
template <class OfOneBroker>
ordered_json brokerOrLeader(const OfOneBroker& command) {
  if (command.leaderOf) return {{"leaderOf", command.leaderOf->toString()}};
  return {{"broker", command.broker}};
}
ordered_json membersOf(const KillBroker& command) {
  return brokerOrLeader(command);
}
ordered_json membersOf(const StopBroker& command) {
  return brokerOrLeader(command);
}
ordered_json membersOf(const PauseBroker& command) {
  return brokerOrLeader(command);
}
ordered_json brokerOrEvery(base::BrokerId broker) {
  if (broker == 0) return {{"broker", "every"}};
  return {{"broker", broker}};
}
ordered_json membersOf(const StartBroker& command) {
  return brokerOrEvery(command.broker);
}
ordered_json membersOf(const ResumeBroker& command) {
  return brokerOrEvery(command.broker);
}
ordered_json controllerOrWord(int32_t controller, const char* word) {
  if (controller == 0) return {{"controller", word}};
  return {{"controller", controller}};
}
ordered_json membersOf(const KillController& command) {
  return controllerOrWord(command.controller, "active");
}
ordered_json membersOf(const StopController& command) {
  return controllerOrWord(command.controller, "active");
}
ordered_json membersOf(const StartController& command) {
  return controllerOrWord(command.controller, "every");
}
ordered_json membersOf(const PauseController& command) {
  return controllerOrWord(command.controller, "active");
}
ordered_json membersOf(const ResumeController& command) {
  return controllerOrWord(command.controller, "every");
}
ordered_json membersOf(const SetDiskFull& command) {
  return {{"broker", command.broker}, {"full", command.full}};
}

template <class Visitor>
void forEachCommandKind(Visitor&& visit) {
  visit("createTopic", CreateTopic{});
  visit("deleteTopic", DeleteTopic{});
  visit("createPartitions", CreatePartitions{});
  visit("alterConfigs", AlterConfigs{});
  visit("electLeaders", ElectLeaders{});
  visit("reassignPartition", ReassignPartition{});
  visit("alterReplicaLogDir", AlterReplicaLogDir{});
  visit("startProducer", StartProducer{});
  visit("startConsumer", StartConsumer{});
  visit("stopClient", StopClient{});
  visit("killClient", KillClient{});
  visit("pauseClient", PauseClient{});
  visit("resumeClient", ResumeClient{});
  visit("killBroker", KillBroker{});
  visit("stopBroker", StopBroker{});
  visit("startBroker", StartBroker{});
  visit("pauseBroker", PauseBroker{});
  visit("resumeBroker", ResumeBroker{});
  visit("killController", KillController{});
  visit("stopController", StopController{});
  visit("startController", StartController{});
  visit("pauseController", PauseController{});
  visit("resumeController", ResumeController{});
  visit("cutLink", CutLink{});
  visit("setLink", SetLink{});
  visit("healLink", HealLink{});
  visit("cutPower", CutPower{});
  visit("setDiskFull", SetDiskFull{});
  visit("setDisk", SetDisk{});
  visit("replaceDisk", ReplaceDisk{});
  visit("flipBit", FlipBit{});
  visit("setClock", SetClock{});
  visit("injectError", InjectError{});
}

}  // namespace

void readCreateTopic(JsonObject& object, CreateTopic& command) {
  readTopicName(object, command.topic);
  object.integer("partitions", command.partitions, 1, kPartitionsMax);
  object.integer<int16_t>("replicationFactor", command.replicationFactor, 1, kReplicationFactorMax);
  object.textMap("configs", command.configs);
}

void readStartProducer(JsonObject& object, StartProducer& command) {
  readName(object, command.name);
  readTopicName(object, command.topic);
  object.number("recordsPerSecond", command.recordsPerSecond, kRecordsPerSecondMin, kRecordsPerSecondMax);
  object.integer("recordBytes", command.recordBytes, 0, kRecordBytesMax);
  object.integer("keys", command.keys, 0, kKeysMax);
  if (const json* acks = object.take("acks")) {
    if (*acks == "all" || *acks == -1)
      command.acks = -1;
    else if (*acks == 0 || *acks == 1)
      command.acks = acks->get<int16_t>();
    else
      object.refuse("acks", *acks, "0, 1 or \"all\"");
  }
  object.boolean("enableIdempotence", command.enableIdempotence);
  object.integer("batchSize", command.batchSize, 0);
  object.duration("linger", command.linger, base::Duration::zero());
  object.integer<int64_t>("recordsMax", command.recordsMax, 0);
}

void readStartConsumer(JsonObject& object, StartConsumer& command) {
  readName(object, command.name);
  readTopicName(object, command.topic);
  if (const json* partitions = object.take("partitions")) {
    const auto isPartition = [](const json& value) {
      return value.is_number_unsigned() && value.get<uint64_t>() < static_cast<uint64_t>(kPartitionsMax);
    };
    if (!partitions->is_array() || !std::all_of(partitions->begin(), partitions->end(), isPartition))
      object.refuse("partitions", *partitions, "a list of partition numbers [0, 1]");
    else
      command.partitions = partitions->get<std::vector<base::PartitionId>>();
  }
  object.text("group", command.group);
  object.boolean("fromBeginning", command.fromBeginning);
  object.duration("processingTime", command.processingTime, base::Duration::zero());
  object.text("rack", command.rack);
  readGroupMember(object, command);
}

std::optional<Command> readCommand(JsonObject& object) {
  std::string name;
  object.text("command", name, Need::Required);
  if (object.failed()) return std::nullopt;
  std::optional<Command> read;
  std::string names;
  forEachCommandKind([&](const char* kind, auto command) {
    names += (names.empty() ? "" : ", ") + std::string(kind);
    if (name != kind) return;
    readMembers(object, command);
    read = std::move(command);
  });
  if (!read) object.refuse("command", name, "one of " + names);
  return read;
}

ordered_json membersOf(const CreateTopic& command) {
  ordered_json configs = ordered_json::object();
  for (const auto& [key, value] : command.configs) configs[key] = value;
  return {{"topic", command.topic},
          {"partitions", command.partitions},
          {"replicationFactor", command.replicationFactor},
          {"configs", std::move(configs)}};
}

ordered_json membersOf(const StartProducer& command) {
  return {{"name", command.name},
          {"topic", command.topic},
          {"recordsPerSecond", command.recordsPerSecond},
          {"recordBytes", command.recordBytes},
          {"keys", command.keys},
          {"acks", command.acks == -1 ? ordered_json("all") : ordered_json(command.acks)},
          {"enableIdempotence", command.enableIdempotence},
          {"batchSize", command.batchSize},
          {"linger", formatDuration(command.linger)},
          {"recordsMax", command.recordsMax}};
}

ordered_json membersOf(const StartConsumer& command) {
  ordered_json members = {{"name", command.name},
                          {"topic", command.topic},
                          {"partitions", command.partitions},
                          {"group", command.group},
                          {"fromBeginning", command.fromBeginning},
                          {"processingTime", formatDuration(command.processingTime)}};
  if (!command.rack.empty()) members["rack"] = command.rack;
  if (!command.moreTopics.empty()) members["moreTopics"] = command.moreTopics;
  if (!command.configs.empty()) members["configs"] = command.configs;
  if (command.manualCommit != ManualCommit::None)
    members["manualCommit"] = kManualCommitNames[static_cast<size_t>(command.manualCommit)];
  return members;
}

ordered_json toJsonObject(const Command& command) {
  ordered_json object;
  std::visit(
      [&](const auto& given) {
        forEachCommandKind([&](const char* kind, const auto& sample) {
          if constexpr (std::is_same_v<std::decay_t<decltype(sample)>, std::decay_t<decltype(given)>>) {
            object["command"] = kind;
            const ordered_json members = membersOf(given);
            for (const auto& [name, value] : members.items()) object[name] = value;
          }
        });
      },
      command);
  return object;
}

}  // namespace streamscope::lab
