#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "partition.h"
#include "protocol/messages/produce.h"
#include "purgatory.h"
#include "world/network.h"

namespace streamscope::broker {

/// A Produce with acks=all that waits until its records are on every replica in sync (Kafka: DelayedProduce). It stops
/// waiting for a partition when
///   A, B  the replica or its leadership is gone: NOT_LEADER_OR_FOLLOWER;
///   C     the high watermark has passed the records: NONE, or NOT_ENOUGH_REPLICAS_AFTER_APPEND when the ISR has
///         shrunk below min.insync.replicas meanwhile;
///   D     time is up: REQUEST_TIMED_OUT; the records stay in the log.
class DelayedProduce : public DelayedOperation {
 public:
  struct WaitingPartition {
    std::shared_ptr<Partition> partition;
    /// The high watermark it waits for: the next offset after its records.
    base::Offset requiredOffset = 0;
    /// Its place in the response.
    size_t topicIndex = 0, partitionIndex = 0;
  };

  DelayedProduce(world::Network& network, const controller::MetadataImage& image, const world::ReplyHandle& reply,
                 protocol::ProduceResponse response, std::vector<WaitingPartition> waiting);

  bool canComplete() override;
  void complete(bool timedOut) override;
  void abandon(const std::string& reason) override;
  Description describe() const override;

 private:
  void settle(const WaitingPartition& waiting, base::ErrorCode error);

  world::Network& m_network;
  const controller::MetadataImage& m_image;
  world::ReplyHandle m_reply;
  protocol::ProduceResponse m_response;
  std::vector<WaitingPartition> m_waiting;
  /// Of the first partition; kept because completing empties the list.
  base::TopicPartition m_firstPartition;
  base::Offset m_firstRequiredOffset = 0;
};

}  // namespace streamscope::broker
