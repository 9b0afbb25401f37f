#include "producer_snapshots.h"

namespace streamscope::log {

storage::StorageStatus ProducerSnapshots::open(const std::set<base::Offset>& baseOffsets) {
  const auto entries = m_files.storage.list(m_files.directory);
  if (!entries) return base::fail(entries.error());
  m_offsets.clear();
  for (const storage::DirectoryEntry& entry : *entries)
    if (const auto offset = offsetOfFileName(entry.name, kSnapshotSuffix)) m_offsets.insert(*offset);
  if (m_offsets.empty()) return {};
  const base::Offset newest = *m_offsets.rbegin();
  const bool newestIsEnd = baseOffsets.empty() || newest > *baseOffsets.rbegin();
  const std::set<base::Offset> found = m_offsets;
  for (const base::Offset offset : found) {
    if (baseOffsets.contains(offset) || (offset == newest && newestIsEnd)) continue;
    if (auto status = remove(offset); !status) return status;
  }
  return {};
}

storage::StorageStatus ProducerSnapshots::remove(base::Offset offset) {
  m_offsets.erase(offset);
  m_unsynced.erase(offset);
  const std::filesystem::path path = m_files.path(offset, kSnapshotSuffix);
  if (!m_files.storage.exists(path)) return {};
  return m_files.storage.remove(path);
}

storage::StorageStatus ProducerSnapshots::removeAll() {
  while (!m_offsets.empty())
    if (auto status = remove(*m_offsets.begin()); !status) return status;
  return {};
}

storage::StorageStatus ProducerSnapshots::loadNewest(ProducerStateManager& state, base::Offset logStart,
                                                     base::Offset logEnd, RecoveryReport* report) {
  while (!m_offsets.empty() && *m_offsets.rbegin() > logStart) {
    const base::Offset offset = *m_offsets.rbegin();
    if (offset <= logEnd) {
      const std::filesystem::path path = m_files.path(offset, kSnapshotSuffix);
      const auto bytes = m_files.storage.readFile(path);
      if (!bytes) return base::fail(bytes.error());
      const auto entries = parseProducerSnapshot(*bytes);
      if (entries) {
        state.load(*entries, offset);
        return {};
      }
      if (report != nullptr)
        report->cuts.push_back({path.string(), entries.error().atByte, bytes->size(),
                                sentence(path.string(), entries.error(),
                                         "it was removed and the producers' state read from the batches instead")});
    }
    if (auto status = remove(offset); !status) return status;
  }
  state.clear(logStart);
  return {};
}

storage::StorageStatus ProducerSnapshots::take(const ProducerStateManager& state) {
  const base::Offset offset = state.endOffset();
  if (!m_offsets.empty() && *m_offsets.rbegin() >= offset) return {};
  if (offset == 0) return {};
  const auto file = m_files.storage.open(m_files.path(offset, kSnapshotSuffix), storage::OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  if (auto status = (*file)->truncate(0); !status) return status;
  if (auto status = (*file)->append(formatProducerSnapshot(state.snapshot())); !status) return status;
  m_offsets.insert(offset);
  m_unsynced.insert(offset);
  return {};
}

storage::StorageStatus ProducerSnapshots::sync() {
  for (const base::Offset offset : m_unsynced) {
    if (!m_offsets.contains(offset)) continue;
    const auto file = m_files.storage.open(m_files.path(offset, kSnapshotSuffix), storage::OpenMode::ReadWrite);
    if (!file) return base::fail(file.error());
    if (auto status = (*file)->sync(); !status) return status;
  }
  m_unsynced.clear();
  return {};
}

}  // namespace streamscope::log
