#include "leader_state.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace streamscope::controller {

namespace {

constexpr base::Duration kObserverSessionTimeout = std::chrono::minutes(5);

}  // namespace

LeaderState::LeaderState(Options options, base::VirtualTime now) : m_options(std::move(options)) {
  for (const int32_t voter : m_options.voters) m_voters[voter];
  m_checkQuorumDeadline = m_voters.size() == 1 ? base::kVirtualTimeMax : now + checkQuorumTimeout();
  m_beginQuorumEpochDeadline = m_voters.size() == 1 ? base::kVirtualTimeMax : now;
}

std::map<int32_t, LeaderState::ReplicaProgress> LeaderState::observers(base::VirtualTime now) const {
  std::map<int32_t, ReplicaProgress> active = m_observers;
  std::erase_if(active, [now](const auto& observer) {
    return observer.second.lastFetch.value_or(base::VirtualTime{}) + kObserverSessionTimeout < now;
  });
  return active;
}

bool LeaderState::updateLocalEndOffset(base::Offset endOffset) {
  m_voters.at(m_options.localId).endOffset = endOffset;
  return maybeMoveHighWatermark();
}

bool LeaderState::updateReplica(int32_t replica, base::Offset fetchOffset, base::Offset logEndOffset,
                                base::VirtualTime now) {
  if (replica < 0) return false;
  ReplicaProgress& progress = isVoter(replica) ? m_voters.at(replica) : m_observers[replica];
  // Kafka: LeaderState.ReplicaState.updateFollowerState.
  if (fetchOffset >= logEndOffset)
    progress.lastCaughtUp = now;
  else if (progress.lastFetch && fetchOffset >= progress.leaderEndOffsetAtLastFetch)
    progress.lastCaughtUp = progress.lastFetch;
  progress.leaderEndOffsetAtLastFetch = logEndOffset;
  progress.lastFetch = now;
  progress.endOffset = fetchOffset;
  if (!isVoter(replica)) return false;
  onFetchedBy(replica, now);
  return maybeMoveHighWatermark();
}

void LeaderState::onFetchedBy(int32_t voter, base::VirtualTime now) {
  if (!isVoter(voter)) return;
  m_fetchedVoters.insert(voter);
  // The leader itself is one of the majority.
  if (m_fetchedVoters.size() < m_voters.size() / 2) return;
  m_fetchedVoters.clear();
  m_checkQuorumDeadline = now + checkQuorumTimeout();
}

bool LeaderState::maybeMoveHighWatermark() {
  std::vector<base::Offset> endOffsets;
  for (const auto& [voter, progress] : m_voters) endOffsets.push_back(progress.endOffset.value_or(-1));
  std::sort(endOffsets.rbegin(), endOffsets.rend());
  const bool isAloneEnough = m_options.bugs.has(base::KnownBug::CommitMetadataAlone);
  const base::Offset onMajority = endOffsets[isAloneEnough ? 0 : endOffsets.size() / 2];
  if (onMajority <= m_options.epochStartOffset || onMajority <= m_highWatermark.value_or(-1)) return false;
  m_highWatermark = onMajority;
  return true;
}

std::vector<int32_t> LeaderState::votersToTell(base::VirtualTime now) const {
  std::vector<int32_t> voters;
  for (const auto& [voter, progress] : m_voters) {
    const bool isSilent = !progress.lastFetch || *progress.lastFetch + beginQuorumEpochTimeout() <= now;
    if (voter != m_options.localId && isSilent) voters.push_back(voter);
  }
  return voters;
}

std::vector<int32_t> LeaderState::followersByDescendingEndOffset() const {
  std::vector<int32_t> followers;
  for (const auto& [voter, progress] : m_voters)
    if (voter != m_options.localId) followers.push_back(voter);
  std::stable_sort(followers.begin(), followers.end(), [this](int32_t a, int32_t b) {
    return m_voters.at(a).endOffset.value_or(-1) > m_voters.at(b).endOffset.value_or(-1);
  });
  return followers;
}

}  // namespace streamscope::controller
