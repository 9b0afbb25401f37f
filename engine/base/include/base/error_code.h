#pragma once

#include <cstdint>
#include <string_view>

namespace streamscope::base {

/// Kafka's error codes as they stand on the wire (Apache Kafka, `Errors.java`). The spelling of the enumerators follows
/// Kafka's constants so that a reader can search for either.
enum class ErrorCode : int16_t {
#define STREAMSCOPE_ERROR_CODE(name, code, retriable, refreshesMetadata) name = code,
#include "base/error_code_table.inc"
#undef STREAMSCOPE_ERROR_CODE
};

/// Kafka's constant for a code; "UNDEFINED" for a number Kafka does not define.
std::string_view errorName(ErrorCode code);

/// True when a client may send the same request again (Kafka's RetriableException).
bool isRetriable(ErrorCode code);

/// True when a client must refresh its metadata before it tries again (Kafka's InvalidMetadataException).
bool refreshesMetadata(ErrorCode code);

}  // namespace streamscope::base
