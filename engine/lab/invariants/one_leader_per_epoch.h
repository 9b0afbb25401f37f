#pragma once

#include <map>
#include <utility>

#include "base/topic_partition.h"
#include "invariant.h"

namespace streamscope::lab {

/// In one leader epoch of a partition at most one broker leads, and epochs only grow. What a controller of a quorum of
/// several decides counts only when a broker acts on it: a leader that is deposed decides what is never committed.
class OneLeaderPerEpoch final : public Invariant {
 public:
  std::string_view promise() const override { return "One leader in one epoch."; }

 private:
  void onEvent(const world::TraceEvent& event) override;

  void onLeader(const base::TopicPartition& partition, base::LeaderEpoch epoch, base::BrokerId leader);

  std::map<std::pair<base::TopicPartition, base::LeaderEpoch>, base::BrokerId> m_leaders;
  std::map<base::TopicPartition, base::LeaderEpoch> m_decided;
  bool m_isQuorum = false;
};

}  // namespace streamscope::lab
