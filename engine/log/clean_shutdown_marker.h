#pragma once

#include "base/bytes.h"
#include "parsed.h"

namespace streamscope::log {

inline constexpr const char* kCleanShutdownFile = ".kafka_cleanshutdown";

/// `.kafka_cleanshutdown`: `{"version":0,"brokerEpoch":N}`; the broker epoch of that shutdown, -1 when it does not say,
/// as the empty file of brokers before 3.7. Kafka: CleanShutdownFileHandler.
Parsed<int64_t> parseCleanShutdownMarker(base::ByteView bytes);
base::Bytes formatCleanShutdownMarker(int64_t brokerEpoch);

}  // namespace streamscope::log
