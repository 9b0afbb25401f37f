#pragma once

#include <QString>
#include <cstdint>

#include "base/virtual_time.h"

namespace streamscope::ui {

// Offsets, sizes, rates and times as people read them; the only place that decides how.

/// "1 387" with a thin no-break space between thousands.
QString formatCount(int64_t value);
/// "524 B", "1.2 MiB".
QString formatBytes(uint64_t bytes);
/// "50/s", "0.5/s", "12 300/s"; below a tenth "3/min", "3.6/h".
QString formatRate(double perSecond);
/// "480 ms", "4.1 s", "2 min 05 s".
QString formatDuration(base::Duration duration);
/// "00:01:23.456".
QString formatClock(base::VirtualTime time);
/// "0.1×", "100×", "max".
QString formatSpeed(double factor);
/// Kafka's name of a segment's log file: twenty digits.
QString segmentFileName(int64_t baseOffset);

}  // namespace streamscope::ui
