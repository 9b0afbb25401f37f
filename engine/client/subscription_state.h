#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "cluster_metadata.h"

namespace streamscope::client {

/// Where a consumer stands in each partition assigned to it (Kafka: SubscriptionState).
///
///   Initializing ──nothing committed──▶ AwaitReset ──offset found──▶ Fetching ──newer leader epoch──▶ AwaitValidation
///        └─────────────committed offset found────────────────────────▶ │ ▲                                    │
///   AwaitReset ◀──offset out of range, or the log ends before it───────┘ └─────────────log agrees─────────────┘
class SubscriptionState {
 public:
  enum class FetchState : uint8_t { Initializing, AwaitReset, Fetching, AwaitValidation };

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
    /// What the group has committed as far as this member knows; -1 for nothing.
    base::Offset committed = -1;
    /// The follower that a leader said to read from, kNoBroker for the leader itself; it counts until then.
    base::BrokerId readReplica = base::kNoBroker;
    ClusterMetadata::Leader readReplicaNamedBy;
    base::VirtualTime readReplicaUntil{};
    /// Not asked about again before, after an error.
    base::VirtualTime retryAt{};
    int32_t failures = 0;
    /// A ListOffsets or OffsetForLeaderEpoch request is on its way.
    bool isOffsetRequestInFlight = false;
    /// No offset is as young as auto.offset.reset=by_duration asks for; the end of the log is.
    bool isNothingYoungEnough = false;
    /// About to be given up: not fetched any more while its offset is committed.
    bool isRevocationPending = false;
    /// Changes with every jump of the position, and differs from that of an earlier assignment; what was read before is
    /// worthless.
    uint64_t jumps = 0;
  };

  /// Begins at the end or the beginning, by auto.offset.reset.
  void assign(const PartitionKey& key);
  /// Exactly these from now on; new ones begin at the committed offset.
  void assignFromGroup(const std::set<PartitionKey>& keys);
  bool isEmpty() const { return m_positions.empty(); }
  std::map<PartitionKey, Position>& positions() { return m_positions; }
  const std::map<PartitionKey, Position>& positions() const { return m_positions; }
  std::set<PartitionKey> assigned() const;
  /// Null when it is not assigned any more.
  Position* find(const PartitionKey& key);
  /// `jumps` as then: what began before a jump or before another assignment is not for this position.
  Position* find(const PartitionKey& key, uint64_t jumps);

  /// Takes over the leaders known now. A newer epoch under a position whose own epoch is known sends the partition to
  /// validation.
  void updateLeaders(const ClusterMetadata& metadata);

  void requestReset(Position& position);
  void seek(Position& position, base::Offset offset, base::LeaderEpoch epoch);
  /// The log may have gone another way since that offset was committed.
  void seekToCommitted(Position& position, base::Offset offset, base::LeaderEpoch epoch);
  void completeValidation(Position& position) const;

 private:
  std::map<PartitionKey, Position> m_positions;
  uint64_t m_lastJump = 0;
};

}  // namespace streamscope::client
