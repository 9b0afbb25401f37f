#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "broker/broker_config.h"
#include "partition.h"
#include "protocol/messages/fetch.h"
#include "protocol/messages/list_offsets.h"
#include "replication_quota.h"
#include "world/node.h"

namespace streamscope::broker {

/// Follows one leader broker for every partition it leads and this broker replicates: one Fetch in flight, long polls
/// while there is nothing (Kafka: ReplicaFetcherThread with num.replica.fetchers = 1). Truncation is by the diverging
/// epoch in the fetch response (KIP-595).
class ReplicaFetcher {
 public:
  ReplicaFetcher(world::NodeContext& context, const BrokerConfig& config, base::BrokerId leader,
                 std::function<int64_t()> brokerEpoch, ReplicationQuota& quota);

  /// Begins to follow, or begins anew after the leader epoch changed. Call `wake` when all are added.
  void add(std::shared_ptr<Partition> partition, const base::Uuid& directoryId);
  void remove(const Partition& partition);
  void wake();

 private:
  using Key = std::pair<base::Uuid, base::PartitionId>;
  struct Following {
    std::shared_ptr<Partition> partition;
    base::Uuid directoryId;
    /// Epoch it follows in; a change re-adds it.
    base::LeaderEpoch leaderEpoch = base::kNoEpoch;
    base::Offset fetchOffset = 0;
    /// Offset of the request in flight, kNoOffset when it does not ask for this partition.
    base::Offset requestedOffset = base::kNoOffset;
    base::VirtualTime delayedUntil{};
    /// How far it was behind the leader's high watermark when it fetched last.
    std::optional<base::Offset> lag = std::nullopt;
    /// Left out of the last request because the quota is used up.
    bool isThrottled = false;
    /// The leader is being asked for its offsets after OFFSET_OUT_OF_RANGE.
    bool isResetting = false;
  };

  /// What the leader compares; kNoEpoch: nothing.
  base::LeaderEpoch lastFetchedEpochOf(const Partition& partition) const;
  static Key keyOf(const Partition& partition) { return {partition.topicId(), partition.name().partition}; }
  void fetch();
  protocol::FetchRequest nextRequest();
  void onResponse(world::Response response);
  void handle(Following& following, protocol::FetchResponse::PartitionData& answer);
  void append(Following& following, protocol::FetchResponse::PartitionData& answer);
  void truncateByEpoch(Following& following, const protocol::FetchResponse::EpochEndOffset& leaderEnd);
  /// Its replica is throttled and behind, and the quota is used up (Kafka: shouldFollowerThrottle).
  bool shouldThrottle(const Following& following) const;
  void delay(Following& following);
  void armTimer();

  // After OFFSET_OUT_OF_RANGE (replica_fetcher_reset.cpp).
  void resetOffset(const Following& following);
  void askLeader(const Following& following, base::TimestampMs timestamp,
                 void (ReplicaFetcher::*onOffset)(Following&, base::Offset));
  void onLeaderEnd(Following& following, base::Offset leaderEnd);
  void onLeaderStart(Following& following, base::Offset leaderStart);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  const base::BrokerId m_leader;
  std::function<int64_t()> m_brokerEpoch;
  ReplicationQuota& m_quota;
  std::map<Key, Following> m_following;
  bool m_isInFlight = false;
  world::TimerId m_timer = 0;
};

}  // namespace streamscope::broker
