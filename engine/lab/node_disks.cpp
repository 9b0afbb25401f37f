#include "node_disks.h"

#include <span>
#include <vector>

#include "storage/memory_storage.h"
#include "storage/posix_storage.h"

namespace streamscope::lab {

namespace {

namespace fs = std::filesystem;

// Streams of random numbers of their own, so that drawing from one shifts nothing else.
constexpr uint64_t kPowerLossStream = 0x706f776572;
constexpr uint64_t kBitFlipStream = 0x666c6970;

struct CandidateFile {
  fs::path path;
  uint64_t size = 0;
};

/// Everything below the directory, by name; a directory that is not there has nothing.
void addFiles(const storage::Storage& disk, const fs::path& directory, bool onlyLogs,
              std::vector<CandidateFile>& into) {
  const auto entries = disk.list(directory);
  if (!entries) return;
  for (const storage::DirectoryEntry& entry : *entries) {
    const fs::path path = directory / entry.name;
    if (entry.isDirectory)
      addFiles(disk, path, onlyLogs, into);
    else if (!onlyLogs || path.extension() == ".log")
      into.push_back({path, entry.size});
  }
}

/// In the node's directory or in one of its several log directories.
void addLogFiles(const storage::Storage& disk, const base::TopicPartition& partition,
                 std::vector<CandidateFile>& into) {
  addFiles(disk, partition.toString(), true, into);
  const auto entries = disk.list("");
  if (!entries) return;
  for (const storage::DirectoryEntry& entry : *entries)
    if (entry.isDirectory && entry.name.starts_with("logs-"))
      addFiles(disk, fs::path(entry.name) / partition.toString(), true, into);
}

/// Each directory is synced once its names are gone, so that no loss of power brings them back. The lock stays: the
/// process that holds it may be this one.
storage::StorageStatus clear(storage::Storage& disk, const fs::path& directory) {
  const auto entries = disk.list(directory);
  if (!entries) return base::fail(entries.error());
  for (const storage::DirectoryEntry& entry : *entries) {
    const fs::path path = directory / entry.name;
    if (entry.name == ".lock") continue;
    if (entry.isDirectory)
      if (auto status = clear(disk, path); !status) return status;
    if (auto status = disk.removeAll(path); !status) return status;
  }
  return disk.syncDirectory(directory);
}

}  // namespace

std::string NodeDisks::directoryName(world::Address node) {
  const std::string kind = node.kind == world::NodeKind::Controller ? "controller-" : "broker-";
  return kind + std::to_string(node.id);
}

std::unique_ptr<storage::Storage> NodeDisks::makeDisk(world::Address node) {
  Disk disk;
  if (m_dataDirectory.empty())
    disk.inner = std::make_unique<storage::MemoryStorage>();
  else
    disk.inner =
        std::make_unique<storage::PosixStorage>(m_areShared ? m_dataDirectory : m_dataDirectory / directoryName(node));
  disk.crashable = std::make_unique<storage::CrashableStorage>(*disk.inner);
  disk.directories = std::make_unique<storage::FailingDirectories>(*disk.crashable);
  auto faulty = std::make_unique<storage::FaultyStorage>(*disk.directories);
  disk.faulty = faulty.get();
  m_disks[node] = std::move(disk);
  return faulty;
}

void NodeDisks::setFull(world::Address node, bool full) {
  Disk& disk = m_disks.at(node);
  disk.state.isFull = full;
  disk.faulty->setFull(full);
}

void NodeDisks::setDirectoryFailing(world::Address node, const std::string& directory, bool fails) {
  m_disks.at(node).directories->setFailing(directory, fails);
}

bool NodeDisks::isDirectoryFailing(world::Address node, const std::string& directory) const {
  return m_disks.at(node).directories->isFailing(directory);
}

void NodeDisks::set(world::Address node, const DiskState& state, uint64_t operationsUntilFailure) {
  Disk& disk = m_disks.at(node);
  const bool isFull = disk.state.isFull;
  disk.state = state;
  disk.state.isFull = isFull;
  disk.faulty->stopAtOperation(state.isFailing ? std::optional(disk.faulty->operationCount() + operationsUntilFailure)
                                               : std::nullopt);
  disk.faulty->setLosesSyncs(state.losesSyncs);
  if (state.operationLatency.count() == 0) return disk.faulty->setObserver(nullptr);
  disk.faulty->setObserver([this, node, duration = state.operationLatency](uint64_t) {
    if (m_occupy) m_occupy(node, duration);
  });
}

storage::StorageStatus NodeDisks::replace(world::Address node) {
  Disk& disk = m_disks.at(node);
  const auto directories = disk.inner->list("");
  if (!directories) return base::fail(directories.error());
  for (const storage::DirectoryEntry& directory : *directories) disk.directories->setFailing(directory.name, false);
  if (auto status = clear(*disk.crashable, ""); !status) return status;
  setFull(node, false);
  set(node, DiskState{}, 0);
  return {};
}

storage::StorageResult<std::optional<NodeDisks::FlippedBit>> NodeDisks::flipBit(
    world::Address node, const std::optional<base::TopicPartition>& partition) {
  Disk& disk = m_disks.at(node);
  std::vector<CandidateFile> candidates;
  if (partition)
    addLogFiles(*disk.inner, *partition, candidates);
  else
    addFiles(*disk.inner, "", false, candidates);
  uint64_t bytes = 0;
  for (const CandidateFile& candidate : candidates) bytes += candidate.size;
  if (bytes == 0) return std::optional<FlippedBit>();

  base::Random random = randomOf(node, kBitFlipStream, disk.bitFlips++);
  uint64_t position = random.below(bytes);
  auto candidate = candidates.begin();
  for (; position >= candidate->size; ++candidate) position -= candidate->size;
  FlippedBit flipped{candidate->path.generic_string(), position, static_cast<int32_t>(random.below(8))};

  auto file = disk.inner->open(candidate->path, storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  uint8_t byte = 0;
  if (const auto read = (*file)->readAt(position, std::span(&byte, 1)); !read) return base::fail(read.error());
  byte = static_cast<uint8_t>(byte ^ (1u << flipped.bit));
  if (auto written = (*file)->writeAt(position, std::span(&byte, 1)); !written) return base::fail(written.error());
  return std::optional<FlippedBit>(std::move(flipped));
}

base::Random NodeDisks::randomOf(world::Address node, uint64_t purpose, uint64_t times) const {
  const uint64_t name = (static_cast<uint64_t>(node.kind) << 32) | static_cast<uint64_t>(node.id);
  return base::Random(m_seed).fork(purpose).fork(name).fork(times);
}

storage::StorageResult<storage::CrashableStorage::Loss> NodeDisks::losePower(world::Address node) {
  Disk& disk = m_disks.at(node);
  return disk.crashable->losePower(randomOf(node, kPowerLossStream, disk.powerLosses++).next());
}

}  // namespace streamscope::lab
