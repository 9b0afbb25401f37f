#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "log/partition_log.h"
#include "world/node.h"

namespace streamscope::broker {

/// What a coordinator may ask of its broker.
class CoordinatorHost {
 public:
  virtual ~CoordinatorHost() = default;

  /// Clock, alarms, random numbers, network and trace of the broker.
  virtual world::NodeContext& node() = 0;
  /// As it is now; configs that change while the broker runs change in it.
  virtual const BrokerConfig& config() const = 0;
  virtual const controller::MetadataImage& image() const = 0;

  /// Where the partition's log begins and ends and what is replicated of it. Null when the broker has no such replica
  /// online.
  virtual const log::PartitionLog* log(const base::TopicPartition& partition) const = 0;

  /// Appends one batch of the coordinator's own as leader, as a producer with acks=all would; how far it is replicated
  /// is told by HostedCoordinator::onHighWatermarkMoved. Returns the next offset after the batch: what the high
  /// watermark has to reach. NOT_LEADER_OR_FOLLOWER, also when the epoch is another one, NOT_ENOUGH_REPLICAS, and what
  /// a log refuses.
  virtual base::Result<base::Offset> append(const base::TopicPartition& partition, base::LeaderEpoch leaderEpoch,
                                            const base::SharedBytes& batch) = 0;
  /// Largest batch the partition takes (max.message.bytes).
  virtual size_t batchBytesMax(const base::TopicPartition& partition) const = 0;
};

}  // namespace streamscope::broker
