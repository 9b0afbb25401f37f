#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "world/address.h"

namespace streamscope::lab {

// Everything anybody can do to a cluster. The window, a lab file's timed commands, the console and tests all go through
// these. Each has a JSON form (lab/command_json.h), which is also what a recording keeps.

struct CreateTopic {
  std::string topic;
  int32_t partitions = 1;
  int16_t replicationFactor = 1;
  /// Kafka's topic configs, for example {"min.insync.replicas", "2"}.
  std::map<std::string, std::string> configs;
  bool operator==(const CreateTopic&) const = default;
};
struct DeleteTopic {
  std::string topic;
  bool operator==(const DeleteTopic&) const = default;
};

/// A simulated producer; keys are Kafka's producer configs with Kafka's defaults.
struct StartProducer {
  std::string name;
  std::string topic;
  double recordsPerSecond = 10;
  int32_t recordBytes = 100;
  /// Records cycle through this many keys ("key-0" ...); 0: no key.
  int32_t keys = 0;
  /// -1 is "all".
  int16_t acks = -1;
  bool enableIdempotence = true;
  int32_t batchSize = 16'384;
  base::Duration linger = std::chrono::milliseconds(5);
  /// Stops by itself after so many records; 0: never.
  int64_t recordsMax = 0;
  bool operator==(const StartProducer&) const = default;
};
/// A simulated consumer with manually assigned partitions (none given: all of the topic).
struct StartConsumer {
  std::string name;
  std::string topic;
  std::vector<base::PartitionId> partitions;
  /// Group label; consumers of one group are drawn together. Coordinated groups come with the group protocol.
  std::string group;
  bool fromBeginning = true;
  /// Time to work on one record; limits its speed.
  base::Duration processingTime{0};
  bool operator==(const StartConsumer&) const = default;
};
struct StopClient {
  std::string name;
  bool operator==(const StopClient&) const = default;
};

/// Where a command takes a broker, `leaderOf` may name it instead: who leads that partition at the moment the command
/// is carried out. `broker` is then 0.
struct KillBroker {
  base::BrokerId broker = 0;
  std::optional<base::TopicPartition> leaderOf = std::nullopt;
  bool operator==(const KillBroker&) const = default;
};
/// SIGTERM: controlled shutdown.
struct StopBroker {
  base::BrokerId broker = 0;
  std::optional<base::TopicPartition> leaderOf = std::nullopt;
  bool operator==(const StopBroker&) const = default;
};
/// Broker 0: every broker that is down.
struct StartBroker {
  base::BrokerId broker = 0;
  bool operator==(const StartBroker&) const = default;
};
struct PauseBroker {
  base::BrokerId broker = 0;
  std::optional<base::TopicPartition> leaderOf = std::nullopt;
  bool operator==(const PauseBroker&) const = default;
};
/// Broker 0: every broker that is paused.
struct ResumeBroker {
  base::BrokerId broker = 0;
  bool operator==(const ResumeBroker&) const = default;
};
/// Both directions between two nodes (brokers, the controller).
struct CutLink {
  world::Address a, b;
  bool operator==(const CutLink&) const = default;
};
struct HealLink {
  world::Address a, b;
  bool operator==(const HealLink&) const = default;
};
/// The broker's disk takes no more bytes, or takes them again.
struct SetDiskFull {
  base::BrokerId broker = 0;
  bool full = true;
  bool operator==(const SetDiskFull&) const = default;
};

using Command = std::variant<CreateTopic, DeleteTopic, StartProducer, StartConsumer, StopClient, KillBroker, StopBroker,
                             StartBroker, PauseBroker, ResumeBroker, CutLink, HealLink, SetDiskFull>;

}  // namespace streamscope::lab
