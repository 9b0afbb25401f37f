#pragma once

#include <string>

#include "base/virtual_time.h"
#include "log/log_config.h"
#include "log/partition_log.h"

namespace streamscope::broker {

// Why a log rolled or lost a segment, in the words of the configs that decided: for the trace.

/// "segment.bytes=16384".
std::string whyRolled(log::RollReason reason, const log::LogConfig& config);
/// "retention.ms=60000, its newest record is 61000 ms old".
std::string whyDeleted(const log::DeletedSegment& segment, const log::LogConfig& config,
                       base::Offset logStartOffsetBefore, base::TimestampMs nowMs);

}  // namespace streamscope::broker
