#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/topic_partition.h"
#include "invariant.h"
#include "world/address.h"

namespace streamscope::lab {

/// In one life of a broker a replica's high watermark only grows, and nothing below it is cut. (After a restart it
/// begins at its checkpoint.)
class HighWatermarkNeverGoesBack final : public Invariant {
 public:
  /// `isClaimed`: of which partitions it is promised.
  explicit HighWatermarkNeverGoesBack(std::function<bool(const base::TopicPartition&)> isClaimed)
      : m_isClaimed(std::move(isClaimed)) {}

  std::string_view promise() const override { return "A high watermark never goes back."; }

 private:
  void onEvent(const world::TraceEvent& event) override;

  const std::function<bool(const base::TopicPartition&)> m_isClaimed;
  std::map<std::pair<world::Address, base::TopicPartition>, base::Offset> m_highWatermarks;
};

}  // namespace streamscope::lab
