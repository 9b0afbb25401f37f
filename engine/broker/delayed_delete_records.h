#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "partition.h"
#include "protocol/messages/delete_records.h"
#include "purgatory.h"
#include "world/network.h"

namespace streamscope::broker {

/// A DeleteRecords that waits until the log of every live replica starts at or above the offset (Kafka:
/// DelayedDeleteRecords). It stops waiting for a partition when
///   A  the replica or its leadership is gone: NOT_LEADER_OR_FOLLOWER;
///   B  the low watermark has reached the offset;
///   C  time is up: REQUEST_TIMED_OUT; what was deleted stays deleted.
class DelayedDeleteRecords : public DelayedOperation {
 public:
  struct WaitingPartition {
    std::shared_ptr<Partition> partition;
    base::Offset requiredOffset = 0;
    /// Its place in the response.
    size_t topicIndex = 0, partitionIndex = 0;
  };

  DelayedDeleteRecords(world::Network& network, const world::ReplyHandle& reply,
                       protocol::DeleteRecordsResponse response, std::vector<WaitingPartition> waiting);

  bool canComplete() override;
  void complete(bool timedOut) override;
  void abandon(const std::string& reason) override;
  Description describe() const override;

 private:
  protocol::DeleteRecordsResponse::DeleteRecordsPartitionResult& answerTo(const WaitingPartition& waiting);

  world::Network& m_network;
  world::ReplyHandle m_reply;
  protocol::DeleteRecordsResponse m_response;
  std::vector<WaitingPartition> m_waiting;
  /// Of the first partition; kept because completing empties the list.
  base::TopicPartition m_firstPartition;
  base::Offset m_firstRequiredOffset = 0;
};

}  // namespace streamscope::broker
