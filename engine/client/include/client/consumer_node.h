#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "client/consumer_config.h"
#include "world/node.h"

namespace streamscope::client {

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
