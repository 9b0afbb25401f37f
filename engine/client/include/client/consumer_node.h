#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "world/node.h"

namespace streamscope::client {

enum class AutoOffsetReset : uint8_t { Earliest, Latest };

/// As in requests: with read_committed the consumer stops at the last stable offset and leaves aborted records out.
enum class IsolationLevel : int8_t { ReadUncommitted = 0, ReadCommitted = 1 };

/// Kafka's consumer configs in camelCase with Kafka's defaults, and what this consumer reads.
struct ConsumerConfig {
  std::string clientId;
  std::vector<base::BrokerId> bootstrapBrokers;

  int32_t fetchMinBytes = 1;
  base::Duration fetchMaxWait = std::chrono::milliseconds(500);
  int32_t fetchMaxBytes = 52'428'800;
  int32_t maxPartitionFetchBytes = 1'048'576;
  int32_t maxPollRecords = 500;
  base::Duration requestTimeout = std::chrono::milliseconds(30'000);
  base::Duration retryBackoff = std::chrono::milliseconds(100);
  base::Duration metadataMaxAge = std::chrono::milliseconds(300'000);
  AutoOffsetReset autoOffsetReset = AutoOffsetReset::Latest;
  IsolationLevel isolationLevel = IsolationLevel::ReadUncommitted;

  /// client.rack, "" for nowhere: brokers may send this consumer to a replica near to it (KIP-392).
  std::string clientRack;

  std::string topic;
  /// Manually assigned; empty: all partitions of the topic.
  std::vector<base::PartitionId> partitions;
  /// Time to work on one record.
  base::Duration processingTime{0};
};

/// A simulated consumer with manually assigned partitions. Behaves as Kafka's Java consumer does with `assign`:
/// positions, one fetch in flight for each broker, offset reset, metadata refresh after a leader change, diverging
/// epochs.
class ConsumerNode : public world::Node {
 public:
  ConsumerNode(world::NodeContext& context, ConsumerConfig config);
  ~ConsumerNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;

  struct PartitionPosition {
    base::TopicPartition partition;
    /// Next offset to give to the application; -1 before the first reset.
    base::Offset position = -1;
    /// From the last fetch; -1 before it.
    base::Offset highWatermark = -1;
    /// The follower it reads from; kNoBroker for the leader.
    base::BrokerId readReplica = base::kNoBroker;
  };
  struct Statistics {
    int64_t recordsConsumed = 0;
    int64_t bytesConsumed = 0;
    std::vector<PartitionPosition> positions;
    /// The first batch whose checksum or offsets were wrong, as a sentence; "" while all were right.
    std::string corruption;
  };
  Statistics statistics() const;
  const ConsumerConfig& config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::client
