#include "consumers_stay_below_high_watermark.h"

#include <algorithm>

namespace streamscope::lab {

void ConsumersStayBelowHighWatermark::onEvent(const world::TraceEvent& event) {
  if (const auto* moved = std::get_if<world::HighWatermarkMoved>(&event.payload)) {
    base::Offset& highest = m_highWatermarks[moved->partition];
    highest = std::max(highest, moved->to);
  } else if (const auto* consumed = std::get_if<world::RecordsConsumed>(&event.payload)) {
    const base::Offset highest = m_highWatermarks[consumed->partition];
    if (consumed->position > highest)
      broken(consumed->client.toString() + " read " + consumed->partition.toString() + " up to " +
             std::to_string(consumed->position) + " while the high watermark was " + std::to_string(highest));
  }
}

}  // namespace streamscope::lab
