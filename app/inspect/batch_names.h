#pragma once

#include <string_view>

#include "log/record_batch.h"

namespace streamscope::app {

/// Kafka's name of a codec, as in compression.type; "unknown" for a number no codec has.
std::string_view codecName(log::Compression compression);

/// "CreateTime" or "LogAppendTime".
std::string_view timestampTypeName(const log::BatchHeader& header);

}  // namespace streamscope::app
