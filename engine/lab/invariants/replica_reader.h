#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/topic_partition.h"
#include "broker/broker_node.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "log/record_batch.h"
#include "world/world.h"

namespace streamscope::lab {

/// The logs of a world's brokers as they are now, for invariants.
class ReplicaReader {
 public:
  ReplicaReader(const world::World& world, int32_t brokers, std::vector<int32_t> controllerIds)
      : m_world(world), m_brokers(brokers), m_controllerIds(std::move(controllerIds)) {}

  /// Of the active controller, else of the node that knows most: a controller that has just started knows little. Null
  /// when all are down.
  const controller::MetadataImage* image() const;
  /// Those whose process runs.
  std::vector<std::pair<world::Address, const controller::ControllerNode*>> controllers() const;
  std::vector<base::BrokerId> brokers() const;
  /// Null when the broker is down.
  const broker::BrokerNode* node(base::BrokerId broker) const;
  /// Null when the broker is down, has halted or has no such replica.
  const log::PartitionLog* log(base::BrokerId broker, const base::TopicPartition& partition) const;
  std::optional<broker::ReplicaView> view(base::BrokerId broker, const base::TopicPartition& partition) const;

  /// Headers of the batches in [from, end), with checksum checked; by base offset.
  static std::map<base::Offset, log::BatchHeader> batches(const log::PartitionLog& log, base::Offset from,
                                                          base::Offset end);

 private:
  /// One that has halted because its log directory failed is as good as down.
  const broker::BrokerNode* liveNode(base::BrokerId broker) const;

  const world::World& m_world;
  const int32_t m_brokers;
  const std::vector<int32_t> m_controllerIds;
};

}  // namespace streamscope::lab
