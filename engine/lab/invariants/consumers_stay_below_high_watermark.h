#pragma once

#include <map>

#include "base/topic_partition.h"
#include "invariant.h"

namespace streamscope::lab {

/// No consumer is given a record that no leader had below its high watermark.
class ConsumersStayBelowHighWatermark final : public Invariant {
 public:
  std::string_view promise() const override { return "Consumers read only below the high watermark."; }

 private:
  void onEvent(const world::TraceEvent& event) override;

  /// The highest one any replica told of.
  std::map<base::TopicPartition, base::Offset> m_highWatermarks;
};

}  // namespace streamscope::lab
