#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace streamscope::broker {

/// A whole number in [low, high]; otherwise INVALID_CONFIG with a sentence that names key, value and range.
base::Result<int64_t> parseInteger(std::string_view key, const std::string& value, int64_t low, int64_t high);

/// "true" or "false", in any case, as Kafka's ConfigDef takes them.
base::Result<bool> parseBoolean(std::string_view key, const std::string& value);

/// "CreateTime" (false) or "LogAppendTime" (true).
base::Result<bool> parseTimestampType(std::string_view key, const std::string& value);

}  // namespace streamscope::broker
