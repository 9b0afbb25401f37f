#include "log/dump_file_kind.h"

#include <array>
#include <charconv>
#include <utility>

#include "clean_shutdown_marker.h"
#include "leader_epoch_cache.h"
#include "log/dump_problem.h"
#include "log_files.h"
#include "meta_properties.h"
#include "partition_metadata_file.h"
#include "replica_directory_name.h"

namespace streamscope::log {
namespace {

constexpr std::string_view kCheckpointSuffix = ".checkpoint";
constexpr std::string_view kBootstrapSnapshotFile = "bootstrap.checkpoint";
constexpr size_t kOffsetDigits = 20;
constexpr size_t kEpochDigits = 10;

constexpr std::array<std::pair<std::string_view, FileState>, 5> kStateSuffixes{{
    {kDeletedSuffix, FileState::Deleted},
    {kCleanedSuffix, FileState::Cleaned},
    {kSwapSuffix, FileState::Swap},
    {".tmp", FileState::Temporary},
    {".part", FileState::Temporary},
}};

constexpr std::array<std::pair<std::string_view, FileKind>, 7> kNames{{
    {kMetaPropertiesFile, FileKind::MetaProperties},
    {kPartitionMetadataFile, FileKind::PartitionMetadata},
    {kCleanShutdownFile, FileKind::CleanShutdownMarker},
    {kEpochCheckpointFile, FileKind::EpochCheckpoint},
    {kBootstrapSnapshotFile, FileKind::BootstrapSnapshot},
    {"quorum-state", FileKind::QuorumState},
    {".lock", FileKind::Lock},
}};

constexpr std::array<std::pair<std::string_view, FileKind>, 5> kSuffixes{{
    {kLogSuffix, FileKind::Segment},
    {kOffsetIndexSuffix, FileKind::OffsetIndex},
    {kTimeIndexSuffix, FileKind::TimeIndex},
    {kTransactionIndexSuffix, FileKind::TransactionIndex},
    {kSnapshotSuffix, FileKind::ProducerSnapshot},
}};

template <class Number>
std::optional<Number> number(std::string_view digits) {
  Number value = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || at != digits.data() + digits.size() || value < 0) return std::nullopt;
  return value;
}

/// "00000000000000000010-0000000001.checkpoint".
void readSnapshotName(DumpedFileName& name) {
  const std::string_view stem(name.stem);
  if (stem.size() != kOffsetDigits + 1 + kEpochDigits + kCheckpointSuffix.size() || stem[kOffsetDigits] != '-') return;
  name.offset = number<base::Offset>(stem.substr(0, kOffsetDigits));
  name.epoch = number<int32_t>(stem.substr(kOffsetDigits + 1, kEpochDigits));
  if (name.offset && name.epoch) name.kind = FileKind::MetadataSnapshot;
}

FileKind kindOfName(std::string_view name) {
  for (const auto& [known, kind] : kNames)
    if (name == known) return kind;
  if (name.ends_with("-offset-checkpoint")) return FileKind::OffsetCheckpoint;
  for (const auto& [suffix, kind] : kSuffixes)
    if (name.ends_with(suffix)) return kind;
  return FileKind::Unknown;
}

std::string_view suffixOf(FileKind kind) {
  for (const auto& [suffix, each] : kSuffixes)
    if (each == kind) return suffix;
  return {};
}

}  // namespace

std::string_view problemKindName(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::TornTail:
      return "torn tail";
    case ProblemKind::Damage:
      return "damage";
    case ProblemKind::Mismatch:
      return "mismatch";
  }
  return {};
}

std::string_view fileKindName(FileKind kind) {
  switch (kind) {
    case FileKind::Segment:
      return "segment";
    case FileKind::MetadataSnapshot:
      return "metadata snapshot";
    case FileKind::BootstrapSnapshot:
      return "bootstrap snapshot";
    case FileKind::OffsetIndex:
      return "offset index";
    case FileKind::TimeIndex:
      return "time index";
    case FileKind::TransactionIndex:
      return "transaction index";
    case FileKind::ProducerSnapshot:
      return "producer snapshot";
    case FileKind::OffsetCheckpoint:
      return "offset checkpoint";
    case FileKind::EpochCheckpoint:
      return "leader epoch checkpoint";
    case FileKind::MetaProperties:
      return "meta.properties";
    case FileKind::PartitionMetadata:
      return "partition.metadata";
    case FileKind::CleanShutdownMarker:
      return "clean shutdown marker";
    case FileKind::QuorumState:
      return "quorum state";
    case FileKind::Lock:
      return "lock";
    case FileKind::Unknown:
      return "unknown";
  }
  return {};
}

bool hasBatches(FileKind kind) {
  return kind == FileKind::Segment || kind == FileKind::MetadataSnapshot || kind == FileKind::BootstrapSnapshot;
}

std::string_view fileStateName(FileState state) {
  switch (state) {
    case FileState::InUse:
      return "in use";
    case FileState::Deleted:
      return "deleted";
    case FileState::Cleaned:
      return "cleaned";
    case FileState::Swap:
      return "swap";
    case FileState::Temporary:
      return "temporary";
  }
  return {};
}

DumpedFileName parseFileName(const std::filesystem::path& path) {
  DumpedFileName name;
  name.stem = path.filename().string();
  for (const auto& [suffix, state] : kStateSuffixes) {
    if (!name.stem.ends_with(suffix)) continue;
    name.state = state;
    name.stem.resize(name.stem.size() - suffix.size());
    break;
  }
  name.kind = kindOfName(name.stem);
  if (name.kind == FileKind::Unknown) readSnapshotName(name);
  if (const std::string_view suffix = suffixOf(name.kind); !suffix.empty())
    name.offset = offsetOfFileName(name.stem, suffix);
  return name;
}

FileKind fileKindOf(const std::filesystem::path& path) {
  return parseFileName(path).kind;
}

std::optional<DumpedDirectoryName> parseDirectoryName(const std::filesystem::path& directory) {
  const auto name = parseReplicaDirectoryName(directory.filename().string());
  if (!name) return std::nullopt;
  switch (name->kind) {
    case ReplicaDirectoryKind::Replica:
      return DumpedDirectoryName{name->partition, {}};
    case ReplicaDirectoryKind::Delete:
      return DumpedDirectoryName{name->partition, "deleted"};
    case ReplicaDirectoryKind::Future:
      return DumpedDirectoryName{name->partition, "future"};
    case ReplicaDirectoryKind::Stray:
      return DumpedDirectoryName{name->partition, "stray"};
  }
  return std::nullopt;
}

base::Result<std::vector<std::filesystem::path>> filesIn(storage::Storage& storage, const std::filesystem::path& path) {
  const auto entries = storage.list(path);
  if (!entries) {
    if (storage.exists(path) && fileKindOf(path) != FileKind::Unknown) return std::vector{path};
    return base::fail(storage::toError(entries.error()));
  }
  std::vector<std::filesystem::path> files;
  for (const storage::DirectoryEntry& entry : *entries)
    if (!entry.isDirectory && fileKindOf(entry.name) != FileKind::Unknown) files.push_back(path / entry.name);
  for (const storage::DirectoryEntry& entry : *entries) {
    if (!entry.isDirectory) continue;
    const auto below = filesIn(storage, path / entry.name);
    if (!below) return below;
    files.insert(files.end(), below->begin(), below->end());
  }
  return files;
}

}  // namespace streamscope::log
