#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "log/record_batch.h"

namespace streamscope::broker {

/// A whole number in [low, high]; otherwise INVALID_CONFIG with a sentence that names key, value and range.
base::Result<int64_t> parseInteger(std::string_view key, const std::string& value, int64_t low, int64_t high);

/// "true" or "false", in any case, as Kafka's ConfigDef takes them.
base::Result<bool> parseBoolean(std::string_view key, const std::string& value);

/// "CreateTime" (false) or "LogAppendTime" (true).
base::Result<bool> parseTimestampType(std::string_view key, const std::string& value);

/// A number in [low, high]; otherwise INVALID_CONFIG as parseInteger.
base::Result<double> parseDouble(std::string_view key, const std::string& value, double low, double high);

struct CleanupPolicy {
  bool deletes = false;
  bool compacts = false;
};
/// "delete", "compact", both with a comma between them, or nothing at all.
base::Result<CleanupPolicy> parseCleanupPolicy(std::string_view key, const std::string& value);

/// "producer" (none) or a codec's name, "uncompressed" for no compression.
base::Result<std::optional<log::Compression>> parseCompressionType(std::string_view key, const std::string& value);

}  // namespace streamscope::broker
