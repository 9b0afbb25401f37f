#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/record_batch.h"
#include "storage/storage.h"

namespace streamscope::log {

/// What is in the files of a log directory, for people who look into them. Nothing here changes a file, and no file is
/// too damaged: what can be read is told, then what is wrong and where.

enum class FileKind {
  /// N.log, and what has the same form: metadata snapshots and bootstrap.checkpoint.
  Segment,
  OffsetIndex,
  TimeIndex,
  ProducerSnapshot,
  /// `<topic> <partition> <offset>` lines.
  OffsetCheckpoint,
  EpochCheckpoint,
  MetaProperties,
  PartitionMetadata,
  CleanShutdownMarker,
  Unknown,
};

/// By the name alone.
FileKind fileKindOf(const std::filesystem::path& path);

/// Every file of a known kind under a directory, in the order of the names, subdirectories after files. A path that is
/// a file gives itself.
base::Result<std::vector<std::filesystem::path>> filesIn(storage::Storage& storage, const std::filesystem::path& path);

struct DumpProblem {
  uint64_t atByte = 0;
  std::string reason;
};

/// A header field and its bytes in the file, [begin, end).
struct DumpedField {
  const char* name = "";
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct DumpedRecord {
  base::Offset offset = 0;
  base::TimestampMs timestamp = -1;
  int32_t sequence = -1;
  uint32_t sizeInBytes = 0;
  std::optional<base::Bytes> key;
  std::optional<base::Bytes> value;
  std::vector<RecordHeader> headers;
};

struct DumpedBatch {
  uint64_t position = 0;
  BatchHeader header;
  bool isChecksumValid = false;
  std::vector<DumpedField> fields;
  /// Only when asked for; as many as could be read.
  std::vector<DumpedRecord> records;
  /// Why records could not be read.
  std::optional<std::string> recordProblem;
};

struct SegmentDump {
  uint64_t bytes = 0;
  uint64_t batchCount = 0;
  uint64_t recordCount = 0;
  base::Offset firstOffset = base::kNoOffset;
  base::Offset endOffset = base::kNoOffset;
  base::TimestampMs maxTimestamp = -1;
  std::vector<DumpProblem> problems;
};

/// Walks the batches of a segment; `visit` gets each and may stop with false. A batch with a wrong checksum is told and
/// passed over; where something is not a batch the walk ends. KAFKA_STORAGE_ERROR when the file cannot be read.
base::Result<SegmentDump> dumpSegment(storage::Storage& storage, const std::filesystem::path& path, bool withRecords,
                                      const std::function<bool(const DumpedBatch&)>& visit);

/// Position of each part of the 61-byte header of a batch at `position`, under Kafka's names.
std::vector<DumpedField> headerFields(uint64_t position);

struct OffsetIndexDump {
  struct Entry {
    base::Offset offset = 0;
    uint64_t position = 0;
  };
  base::Offset baseOffset = 0;
  std::vector<Entry> entries;
  /// Disorder, and entries that do not fit the segment beside the index (checked when it is there).
  std::vector<DumpProblem> problems;
};
base::Result<OffsetIndexDump> dumpOffsetIndex(storage::Storage& storage, const std::filesystem::path& path);

struct TimeIndexDump {
  struct Entry {
    base::TimestampMs timestamp = -1;
    base::Offset offset = 0;
  };
  base::Offset baseOffset = 0;
  std::vector<Entry> entries;
  std::vector<DumpProblem> problems;
};
base::Result<TimeIndexDump> dumpTimeIndex(storage::Storage& storage, const std::filesystem::path& path);

/// A small file as a table: checkpoints, snapshots, properties.
struct TableDump {
  using Cell = std::variant<int64_t, std::string>;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  std::optional<DumpProblem> problem;
};
/// INVALID_REQUEST for a kind that is no table.
base::Result<TableDump> dumpTable(storage::Storage& storage, const std::filesystem::path& path);

}  // namespace streamscope::log
