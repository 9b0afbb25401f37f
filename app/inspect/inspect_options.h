#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "protocol/internal_topic.h"

namespace streamscope::app {

/// What of the files is shown.
struct InspectOptions {
  bool withRecords = true;
  /// Offset, time, sequence and headers of records beside their keys and values.
  bool withRecordMetadata = true;
  /// Byte ranges of all fields; in JSON only.
  bool withFields = false;
  bool withIndexEntries = true;
  /// Batches, entries and rows; without them only what a file is, its totals and problems.
  bool withContents = true;
  /// Batches of a segment that begin beyond are left out.
  uint64_t bytesMax = std::numeric_limits<uint64_t>::max();
  /// Which topic's records these are, when the name of the directory does not say it.
  std::optional<protocol::InternalTopic> decoder;
  /// Leaves the records of internal topics as they are.
  bool isRaw = false;
};

}  // namespace streamscope::app
