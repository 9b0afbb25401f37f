#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "client/consumer_config.h"
#include "world/node.h"

namespace streamscope::client {

/// Where a member of a group stands (Kafka: AbstractCoordinator.MemberState); None is no member.
enum class Membership : uint8_t { None, Unjoined, PreparingRebalance, CompletingRebalance, Stable };

/// A simulated consumer. Behaves as Kafka's Java consumer does with `assign`: positions, one fetch in flight for each
/// broker, offset reset, metadata refresh after a leader change, diverging epochs. With a group.id it does as with
/// `subscribe`: the group assigns its partitions, it begins at the committed offsets and commits.
class ConsumerNode : public world::Node {
 public:
  ConsumerNode(world::NodeContext& context, ConsumerConfig config);
  ~ConsumerNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;
  /// As Consumer.close: a member commits and leaves its group.
  void stop(std::function<void()> done) override;

  struct PartitionPosition {
    base::TopicPartition partition;
    /// Next offset to give to the application; -1 before the first reset.
    base::Offset position = -1;
    /// From the last fetch; -1 before it.
    base::Offset highWatermark = -1;
    /// The follower it reads from; kNoBroker for the leader.
    base::BrokerId readReplica = base::kNoBroker;
    /// What the group has committed as far as this member knows; -1 for nothing.
    base::Offset committed = -1;
  };
  struct Statistics {
    int64_t recordsConsumed = 0;
    int64_t bytesConsumed = 0;
    std::vector<PartitionPosition> positions;
    /// The first batch whose checksum or offsets were wrong, as a sentence; "" while all were right.
    std::string corruption;
    Membership membership = Membership::None;
    std::string memberId;
    int32_t generation = -1;
    /// The one that the group chose, "" before.
    std::string assignor;
    bool isGroupLeader = false;
    /// Why it ended by itself, as a sentence; "" while it did not.
    std::string failure;
  };
  Statistics statistics() const;
  const ConsumerConfig& config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::client
