#pragma once

#include <cstdint>
#include <optional>

#include "base/topic_partition.h"
#include "base/virtual_time.h"

namespace streamscope::broker {

/// What a leader knows of one follower of a partition, learned from the follower's fetches alone (Kafka: Replica).
class FollowerState {
 public:
  explicit FollowerState(base::BrokerId id) : m_id(id) {}

  base::BrokerId id() const { return m_id; }
  /// The offset of its last fetch; kNoOffset until it fetched from this leader.
  base::Offset logEndOffset() const { return m_logEndOffset; }
  base::Offset logStartOffset() const { return m_logStartOffset; }
  /// When it was known to have all that the leader had.
  std::optional<base::VirtualTime> lastCaughtUpTime() const { return m_lastCaughtUpTime; }
  /// Broker epoch of its last fetch; -1 when the fetch did not tell.
  std::optional<int64_t> brokerEpoch() const { return m_brokerEpoch; }

  /// A new leader epoch begins. In-sync followers get the whole `replica.lag.time.max.ms` from now; a leader that did
  /// not lead before knows no follower's end.
  void reset(base::VirtualTime now, base::Offset leaderLogEndOffset, bool isNewLeader, bool isInSync) {
    m_lastCaughtUpTime = isInSync ? std::optional(now) : std::nullopt;
    if (isNewLeader) {
      m_logEndOffset = base::kNoOffset;
      m_logStartOffset = base::kNoOffset;
      m_brokerEpoch.reset();
      m_lastFetchTime.reset();
      m_lastFetchLeaderLogEndOffset = base::kNoOffset;
    } else {
      m_lastFetchTime = m_lastCaughtUpTime;
      m_lastFetchLeaderLogEndOffset = leaderLogEndOffset;
    }
  }

  /// A fetch at `offset`, when the leader's log ended at `leaderLogEndOffset`. A follower that reaches the end the
  /// leader had at the previous fetch was caught up then.
  void fetched(base::VirtualTime now, base::Offset offset, base::Offset startOffset, base::Offset leaderLogEndOffset,
               int64_t epoch) {
    if (offset >= leaderLogEndOffset)
      caughtUpAt(now);
    else if (m_lastFetchTime && offset >= m_lastFetchLeaderLogEndOffset)
      caughtUpAt(*m_lastFetchTime);
    m_logEndOffset = offset;
    m_logStartOffset = startOffset;
    m_brokerEpoch = epoch;
    m_lastFetchTime = now;
    m_lastFetchLeaderLogEndOffset = leaderLogEndOffset;
  }

  bool isCaughtUp(base::Offset leaderLogEndOffset, base::VirtualTime now, base::Duration lagTimeMax) const {
    return m_logEndOffset == leaderLogEndOffset || (m_lastCaughtUpTime && now - *m_lastCaughtUpTime <= lagTimeMax);
  }

 private:
  void caughtUpAt(base::VirtualTime time) {
    if (!m_lastCaughtUpTime || *m_lastCaughtUpTime < time) m_lastCaughtUpTime = time;
  }

  base::BrokerId m_id;
  base::Offset m_logEndOffset = base::kNoOffset;
  base::Offset m_logStartOffset = base::kNoOffset;
  std::optional<int64_t> m_brokerEpoch;
  std::optional<base::VirtualTime> m_lastCaughtUpTime;
  std::optional<base::VirtualTime> m_lastFetchTime;
  base::Offset m_lastFetchLeaderLogEndOffset = base::kNoOffset;
};

}  // namespace streamscope::broker
