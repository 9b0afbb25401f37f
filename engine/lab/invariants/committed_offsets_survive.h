#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "base/topic_partition.h"
#include "invariant.h"
#include "world/address.h"

namespace streamscope::lab {

/// A member that is given a partition begins no earlier than the group has committed. Partitions that lost records by
/// agreement are left out: there the offset itself may be gone.
class CommittedOffsetsSurvive final : public Invariant {
 public:
  explicit CommittedOffsetsSurvive(std::function<bool(const base::TopicPartition&)> isHistoryKept)
      : m_isHistoryKept(std::move(isHistoryKept)) {}

  std::string_view promise() const override { return "Committed offsets are never lost."; }

 private:
  void onEvent(const world::TraceEvent& event) override;
  void onConsumed(const world::RecordsConsumed& consumed);

  const std::function<bool(const base::TopicPartition&)> m_isHistoryKept;
  std::map<std::pair<std::string, base::TopicPartition>, base::Offset> m_committed;
  /// What was committed when the partition was assigned, until its first record.
  std::map<std::pair<world::Address, base::TopicPartition>, base::Offset> m_begins;
};

}  // namespace streamscope::lab
