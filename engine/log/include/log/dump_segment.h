#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/dump_problem.h"
#include "log/record_batch.h"
#include "storage/storage.h"

namespace streamscope::log {

struct DumpedRecord {
  base::Offset offset = 0;
  base::TimestampMs timestamp = -1;
  int32_t sequence = -1;
  uint32_t sizeInBytes = 0;
  std::optional<base::Bytes> key;
  std::optional<base::Bytes> value;
  std::vector<RecordHeader> headers;
  /// Only when asked for, in the order of the bytes: length, attributes, timestampDelta, offsetDelta, keyLength, key,
  /// valueLength, value, headerCount, then headerKeyLength, headerKey, headerValueLength and headerValue of each
  /// header. What is null has a length but no bytes.
  std::vector<DumpedField> fields;
};

struct DumpedBatch {
  uint64_t position = 0;
  BatchHeader header;
  bool isChecksumValid = false;
  /// The parts of the 61-byte header, in the file.
  std::vector<DumpedField> fields;
  /// Only when asked for; as many as could be read.
  std::vector<DumpedRecord> records;
  /// Where the fields of the records are counted: in the file, or from the start of the decompressed records.
  bool areRecordFieldsInFile = true;
  /// Why records could not be read.
  std::optional<std::string> recordProblem;
};

struct SegmentDumpOptions {
  bool withRecords = false;
  /// Byte ranges of every record's fields.
  bool withRecordFields = false;
  /// Batches that begin beyond are not looked at.
  uint64_t bytesMax = std::numeric_limits<uint64_t>::max();
};

struct SegmentDump {
  uint64_t bytes = 0;
  uint64_t batchCount = 0;
  uint64_t recordCount = 0;
  base::Offset firstOffset = base::kNoOffset;
  base::Offset endOffset = base::kNoOffset;
  base::TimestampMs maxTimestamp = -1;
  /// Batches that do not begin where the one before ends: what compaction leaves.
  uint64_t offsetGapCount = 0;
  /// Zeros behind the last batch: preallocated, or a write that never reached the disk. Not a problem by themselves.
  uint64_t paddingBytes = 0;
  std::vector<DumpProblem> problems;
};

/// Walks the batches of a file that has them; `visit` gets each and may stop with false. A batch with a wrong checksum
/// is told and passed over; where something is not a batch, the walk goes on at the next whole batch there is. A
/// problem with no whole batch behind it is a torn tail, another one damage. KAFKA_STORAGE_ERROR when the file cannot
/// be read.
base::Result<SegmentDump> dumpSegment(storage::Storage& storage, const std::filesystem::path& path,
                                      const SegmentDumpOptions& options,
                                      const std::function<bool(const DumpedBatch&)>& visit);

/// Position of each part of the 61-byte header of a batch at `position`, under Kafka's names.
std::vector<DumpedField> headerFields(uint64_t position);

}  // namespace streamscope::log
