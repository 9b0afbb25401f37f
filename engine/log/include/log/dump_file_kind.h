#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "storage/storage.h"

namespace streamscope::log {

enum class FileKind : uint8_t {
  /// N.log.
  Segment,
  /// N-E.checkpoint in the metadata log: batches, as in a segment.
  MetadataSnapshot,
  /// bootstrap.checkpoint: batches, too.
  BootstrapSnapshot,
  OffsetIndex,
  TimeIndex,
  TransactionIndex,
  ProducerSnapshot,
  /// `<topic> <partition> <offset>` lines.
  OffsetCheckpoint,
  EpochCheckpoint,
  MetaProperties,
  PartitionMetadata,
  CleanShutdownMarker,
  QuorumState,
  /// .lock, always empty.
  Lock,
  Unknown,
};

/// "segment", "offset index", ...
std::string_view fileKindName(FileKind kind);

/// Segment, MetadataSnapshot and BootstrapSnapshot: files of batches.
bool hasBatches(FileKind kind);

/// What a suffix behind a file's name says of it.
enum class FileState : uint8_t {
  InUse,
  /// .deleted: waits to be removed.
  Deleted,
  /// .cleaned: compaction writes it.
  Cleaned,
  /// .swap: compaction wrote it, it is about to take its place.
  Swap,
  /// .tmp or .part: being written.
  Temporary,
};

/// "in use", "deleted", ...
std::string_view fileStateName(FileState state);

struct DumpedFileName {
  FileKind kind = FileKind::Unknown;
  FileState state = FileState::InUse;
  /// The name without the suffix of its state.
  std::string stem;
  /// Of a segment and what belongs to one; end offset of a metadata snapshot.
  std::optional<base::Offset> offset;
  /// Of a metadata snapshot.
  std::optional<int32_t> epoch;
};

/// By the name alone.
DumpedFileName parseFileName(const std::filesystem::path& path);
FileKind fileKindOf(const std::filesystem::path& path);

/// What a directory's name says: the replica in it, and whether it is one of Kafka's ("deleted", "stray", "future")
/// that are not in use. `state` is empty for a replica in use.
struct DumpedDirectoryName {
  base::TopicPartition partition;
  std::string_view state;
};
std::optional<DumpedDirectoryName> parseDirectoryName(const std::filesystem::path& directory);

/// Every file of a known kind under a directory, in the order of the names, subdirectories after files. A path that is
/// a file gives itself.
base::Result<std::vector<std::filesystem::path>> filesIn(storage::Storage& storage, const std::filesystem::path& path);

}  // namespace streamscope::log
