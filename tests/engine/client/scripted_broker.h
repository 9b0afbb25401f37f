#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error_code.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "scripted_group.h"
#include "world/world.h"

namespace streamscope::test {

/// What all scripted brokers of a test share: who leads, what the logs hold, and what goes wrong.
struct ScriptedCluster {
  std::string topic = "orders";
  base::Uuid topicId{7, 7};
  struct Partition {
    base::BrokerId leader = 1;
    base::LeaderEpoch epoch = 0;
    /// Whole batches with their offsets.
    std::vector<base::SharedBytes> batches;
    base::Offset endOffset = 0;
    /// For fetches with read_committed: (producer id, first offset).
    std::vector<std::pair<int64_t, base::Offset>> abortedTransactions;
    base::Offset highWatermarkMax = INT64_MAX;
    /// Where the log of an older epoch ends, for OffsetForLeaderEpoch.
    std::map<base::LeaderEpoch, base::Offset> epochEnds;
    std::map<int64_t, int32_t> nextSequence;
  };
  std::vector<Partition> partitions;
  std::vector<base::BrokerId> brokers{1};

  /// Called for each batch of a Produce before it is appended; another code than NONE refuses it.
  std::function<base::ErrorCode(base::PartitionId partition, base::ByteView batch)> onProduce;
  /// The follower a leader sends a consumer of this rack to, and what it serves up to; kNoBroker: none.
  struct ReadReplica {
    base::BrokerId broker = base::kNoBroker;
    base::Offset endOffset = INT64_MAX;
    /// Refuses everything with it.
    base::ErrorCode error = base::ErrorCode::NONE;
  };
  std::map<std::string, ReadReplica> readReplicas;
  /// Brokers that fetches were sent to, in order.
  std::vector<base::BrokerId> fetchedFrom;

  /// The answer of a Produce gets lost: the batches are in the log and the producer learns nothing.
  std::function<bool()> losesProduceResponse = [] { return false; };

  /// Coordinates a group, where a test wants one.
  ScriptedGroup* group = nullptr;

  // What was asked.
  int32_t metadataRequests = 0, produceRequests = 0, fetchRequests = 0, listOffsetsRequests = 0, epochRequests = 0;

  void append(base::PartitionId partition, const std::vector<std::string>& values);
  /// A batch as it is, but for its offset and epoch.
  void appendBatch(base::PartitionId partition, base::ByteView batch);
  /// Values in the order of their offsets.
  std::vector<std::string> values(base::PartitionId partition) const;
};

/// Adds a broker that answers from `cluster`, with idempotent producers checked as Kafka does.
void addScriptedBroker(world::World& world, base::BrokerId id, ScriptedCluster& cluster);

}  // namespace streamscope::test
