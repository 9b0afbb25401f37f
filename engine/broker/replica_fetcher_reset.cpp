#include <algorithm>

#include "controller_channel.h"
#include "replica_fetcher.h"

// What a follower does when the leader has no batch at its offset: it ends after the leader (an unclean election), or
// before the leader's log start (retention). Source: AbstractFetcherThread.fetchOffsetAndTruncate.

namespace streamscope::broker {
namespace {

constexpr base::TimestampMs kLatest = -1;
constexpr base::TimestampMs kEarliest = -2;

}  // namespace

void ReplicaFetcher::resetOffset(const Following& following) {
  askLeader(following, kLatest, &ReplicaFetcher::onLeaderEnd);
}

void ReplicaFetcher::askLeader(const Following& following, base::TimestampMs timestamp,
                               void (ReplicaFetcher::*onOffset)(Following&, base::Offset)) {
  protocol::ListOffsetsRequest request;
  request.replicaId = m_config.nodeId;
  auto& topic = request.topics.emplace_back();
  topic.name = following.partition->name().topic;
  auto& partition = topic.partitions.emplace_back();
  partition.partitionIndex = following.partition->name().partition;
  partition.currentLeaderEpoch = following.leaderEpoch;
  partition.timestamp = timestamp;
  const auto onResponse = [this, key = keyOf(*following.partition), epoch = following.leaderEpoch,
                           onOffset](const world::Response& response) {
    const auto found = m_following.find(key);
    if (found == m_following.end() || found->second.leaderEpoch != epoch || !found->second.isResetting) return;
    const auto* offsets = receivedBody<protocol::ListOffsetsResponse>(response);
    if (offsets == nullptr || offsets->topics.empty() || offsets->topics.front().partitions.empty() ||
        offsets->topics.front().partitions.front().errorCode != 0) {
      found->second.isResetting = false;
      delay(found->second);
    } else {
      (this->*onOffset)(found->second, offsets->topics.front().partitions.front().offset);
    }
    if (!m_isInFlight) fetch();
  };
  m_context.network.send(world::brokerAddress(m_leader), protocol::ListOffsetsRequest::kInfo.versionMax,
                         std::move(request), m_config.requestTimeout, onResponse, true);
}

void ReplicaFetcher::onLeaderEnd(Following& following, base::Offset leaderEnd) {
  Partition& partition = *following.partition;
  if (leaderEnd >= partition.log().logEndOffset())
    return askLeader(following, kEarliest, &ReplicaFetcher::onLeaderStart);
  following.isResetting = false;
  if (!partition.truncateTo(leaderEnd)) return delay(following);
  following.fetchOffset = partition.log().logEndOffset();
}

void ReplicaFetcher::onLeaderStart(Following& following, base::Offset leaderStart) {
  Partition& partition = *following.partition;
  following.isResetting = false;
  if (leaderStart > partition.log().logEndOffset() && !partition.truncateFullyAndStartAt(leaderStart))
    return delay(following);
  following.fetchOffset = partition.log().logEndOffset();
  // Both ends fit and still the offset was refused: the leader moved meanwhile, or it cannot tell. Not in a busy loop.
  delay(following);
}

}  // namespace streamscope::broker
