#include "lab/lab_file.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "base/known_bug.h"
#include "cluster_config.h"
#include "command_members.h"
#include "command_reader.h"
#include "json_object.h"
#include "json_text.h"

namespace streamscope::lab {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Need = JsonObject::Need;
using MaybeError = std::optional<base::Error>;

constexpr int32_t kBrokersMax = 12;
constexpr int32_t kControllersMax = 5;
constexpr const char* kVersionMember = "streamscopeLab";

/// Calls `read` with the object at each place of the list `name`.
template <class Read>
void readList(JsonObject& parent, const char* name, MaybeError& error, Read&& read) {
  const json* list = parent.take(name);
  if (list == nullptr) return;
  if (!list->is_array()) return parent.refuse(name, *list, "a list [...]");
  for (size_t index = 0; index < list->size() && !error; ++index) {
    JsonObject object((*list)[index], parent.pathOf(name) + "/" + std::to_string(index), error);
    read(object);
    object.done();
  }
}

/// "bugs": ["unclean-election"].
void readBugs(JsonObject& cluster, base::KnownBugs& bugs) {
  const json* names = cluster.take("bugs");
  if (names == nullptr) return;
  std::string known;
  for (const base::KnownBugName& each : base::kKnownBugNames)
    known += (known.empty() ? "" : ", ") + std::string(each.name);
  if (!names->is_array()) return cluster.refuse("bugs", *names, "a list of " + known);
  for (const json& name : *names) {
    const auto bug = name.is_string() ? base::knownBugNamed(name.get_ref<const std::string&>()) : std::nullopt;
    if (!bug) return cluster.refuse("bugs", name, "a list of " + known);
    bugs.switchOn(*bug);
  }
}

/// "racks": ["a", "b"].
void readRacks(JsonObject& cluster, std::vector<std::string>& racks) {
  const json* names = cluster.take("racks");
  if (names == nullptr) return;
  const auto isName = [](const json& name) { return name.is_string() && !name.get_ref<const std::string&>().empty(); };
  if (!names->is_array() || !std::all_of(names->begin(), names->end(), isName))
    return cluster.refuse("racks", *names, "a list of names [\"a\", \"b\"]");
  racks = names->get<std::vector<std::string>>();
}

void readCluster(JsonObject& file, MaybeError& error, LabDescription& lab) {
  const json* cluster = file.take("cluster");
  if (cluster == nullptr) return;
  JsonObject object(*cluster, file.pathOf("cluster"), error);
  object.integer("brokers", lab.brokers, 1, kBrokersMax);
  object.integer("controllers", lab.controllers, 1, kControllersMax);
  readRacks(object, lab.racks);
  object.integer("logDirectories", lab.logDirectories, 1, kLogDirectoriesMax);
  object.duration("linkLatency", lab.linkLatency, base::Duration::zero());
  object.duration("linkJitter", lab.linkJitter, base::Duration::zero());
  object.textMap("configs", lab.brokerConfigs);
  readBugs(object, lab.bugs);
  object.done();
  if (error) return;
  if (const base::Result<ClusterConfig> config = makeClusterConfig(lab.brokerConfigs); !config)
    error =
        base::Error{base::ErrorCode::INVALID_REQUEST, file.pathOf("cluster") + "/configs: " + config.error().message};
}

MaybeError refuse(const std::string& path, const std::string& what) {
  return base::Error{base::ErrorCode::INVALID_REQUEST, path + " " + what};
}

/// What the parts of a file must be together.
MaybeError checkTogether(const LabDescription& lab) {
  std::set<std::string> topics;
  for (size_t index = 0; index < lab.topics.size(); ++index) {
    const CreateTopic& topic = lab.topics[index];
    const std::string path = "/topics/" + std::to_string(index);
    if (!topics.insert(topic.topic).second) return refuse(path, "is a second topic \"" + topic.topic + "\".");
    if (topic.replicationFactor > lab.brokers)
      return refuse(path + "/replicationFactor", "is " + std::to_string(topic.replicationFactor) +
                                                     "; this lab has only " + std::to_string(lab.brokers) +
                                                     " brokers.");
  }
  std::set<std::string> clients;
  const auto checkClient = [&](const std::string& path, const auto& client) -> MaybeError {
    if (!clients.insert(client.name).second)
      return refuse(path + "/name", "is \"" + client.name + "\", as another client's; names must differ.");
    if (!topics.contains(client.topic))
      return refuse(path + "/topic", "is \"" + client.topic + "\", which is not among the topics of this file.");
    return std::nullopt;
  };
  for (size_t index = 0; index < lab.producers.size(); ++index)
    if (MaybeError error = checkClient("/producers/" + std::to_string(index), lab.producers[index])) return error;
  for (size_t index = 0; index < lab.consumers.size(); ++index)
    if (MaybeError error = checkClient("/consumers/" + std::to_string(index), lab.consumers[index])) return error;
  return std::nullopt;
}

MaybeError checkVersion(const json& file) {
  if (!file.is_object() || !file.contains(kVersionMember)) {
    return refuse(std::string("/") + kVersionMember, "is missing; a lab file begins with {\"streamscopeLab\": " +
                                                         std::to_string(LabDescription::kFileVersion) + ", ...}.");
  }
  const json& version = file[kVersionMember];
  if (!version.is_number_unsigned() || version.get<uint64_t>() < 1)
    return refuse(std::string("/") + kVersionMember,
                  "is " + describeJson(version) + "; it must be the file's version, a whole number from 1 on.");
  if (version.get<uint64_t>() > static_cast<uint64_t>(LabDescription::kFileVersion))
    return base::Error{base::ErrorCode::UNSUPPORTED_VERSION,
                       "This lab file has version " + describeJson(version) + "; this program reads versions up to " +
                           std::to_string(LabDescription::kFileVersion) + ": use a newer Streamscope."};
  return std::nullopt;
}

}  // namespace

