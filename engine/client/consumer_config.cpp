#include "client/consumer_config.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "iso_duration.h"

namespace streamscope::client {

namespace {

using base::ErrorCode;

struct AssignorName {
  AssignorKind kind;
  std::string_view name;
  std::string_view javaClass;
};
constexpr std::array<AssignorName, 4> kAssignorNames = {
    AssignorName{AssignorKind::Range, "range", "org.apache.kafka.clients.consumer.RangeAssignor"},
    AssignorName{AssignorKind::RoundRobin, "roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor"},
    AssignorName{AssignorKind::Sticky, "sticky", "org.apache.kafka.clients.consumer.StickyAssignor"},
    AssignorName{AssignorKind::CooperativeSticky, "cooperative-sticky",
                 "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"}};

/// What a value must be, when it is not that.
using Trouble = std::optional<std::string>;

Trouble setInteger(const std::string& value, int32_t min, int32_t& into) {
  int32_t read = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
  if (error != std::errc() || end != value.data() + value.size() || read < min)
    return "a whole number, at least " + std::to_string(min);
  into = read;
  return std::nullopt;
}

Trouble setMilliseconds(const std::string& value, int32_t min, base::Duration& into) {
  int32_t milliseconds = 0;
  if (const Trouble trouble = setInteger(value, min, milliseconds)) return trouble;
  into = std::chrono::milliseconds(milliseconds);
  return std::nullopt;
}

Trouble setBoolean(const std::string& value, bool& into) {
  if (value != "true" && value != "false") return "true or false";
  into = value == "true";
  return std::nullopt;
}

Trouble setAutoOffsetReset(const std::string& value, ConsumerConfig& config) {
  constexpr std::string_view kByDuration = "by_duration:";
  if (value == "earliest") {
    config.autoOffsetReset = AutoOffsetReset::Earliest;
  } else if (value == "latest") {
    config.autoOffsetReset = AutoOffsetReset::Latest;
  } else if (value == "none") {
    config.autoOffsetReset = AutoOffsetReset::None;
  } else {
    const auto duration = value.starts_with(kByDuration)
                              ? parseIsoDuration(std::string_view(value).substr(kByDuration.size()))
                              : std::nullopt;
    if (!duration) return "earliest, latest, none or by_duration:<PnDTnHnMn.nS>";
    config.autoOffsetReset = AutoOffsetReset::ByDuration;
    config.autoOffsetResetDuration = *duration;
  }
  return std::nullopt;
}

Trouble setIsolationLevel(const std::string& value, IsolationLevel& into) {
  if (value != "read_uncommitted" && value != "read_committed") return "read_uncommitted or read_committed";
  into = value == "read_committed" ? IsolationLevel::ReadCommitted : IsolationLevel::ReadUncommitted;
  return std::nullopt;
}

Trouble setAssignors(const std::string& value, std::vector<AssignorKind>& into) {
  into.clear();
  std::string_view rest = value;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    std::string_view name = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    const AssignorName* found = nullptr;
    for (const AssignorName& each : kAssignorNames)
      if (name == each.name || name == each.javaClass) found = &each;
    if (found == nullptr) return "a list of range, roundrobin, sticky and cooperative-sticky, or of their classes";
    into.push_back(found->kind);
  }
  return into.empty() ? Trouble("at least one assignor") : std::nullopt;
}

Trouble setText(const std::string& value, std::string& into) {
  into = value;
  return std::nullopt;
}

struct Key {
  std::string_view name;
  Trouble (*set)(const std::string& value, ConsumerConfig& config);
};

constexpr std::array<Key, 20> kKeys = {{
    {"group.id", [](const std::string& v, ConsumerConfig& c) { return setText(v, c.groupId); }},
    {"group.instance.id", [](const std::string& v, ConsumerConfig& c) { return setText(v, c.groupInstanceId); }},
    {"partition.assignment.strategy",
     [](const std::string& v, ConsumerConfig& c) { return setAssignors(v, c.partitionAssignmentStrategy); }},
    {"session.timeout.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.sessionTimeout); }},
    {"heartbeat.interval.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.heartbeatInterval); }},
    {"max.poll.interval.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.maxPollInterval); }},
    {"max.poll.records", [](const std::string& v, ConsumerConfig& c) { return setInteger(v, 1, c.maxPollRecords); }},
    {"enable.auto.commit", [](const std::string& v, ConsumerConfig& c) { return setBoolean(v, c.enableAutoCommit); }},
    {"auto.commit.interval.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.autoCommitInterval); }},
    {"auto.offset.reset", [](const std::string& v, ConsumerConfig& c) { return setAutoOffsetReset(v, c); }},
    {"isolation.level", [](const std::string& v, ConsumerConfig& c) { return setIsolationLevel(v, c.isolationLevel); }},
    {"client.rack", [](const std::string& v, ConsumerConfig& c) { return setText(v, c.clientRack); }},
    {"fetch.min.bytes", [](const std::string& v, ConsumerConfig& c) { return setInteger(v, 0, c.fetchMinBytes); }},
    {"fetch.max.wait.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 0, c.fetchMaxWait); }},
    {"fetch.max.bytes", [](const std::string& v, ConsumerConfig& c) { return setInteger(v, 0, c.fetchMaxBytes); }},
    {"max.partition.fetch.bytes",
     [](const std::string& v, ConsumerConfig& c) { return setInteger(v, 0, c.maxPartitionFetchBytes); }},
    {"request.timeout.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.requestTimeout); }},
    {"default.api.timeout.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.defaultApiTimeout); }},
    {"retry.backoff.ms", [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.retryBackoff); }},
    {"metadata.max.age.ms",
     [](const std::string& v, ConsumerConfig& c) { return setMilliseconds(v, 1, c.metadataMaxAge); }},
}};

tl::unexpected<base::Error> refuse(std::string sentence) {
  return base::fail(ErrorCode::INVALID_CONFIG, std::move(sentence));
}

}  // namespace

std::string_view assignorName(AssignorKind assignor) {
  for (const AssignorName& each : kAssignorNames)
    if (each.kind == assignor) return each.name;
  return {};
}

base::Result<ConsumerConfig> makeConsumerConfig(const std::map<std::string, std::string>& configs) {
  ConsumerConfig config;
  for (const auto& [name, value] : configs) {
    const Key* key = nullptr;
    for (const Key& each : kKeys)
      if (each.name == name) key = &each;
    if (key == nullptr) return refuse("a consumer of this program has no config " + name);
    if (const Trouble trouble = key->set(value, config))
      return refuse(name + " is \"" + value + "\" and must be " + *trouble);
  }
  if (config.isMember() && config.heartbeatInterval >= config.sessionTimeout)
    return refuse("heartbeat.interval.ms must be below session.timeout.ms");
  if (!config.groupInstanceId.empty() && !config.isMember()) return refuse("group.instance.id needs a group.id");
  return config;
}

}  // namespace streamscope::client
