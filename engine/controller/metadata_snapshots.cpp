#include "metadata_snapshots.h"

#include <utility>

namespace streamscope::controller {

namespace {

base::Status statusOf(const storage::StorageStatus& status) {
  if (status) return {};
  return base::fail(storage::toError(status.error()));
}

}  // namespace

base::Result<MetadataSnapshots> MetadataSnapshots::open(storage::Storage& storage, std::filesystem::path directory,
                                                        base::Offset logStartOffset) {
  MetadataSnapshots snapshots(storage, std::move(directory));
  const auto entries = storage.list(snapshots.m_directory);
  if (!entries) return base::fail(storage::toError(entries.error()));
  for (const storage::DirectoryEntry& entry : *entries) {
    const auto name = parseSnapshotFileName(entry.name);
    if (!name || entry.isDirectory) continue;
    if (name->state == SnapshotFileState::Complete && name->id.endOffset >= logStartOffset)
      snapshots.m_sizes[name->id] = entry.size;
    else if (const base::Status removed = statusOf(storage.remove(snapshots.m_directory / entry.name)); !removed)
      return base::fail(removed.error());
  }
  return snapshots;
}

std::optional<SnapshotId> MetadataSnapshots::latest() const {
  return m_sizes.empty() ? std::nullopt : std::optional(m_sizes.rbegin()->first);
}

std::filesystem::path MetadataSnapshots::path(const SnapshotId& id) const {
  return m_directory / snapshotFileName(id);
}

base::Result<base::SharedBytes> MetadataSnapshots::read(const SnapshotId& id) const {
  auto bytes = m_storage->readFile(path(id));
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  return base::SharedBytes(std::move(*bytes));
}

base::Status MetadataSnapshots::write(const SnapshotId& id, base::ByteView bytes) {
  const std::filesystem::path partial = m_directory / partialSnapshotFileName(id, m_written++);
  {
    const auto file = m_storage->open(partial, storage::OpenMode::ReadWrite);
    if (!file) return base::fail(storage::toError(file.error()));
    if (const auto cut = statusOf((*file)->truncate(0)); !cut) return cut;
    if (const auto appended = statusOf((*file)->append(bytes)); !appended) return appended;
    if (const auto synced = statusOf((*file)->sync()); !synced) return synced;
  }
  if (const auto renamed = statusOf(m_storage->rename(partial, path(id))); !renamed) return renamed;
  if (const auto synced = statusOf(m_storage->syncDirectory(m_directory)); !synced) return synced;
  m_sizes[id] = bytes.size();
  return {};
}

base::Status MetadataSnapshots::retireBefore(const SnapshotId& id) {
  while (!m_sizes.empty() && m_sizes.begin()->first < id) {
    const SnapshotId oldest = m_sizes.begin()->first;
    const auto renamed = statusOf(m_storage->rename(path(oldest), m_directory / deletedSnapshotFileName(oldest)));
    if (!renamed) return renamed;
    m_sizes.erase(oldest);
    m_retired.push_back(oldest);
  }
  return statusOf(m_storage->syncDirectory(m_directory));
}

base::Status MetadataSnapshots::removeRetired() {
  for (const SnapshotId& id : std::exchange(m_retired, {}))
    if (const auto removed = statusOf(m_storage->remove(m_directory / deletedSnapshotFileName(id))); !removed)
      return removed;
  return {};
}

}  // namespace streamscope::controller
