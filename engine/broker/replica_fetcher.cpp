#include "replica_fetcher.h"

#include <algorithm>

#include "controller_channel.h"

namespace streamscope::broker {

ReplicaFetcher::ReplicaFetcher(world::NodeContext& context, const BrokerConfig& config, base::BrokerId leader,
                               std::function<int64_t()> brokerEpoch, ReplicationQuota& quota)
    : m_context(context), m_config(config), m_leader(leader), m_brokerEpoch(std::move(brokerEpoch)), m_quota(quota) {}

base::LeaderEpoch ReplicaFetcher::lastFetchedEpochOf(const Partition& partition) const {
  return m_config.bugs.has(base::KnownBug::TruncateToHighWatermark) ? base::kNoEpoch : partition.log().latestEpoch();
}

void ReplicaFetcher::add(std::shared_ptr<Partition> partition, const base::Uuid& directoryId) {
  Following following;
  // A log without epochs has nothing that could be compared: only what was committed is safe to keep.
  if (lastFetchedEpochOf(*partition) == base::kNoEpoch && !partition->truncateTo(partition->highWatermark())) return;
  following.fetchOffset = partition->log().logEndOffset();
  following.leaderEpoch = partition->leaderEpoch();
  following.directoryId = directoryId;
  const Key key = keyOf(*partition);
  following.partition = std::move(partition);
  m_following.insert_or_assign(key, std::move(following));
}

void ReplicaFetcher::remove(const Partition& partition) {
  m_following.erase(keyOf(partition));
}

void ReplicaFetcher::wake() {
  if (!m_isInFlight) fetch();
}

void ReplicaFetcher::delay(Following& following) {
  following.delayedUntil = m_context.clock.now() + m_config.replicaFetchBackoff;
}

bool ReplicaFetcher::shouldThrottle(const Following& following) const {
  const bool isInSync = following.lag && *following.lag <= 0;
  return !isInSync && m_quota.isThrottled(following.partition->name()) && m_quota.isExceeded();
}

void ReplicaFetcher::armTimer() {
  base::VirtualTime first = base::kVirtualTimeMax;
  const base::VirtualTime afterBackoff = m_context.clock.now() + m_config.replicaFetchBackoff;
  for (const auto& [key, following] : m_following)
    if (!following.isResetting) first = std::min(first, following.isThrottled ? afterBackoff : following.delayedUntil);
  m_context.timers.cancel(m_timer);
  m_timer = 0;
  if (first == base::kVirtualTimeMax) return;
  m_timer = m_context.timers.after(first - m_context.clock.now(), [this] {
    m_timer = 0;
    wake();
  });
}

// Asking.

protocol::FetchRequest ReplicaFetcher::nextRequest() {
  protocol::FetchRequest request;
  request.replicaState.replicaId = m_config.nodeId;
  request.replicaState.replicaEpoch = m_brokerEpoch();
  request.maxWaitMs = static_cast<int32_t>(m_config.replicaFetchWaitMax / std::chrono::milliseconds(1));
  request.minBytes = m_config.replicaFetchMinBytes;
  request.maxBytes = m_config.replicaFetchResponseMaxBytes;
  const base::VirtualTime now = m_context.clock.now();
  for (auto& [key, following] : m_following) {
    following.requestedOffset = base::kNoOffset;
    following.isThrottled = false;
    if (following.isResetting || following.delayedUntil > now) continue;
    following.isThrottled = shouldThrottle(following);
    if (following.isThrottled) continue;
    if (request.topics.empty() || request.topics.back().topicId != key.first) {
      request.topics.emplace_back();
      request.topics.back().topic = following.partition->name().topic;
      request.topics.back().topicId = key.first;
    }
    following.requestedOffset = following.fetchOffset;
    protocol::FetchRequest::FetchPartition& partition = request.topics.back().partitions.emplace_back();
    partition.partition = key.second;
    partition.currentLeaderEpoch = following.leaderEpoch;
    partition.fetchOffset = following.fetchOffset;
    partition.lastFetchedEpoch = lastFetchedEpochOf(*following.partition);
    partition.logStartOffset = following.partition->log().logStartOffset();
    partition.partitionMaxBytes = m_config.replicaFetchMaxBytes;
    partition.replicaDirectoryId = following.directoryId;
  }
  return request;
}

void ReplicaFetcher::fetch() {
  protocol::FetchRequest request = nextRequest();
  if (request.topics.empty()) return armTimer();
  m_isInFlight = true;
  m_context.network.send(
      world::brokerAddress(m_leader), protocol::FetchRequest::kInfo.versionMax, std::move(request),
      m_config.requestTimeout, [this](world::Response response) { onResponse(std::move(response)); }, true);
}

// What comes back.

void ReplicaFetcher::onResponse(world::Response response) {
  m_isInFlight = false;
  auto* fetched = response.outcome == world::Response::Outcome::Received
                      ? std::get_if<protocol::FetchResponse>(&response.body)
                      : nullptr;
  if (fetched == nullptr || fetched->errorCode != 0) {
    for (auto& [key, following] : m_following)
      if (following.requestedOffset != base::kNoOffset) delay(following);
    return fetch();
  }
  for (auto& topic : fetched->responses) {
    for (auto& answer : topic.partitions) {
      const auto found = m_following.find(Key{topic.topicId, answer.partitionIndex});
      if (found == m_following.end()) continue;
      Following& following = found->second;
      // Re-added or reset meanwhile: the answer is to an older question.
      if (following.requestedOffset != following.fetchOffset || following.isResetting) continue;
      handle(following, answer);
    }
  }
  fetch();
}

void ReplicaFetcher::handle(Following& following, protocol::FetchResponse::PartitionData& answer) {
  switch (static_cast<base::ErrorCode>(answer.errorCode)) {
    case base::ErrorCode::NONE:
      if (answer.divergingEpoch.endOffset != base::kNoOffset)
        truncateByEpoch(following, answer.divergingEpoch);
      else
        append(following, answer);
      return;
    case base::ErrorCode::OFFSET_OUT_OF_RANGE:
      following.isResetting = true;
      return resetOffset(following);
    default:
      // The leader is behind this broker's metadata or ahead of it (FENCED_LEADER_EPOCH): the metadata log will tell.
      delay(following);
  }
}

void ReplicaFetcher::append(Following& following, protocol::FetchResponse::PartitionData& answer) {
  Partition& partition = *following.partition;
  if (answer.records && !answer.records->empty()) {
    if (!partition.appendAsFollower(*answer.records)) return delay(following);
    following.fetchOffset = partition.log().logEndOffset();
    if (m_quota.isThrottled(partition.name())) m_quota.record(answer.records->size());
  }
  following.lag = std::max<base::Offset>(0, answer.highWatermark - following.fetchOffset);
  partition.followLeaderOffsets(answer.highWatermark, answer.logStartOffset);
}

void ReplicaFetcher::truncateByEpoch(Following& following, const protocol::FetchResponse::EpochEndOffset& leaderEnd) {
  Partition& partition = *following.partition;
  const base::Offset logEnd = partition.log().logEndOffset();
  const auto own = partition.log().endOffsetForEpoch(leaderEnd.epoch);
  base::Offset target = std::min(leaderEnd.endOffset, logEnd);
  // Without that epoch here, cut to where our next older one ends and compare again with the next fetch.
  const bool looksAtEpoch = !m_config.bugs.has(base::KnownBug::DivergeOnFastLeaderChange);
  if (looksAtEpoch && own.epoch != leaderEnd.epoch)
    target = own.endOffset == base::kNoOffset ? target : std::min(own.endOffset, logEnd);
  else if (looksAtEpoch)
    target = std::min(own.endOffset, target);
  if (!partition.truncateTo(std::max(target, partition.log().logStartOffset()))) return delay(following);
  following.fetchOffset = partition.log().logEndOffset();
}

}  // namespace streamscope::broker