base::Result<LabDescription> parseLabFile(std::string_view text) {
  const base::Result<json> parsed = parseJson(text);
  if (!parsed) return base::fail(parsed.error());
  MaybeError error = checkVersion(*parsed);
  if (error) return base::fail(*error);

  LabDescription lab;
  JsonObject file(*parsed, "", error);
  file.take(kVersionMember);
  file.text("name", lab.name, Need::Required);
  file.text("description", lab.description);
  file.integer<uint64_t>("seed", lab.seed, 0);
  file.duration("until", lab.until, std::chrono::milliseconds(1));
  readCluster(file, error, lab);
  readList(file, "topics", error, [&](JsonObject& object) { readCreateTopic(object, lab.topics.emplace_back()); });
  readList(file, "producers", error,
           [&](JsonObject& object) { readStartProducer(object, lab.producers.emplace_back()); });
  readList(file, "consumers", error,
           [&](JsonObject& object) { readStartConsumer(object, lab.consumers.emplace_back()); });
  readList(file, "commands", error, [&](JsonObject& object) {
    base::Duration at{};
    object.duration("at", at, base::Duration::zero(), base::Duration::max(), Need::Required);
    if (const std::optional<Command> command = readCommand(object))
      lab.commands.push_back({base::VirtualTime(at), *command});
  });
  file.done();
  if (!error) error = checkTogether(lab);
  if (error) return base::fail(*error);
  std::stable_sort(lab.commands.begin(), lab.commands.end(),
                   [](const TimedCommand& a, const TimedCommand& b) { return a.at < b.at; });
  return lab;
}

std::string writeLabFile(const LabDescription& lab) {
  ordered_json file;
  file[kVersionMember] = LabDescription::kFileVersion;
  file["name"] = lab.name;
  file["description"] = lab.description;
  file["seed"] = lab.seed;
  file["until"] = formatDuration(lab.until);
  ordered_json configs = ordered_json::object();
  for (const auto& [key, value] : lab.brokerConfigs) configs[key] = value;
  file["cluster"] = {{"brokers", lab.brokers},
                     {"controllers", lab.controllers},
                     {"linkLatency", formatDuration(lab.linkLatency)},
                     {"linkJitter", formatDuration(lab.linkJitter)},
                     {"configs", std::move(configs)}};
  if (!lab.racks.empty()) file["cluster"]["racks"] = lab.racks;
  if (lab.logDirectories != 1) file["cluster"]["logDirectories"] = lab.logDirectories;
  for (const base::KnownBugName& each : base::kKnownBugNames)
    if (lab.bugs.has(each.bug)) file["cluster"]["bugs"].push_back(each.name);
  file["topics"] = ordered_json::array();
  for (const CreateTopic& topic : lab.topics) file["topics"].push_back(membersOf(topic));
  file["producers"] = ordered_json::array();
  for (const StartProducer& producer : lab.producers) file["producers"].push_back(membersOf(producer));
  file["consumers"] = ordered_json::array();
  for (const StartConsumer& consumer : lab.consumers) file["consumers"].push_back(membersOf(consumer));
  file["commands"] = ordered_json::array();
  for (const TimedCommand& timed : lab.commands) {
    ordered_json command = {{"at", formatDuration(timed.at.time_since_epoch())}};
    const ordered_json members = toJsonObject(timed.command);
    for (const auto& [name, value] : members.items()) command[name] = value;
    file["commands"].push_back(std::move(command));
  }
  return file.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace streamscope::lab
