#pragma once

#include <cstdint>

namespace streamscope::log {

/// Who wrote the batches of an append; it decides what is checked (Kafka: AppendOrigin).
enum class AppendOrigin : uint8_t {
  /// A client's Produce: everything is checked, control batches are refused.
  Client,
  /// A coordinator of this broker: transaction markers and records of internal topics, without sequence numbers.
  Coordinator,
  /// The metadata log's leader: only size and checksum are looked at.
  RaftLeader,
  /// The leader's batches on a follower: nothing is asked, the leader has decided.
  Replication,
};

}  // namespace streamscope::log
