#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"

namespace streamscope::log {

enum class Compression : uint8_t { None = 0, Gzip = 1, Snappy = 2, Lz4 = 3, Zstd = 4 };

/// Byte positions in a v2 batch (Kafka's DefaultRecordBatch). All numbers big-endian.
namespace batch_layout {
inline constexpr size_t kBaseOffset = 0;
inline constexpr size_t kBatchLength = 8;
inline constexpr size_t kPartitionLeaderEpoch = 12;
inline constexpr size_t kMagic = 16;
inline constexpr size_t kCrc = 17;
inline constexpr size_t kAttributes = 21;
inline constexpr size_t kLastOffsetDelta = 23;
inline constexpr size_t kBaseTimestamp = 27;
inline constexpr size_t kMaxTimestamp = 35;
inline constexpr size_t kProducerId = 43;
inline constexpr size_t kProducerEpoch = 51;
inline constexpr size_t kBaseSequence = 53;
inline constexpr size_t kRecordCount = 57;
inline constexpr size_t kRecords = 61;
/// baseOffset and batchLength, which batchLength does not count.
inline constexpr size_t kLogOverhead = 12;
}  // namespace batch_layout

/// The header of one batch, decoded; `sizeInBytes` is the whole batch.
struct BatchHeader {
  base::Offset baseOffset = 0;
  uint32_t sizeInBytes = 0;
  base::LeaderEpoch partitionLeaderEpoch = -1;
  int8_t magic = 2;
  uint32_t crc = 0;
  int16_t attributes = 0;
  int32_t lastOffsetDelta = 0;
  base::TimestampMs baseTimestamp = -1;
  base::TimestampMs maxTimestamp = -1;
  int64_t producerId = -1;
  int16_t producerEpoch = -1;
  int32_t baseSequence = -1;
  int32_t recordCount = 0;

  base::Offset lastOffset() const { return baseOffset + lastOffsetDelta; }
  base::Offset nextOffset() const { return lastOffset() + 1; }
  Compression compression() const { return static_cast<Compression>(attributes & 7); }
  bool isLogAppendTime() const { return (attributes & 8) != 0; }
  bool isTransactional() const { return (attributes & 16) != 0; }
  bool isControl() const { return (attributes & 32) != 0; }
  bool hasDeleteHorizon() const { return (attributes & 64) != 0; }
  /// baseSequence + lastOffsetDelta, wrapping past 2^31-1 to 0.
  int32_t lastSequence() const;
};

/// How reading a batch at some position ended.
enum class BatchEnd {
  /// A whole batch.
  Complete,
  /// The bytes end inside the batch: a partial last batch of a fetch, a torn tail of a file.
  Torn,
  /// Whole but wrong: length below the header's, magic not 2, checksum.
  Damaged,
};

struct BatchScan {
  BatchEnd end = BatchEnd::Torn;
  BatchHeader header;
  /// Why, for Torn and Damaged.
  std::string reason;
};

/// Looks at the batch at the start of `bytes`. Never reads past it; `checkCrc` also verifies the checksum.
BatchScan scanBatch(base::ByteView bytes, bool checkCrc);

struct RecordHeaderView {
  std::string_view key;
  std::optional<base::ByteView> value;
};

/// One record inside a batch; views into the batch's (decompressed) bytes.
struct RecordView {
  base::Offset offset = 0;
  base::TimestampMs timestamp = -1;
  int32_t sequence = -1;
  uint32_t sizeInBytes = 0;
  std::optional<base::ByteView> key;
  std::optional<base::ByteView> value;
  std::vector<RecordHeaderView> headers;
};

/// Calls `visit` for every record of one whole batch, decompressing when needed; false from it stops early.
/// INVALID_RECORD when the records do not match the header, CORRUPT_MESSAGE when a codec refuses.
base::Status forEachRecord(base::ByteView batch, const std::function<bool(const RecordView&)>& visit);

struct RecordHeader {
  std::string key;
  std::optional<base::Bytes> value;
};

/// Builds one v2 batch as Kafka's MemoryRecordsBuilder does.
class RecordBatchBuilder {
 public:
  struct Options {
    Compression compression = Compression::None;
    /// As in compress(); none is Kafka's default for the codec.
    std::optional<int32_t> compressionLevel = std::nullopt;
    base::Offset baseOffset = 0;
    base::LeaderEpoch partitionLeaderEpoch = -1;
    int64_t producerId = -1;
    int16_t producerEpoch = -1;
    int32_t baseSequence = -1;
    bool isTransactional = false;
    bool isControl = false;
    bool isLogAppendTime = false;
  };

  explicit RecordBatchBuilder(const Options& options);

  void append(base::TimestampMs timestamp, std::optional<base::ByteView> key, std::optional<base::ByteView> value,
              const std::vector<RecordHeader>& headers = {});

  int32_t recordCount() const { return m_count; }
  /// Bytes the batch takes so far, uncompressed, header included.
  size_t sizeInBytes() const { return batch_layout::kRecords + m_records.size(); }
  void setProducerState(int64_t producerId, int16_t epoch, int32_t baseSequence);

  /// The finished batch with its checksum.
  base::Bytes build();

 private:
  Options m_options;
  base::Bytes m_records;
  int32_t m_count = 0;
  base::TimestampMs m_baseTimestamp = -1;
  base::TimestampMs m_maxTimestamp = -1;
};

}  // namespace streamscope::log
