#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "cluster_metadata.h"

namespace streamscope::client {

/// Where a consumer stands in each partition assigned to it (Kafka: SubscriptionState).
///
///   AwaitReset ──offset found──▶ Fetching ──newer leader epoch──▶ AwaitValidation ──log agrees──▶ Fetching
///       ▲                           │                                   │
///       └────offset out of range────┴──────the log ends before it───────┘
class SubscriptionState {
 public:
  enum class FetchState : uint8_t { AwaitReset, Fetching, AwaitValidation };

  struct Position {
    FetchState state = FetchState::AwaitReset;
    /// Next offset to give to the application; -1 before the first reset.
    base::Offset position = -1;
    /// Next offset to ask the leader for: behind what is buffered and what the application holds.
    base::Offset fetchOffset = -1;
    /// Epoch of the last batch read, kNoEpoch when unknown.
    base::LeaderEpoch fetchEpoch = base::kNoEpoch;
    ClusterMetadata::Leader leader;
    base::Offset highWatermark = -1;
    /// The follower that a leader said to read from, kNoBroker for the leader itself; it counts until then.
    base::BrokerId readReplica = base::kNoBroker;
    ClusterMetadata::Leader readReplicaNamedBy;
    base::VirtualTime readReplicaUntil{};
    /// Not asked about again before, after an error.
    base::VirtualTime retryAt{};
    int32_t failures = 0;
    /// A ListOffsets or OffsetForLeaderEpoch request is on its way.
    bool isOffsetRequestInFlight = false;
    /// Counts jumps of the position; what was read before the last one is worthless.
    uint64_t jumps = 0;
  };

  void assign(base::PartitionId partition) { m_positions.try_emplace(partition); }
  bool isEmpty() const { return m_positions.empty(); }
  std::map<base::PartitionId, Position>& positions() { return m_positions; }
  const std::map<base::PartitionId, Position>& positions() const { return m_positions; }
  Position& at(base::PartitionId partition) { return m_positions.at(partition); }

  /// Takes over the leaders known now. A newer epoch under a position whose own epoch is known sends the partition to
  /// validation.
  void updateLeaders(const ClusterMetadata& metadata);

  void requestReset(Position& position) const;
  void seek(Position& position, base::Offset offset, base::LeaderEpoch epoch) const;
  void completeValidation(Position& position) const;

 private:
  std::map<base::PartitionId, Position> m_positions;
};

}  // namespace streamscope::client
