#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "log/record_batch.h"

/// Batches for the tests of this folder.
namespace streamscope::log {

inline constexpr base::TimestampMs kTestTime = 1'700'000'000'000;

inline base::Bytes fromHex(std::string_view text) {
  base::Bytes bytes;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits.push_back(c);
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

/// A client's batch of `count` records "k<i>" -> `valueSize` letters, one millisecond apart.
struct BatchSpec {
  int32_t count = 1;
  size_t valueSize = 10;
  base::TimestampMs timestamp = kTestTime;
  Compression compression = Compression::None;
  int64_t producerId = -1;
  int16_t producerEpoch = -1;
  int32_t baseSequence = -1;
  bool isControl = false;
  bool isTransactional = false;
  base::Offset baseOffset = 0;
  base::LeaderEpoch leaderEpoch = -1;
};

inline base::Bytes makeBatch(const BatchSpec& spec = {}) {
  RecordBatchBuilder::Options options;
  options.compression = spec.compression;
  options.baseOffset = spec.baseOffset;
  options.partitionLeaderEpoch = spec.leaderEpoch;
  options.producerId = spec.producerId;
  options.producerEpoch = spec.producerEpoch;
  options.baseSequence = spec.baseSequence;
  options.isControl = spec.isControl;
  options.isTransactional = spec.isTransactional;
  RecordBatchBuilder builder(options);
  for (int32_t i = 0; i < spec.count; ++i) {
    const std::string key = "k" + std::to_string(i);
    const std::string value(spec.valueSize, static_cast<char>('a' + i % 26));
    builder.append(spec.timestamp + i, base::asBytes(key), base::asBytes(value));
  }
  return builder.build();
}

/// A batch of exactly `sizeInBytes`, one record.
inline base::Bytes makeBatchOfSize(size_t sizeInBytes, base::TimestampMs timestamp = kTestTime) {
  for (size_t valueSize = sizeInBytes - 75; valueSize < sizeInBytes; ++valueSize) {
    base::Bytes batch = makeBatch({.valueSize = valueSize, .timestamp = timestamp});
    if (batch.size() == sizeInBytes) return batch;
  }
  return {};
}

}  // namespace streamscope::log
