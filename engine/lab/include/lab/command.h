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

/// Gives a topic more partitions.
struct CreatePartitions {
  std::string topic;
  /// So many in all.
  int32_t partitions = 1;
  /// Replicas of each new partition; empty: the controller places them.
  std::vector<std::vector<base::BrokerId>> assignments = {};
  bool operator==(const CreatePartitions&) const = default;
};
/// Sets and deletes configs of one topic, or of one broker, or (broker 0) the default of all brokers.
struct AlterConfigs {
  std::string topic;
  std::optional<base::BrokerId> broker = std::nullopt;
  std::map<std::string, std::string> set = {};
  std::vector<std::string> remove = {};
  bool operator==(const AlterConfigs&) const = default;
};
/// Preferred: the first replica of the assignment leads again where it is in sync. Unclean: of partitions without a
/// leader any live replica leads, and records may be lost.
struct ElectLeaders {
  bool isUnclean = false;
  /// None: all.
  std::vector<base::TopicPartition> partitions = {};
  bool operator==(const ElectLeaders&) const = default;
};
/// Gives a partition other replicas, the preferred leader first; none: what is under way stops and goes back.
struct ReassignPartition {
  base::TopicPartition partition;
  std::vector<base::BrokerId> replicas = {};
  bool operator==(const ReassignPartition&) const = default;
};
/// Copies a broker's replica to another of its log directories and drops the old one (Kafka: AlterReplicaLogDirs).
struct AlterReplicaLogDir {
  base::BrokerId broker = 0;
  base::TopicPartition partition;
  /// By its place in log.dirs, from 1.
  int32_t directory = 1;
  bool operator==(const AlterReplicaLogDir&) const = default;
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
/// What an application that commits by itself (enable.auto.commit=false) calls after it has worked on what a poll gave.
enum class ManualCommit : uint8_t { None, Sync, Async };

/// A simulated consumer. With the config "group.id" it is a member of that group and subscribes to its topics, else it
/// reads manually assigned partitions (none given: all of the topic).
struct StartConsumer {
  std::string name;
  std::string topic;
  std::vector<base::PartitionId> partitions;
  /// Only a label: consumers with the same one are drawn together. Members of a group have the config "group.id".
  std::string group;
  bool fromBeginning = true;
  /// Time to work on one record; limits its speed.
  base::Duration processingTime{0};
  /// client.rack: where it is, "" for nowhere; brokers may then send it to a replica that is near (KIP-392).
  std::string rack = {};
  /// Subscribed to beside `topic`, by a member of a group.
  std::vector<std::string> moreTopics = {};
  /// Kafka's consumer configs, for example {"group.id", "billing"}; client/consumer_config.h says which are known.
  std::map<std::string, std::string> configs = {};
  ManualCommit manualCommit = ManualCommit::None;
  bool operator==(const StartConsumer&) const = default;
};
/// A producer flushes, a member of a group leaves it.
struct StopClient {
  std::string name;
  bool operator==(const StopClient&) const = default;
};
/// Its process ends without another word.
struct KillClient {
  std::string name;
  bool operator==(const KillClient&) const = default;
};
/// Its process stands still, as in a long garbage collection.
struct PauseClient {
  std::string name;
  bool operator==(const PauseClient&) const = default;
};
struct ResumeClient {
  std::string name;
  bool operator==(const ResumeClient&) const = default;
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
/// Controller 0: the active one.
struct KillController {
  int32_t controller = 0;
  bool operator==(const KillController&) const = default;
};
/// SIGTERM: an active controller hands over first. Controller 0: the active one.
struct StopController {
  int32_t controller = 0;
  bool operator==(const StopController&) const = default;
};
/// Controller 0: every controller that is down.
struct StartController {
  int32_t controller = 0;
  bool operator==(const StartController&) const = default;
};
/// A process that stands still, as in a long garbage collection. Controller 0: the active one.
struct PauseController {
  int32_t controller = 0;
  bool operator==(const PauseController&) const = default;
};
/// Controller 0: every controller that is paused.
struct ResumeController {
  int32_t controller = 0;
  bool operator==(const ResumeController&) const = default;
};

// Faults of links, between two nodes (brokers, controllers).

/// Nothing arrives any more from `a` to `b`, and unless told otherwise from `b` to `a`.
struct CutLink {
  world::Address a, b;
  bool bothDirections = true;
  bool operator==(const CutLink&) const = default;
};
/// How the link carries what is sent from now on; world/link_conditions.h says what each means. It replaces what was
/// set before; what is not given is as usual in this lab.
struct SetLink {
  world::Address from, to;
  bool bothDirections = true;
  std::optional<base::Duration> latency = std::nullopt, jitter = std::nullopt;
  int32_t lossPerMille = 0;
  int32_t duplicatePerMille = 0;
  /// 0: as much as comes.
  int64_t bytesPerSecond = 0;
  bool operator==(const SetLink&) const = default;
};
/// Both directions are whole and as usual again.
struct HealLink {
  world::Address a, b;
  bool operator==(const HealLink&) const = default;
};

// Faults of machines and disks.

/// The power of one machine or of several (a rack) goes at the same instant: their processes end and their disks keep
/// what was synced and, as chance has it, some of the rest. Of a node that is down already only the disk loses. Nodes
/// or `leaderOf`, not both.
struct CutPower {
  std::vector<world::Address> nodes;
  std::optional<base::TopicPartition> leaderOf = std::nullopt;
  bool operator==(const CutPower&) const = default;
};
/// The broker's disk takes no more bytes, or takes them again.
struct SetDiskFull {
  base::BrokerId broker = 0;
  bool full = true;
  bool operator==(const SetDiskFull&) const = default;
};
/// How a node's disk behaves from now on, beside being full. It replaces what was set before; nothing given: it is
/// well. With `logDirectory` it is about one of a broker's several log directories, counted from 1, which can only be
/// failing or well.
struct SetDisk {
  world::Address node;
  /// Every operation refuses with an input/output error, after so many more that still work.
  bool failing = false;
  int64_t operationsUntilFailure = 0;
  /// Every sync says that it is done and does nothing; a loss of power shows it.
  bool losesSyncs = false;
  /// Each operation keeps the node busy for so long, as with no cache between it and the disk.
  base::Duration operationLatency{0};
  /// 0: the whole disk.
  int32_t logDirectory = 0;
  bool operator==(const SetDisk&) const = default;
};
/// A node that is down gets a new disk in the place of its own: empty, and well.
struct ReplaceDisk {
  world::Address node;
  bool operator==(const ReplaceDisk&) const = default;
};
/// One bit of a file turns over at rest: in a log file of this partition, or in any file of the node.
struct FlipBit {
  world::Address node;
  std::optional<base::TopicPartition> partition = std::nullopt;
  bool operator==(const FlipBit&) const = default;
};
/// The calendar of a node, or of a running client by its name (`node` is then of no account), is ahead of the world's
/// by `offset` and gains `driftPpm` microseconds a second, or the contrary when negative. Timers do not care, as
/// Kafka's are monotonic; timestamps and what is decided by them do. Nothing given: it is right again.
struct SetClock {
  world::Address node;
  std::string client = {};
  base::Duration offset{0};
  int32_t driftPpm = 0;
  bool operator==(const SetClock&) const = default;
};
/// The node answers the next `times` requests of an API (as Kafka names it, "Produce") with an error of Kafka's, such
/// as NOT_LEADER_OR_FOLLOWER, without handling them; with a partition only that part of them. Times 0 takes back what
/// was ordered for the API. See world/injected_error.h.
struct InjectError {
  world::Address node;
  std::string api;
  std::string error;
  int32_t times = 1;
  std::optional<base::TopicPartition> partition = std::nullopt;
  /// Before the answer, where no partition is named.
  base::Duration delay{0};
  bool operator==(const InjectError&) const = default;
};

using Command =
    std::variant<CreateTopic, DeleteTopic, CreatePartitions, AlterConfigs, ElectLeaders, ReassignPartition,
                 AlterReplicaLogDir, StartProducer, StartConsumer, StopClient, KillClient, PauseClient, ResumeClient,
                 KillBroker, StopBroker, StartBroker, PauseBroker, ResumeBroker, KillController, StopController,
                 StartController, PauseController, ResumeController, CutLink, SetLink, HealLink, CutPower, SetDiskFull,
                 SetDisk, ReplaceDisk, FlipBit, SetClock, InjectError>;

}  // namespace streamscope::lab
