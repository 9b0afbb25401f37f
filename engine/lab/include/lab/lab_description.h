#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/known_bug.h"
#include "base/result.h"
#include "base/virtual_time.h"
#include "lab/command.h"

namespace streamscope::lab {

/// A command of a lab file with its virtual time.
struct TimedCommand {
  base::VirtualTime at{};
  Command command;
  bool operator==(const TimedCommand&) const = default;
};

/// What a `*.lab.json` file describes: cluster, topics, workloads, timed commands. Parsing and writing:
/// lab/lab_file.h; the schema: lessons/schema/lab.schema.json.
struct LabDescription {
  /// The newest file version this program reads and the one it writes.
  static constexpr int32_t kFileVersion = 1;

  std::string name = "lab";
  std::string description;
  uint64_t seed = 1;
  int32_t brokers = 3;
  /// Controllers with a process of their own, ids from 100 on; together the metadata quorum.
  int32_t controllers = 1;
  /// broker.rack of broker 1, 2, ..., from the first again after the last; empty: brokers are in no rack.
  std::vector<std::string> racks;
  /// log.dirs of every broker: so many, "logs-1" and following below its directory; with one it is the directory.
  int32_t logDirectories = 1;
  base::Duration linkLatency = std::chrono::microseconds(500);
  base::Duration linkJitter = std::chrono::microseconds(200);
  /// Kafka's broker configs that differ from Kafka's defaults, for every broker.
  std::map<std::string, std::string> brokerConfigs;
  /// Mistakes that are switched on in every node.
  base::KnownBugs bugs;
  /// Created at time zero, as soon as the controller accepts them.
  std::vector<CreateTopic> topics;
  std::vector<StartProducer> producers;
  std::vector<StartConsumer> consumers;
  /// Sorted by time.
  std::vector<TimedCommand> commands;
  /// Where `run` ends without --until.
  base::Duration until = std::chrono::seconds(60);

  bool operator==(const LabDescription&) const = default;
};

}  // namespace streamscope::lab
