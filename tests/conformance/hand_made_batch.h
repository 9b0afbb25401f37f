#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "log/record_batch.h"

namespace streamscope::conformance {

/// One record as a client may write it, right or wrong.
struct HandMadeRecord {
  int64_t timestampDelta = 0;
  /// Its place in the batch unless said otherwise.
  std::optional<int32_t> offsetDelta = std::nullopt;
  std::optional<std::string> key = "key";
  std::optional<std::string> value = "value";
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  int8_t attributes = 0;
  /// Instead of the number of headers.
  std::optional<int32_t> headerCount = std::nullopt;
  /// Added to the length that the record says of itself.
  int32_t lengthError = 0;
  /// After the last header, counted by the record's length.
  base::Bytes surplus = {};
};

/// One batch of format 2 as a client may write it: what is not said is as it should be, the checksum included.
struct HandMadeBatch {
  std::vector<HandMadeRecord> records = {{}, {}, {}};
  log::Compression codec = log::Compression::None;
  int64_t baseOffset = 0;
  std::optional<int32_t> batchLength = std::nullopt;
  int32_t leaderEpoch = -1;
  int8_t magic = 2;
  uint32_t crcError = 0;
  /// Besides the codec.
  int16_t attributes = 0;
  std::optional<int32_t> lastOffsetDelta = std::nullopt;
  int64_t baseTimestamp = 1'700'000'000'000;
  std::optional<int64_t> maxTimestamp = std::nullopt;
  int64_t producerId = -1;
  int16_t producerEpoch = -1;
  int32_t baseSequence = -1;
  std::optional<int32_t> recordCount = std::nullopt;
  /// Before compression, after the last record.
  base::Bytes surplus = {};
  /// Instead of the (compressed) records.
  std::optional<base::Bytes> payload = std::nullopt;

  base::Bytes recordBytes() const;
  base::Bytes bytes() const;
};

/// One message of format 0 or 1, well made.
base::Bytes oldMessage(int8_t magic, const std::string& key, const std::string& value);

}  // namespace streamscope::conformance
