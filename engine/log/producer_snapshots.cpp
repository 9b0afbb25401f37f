#include "producer_snapshots.h"

#include "producer_snapshot.h"

namespace streamscope::log {

storage::StorageStatus ProducerSnapshots::open(const std::set<base::Offset>& baseOffsets) {
  const auto entries = m_files.storage.list(m_files.directory);
  if (!entries) return base::fail(entries.error());
  m_offsets.clear();
  m_unwritten.clear();
  m_superseded.clear();
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

void ProducerSnapshots::forget(base::Offset offset) {
  m_offsets.erase(offset);
  m_unwritten.erase(offset);
  m_superseded.erase(offset);
}

storage::StorageStatus ProducerSnapshots::remove(base::Offset offset) {
  forget(offset);
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
      const auto unwritten = m_unwritten.find(offset);
      const auto bytes = unwritten == m_unwritten.end() ? m_files.storage.readFile(path) : unwritten->second;
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

storage::StorageStatus ProducerSnapshots::supersedeBeyond(base::Offset offset,
                                                          const std::set<base::Offset>& baseOffsets) {
  while (!m_offsets.empty() && *m_offsets.rbegin() > offset) {
    const base::Offset last = *m_offsets.rbegin();
    if (baseOffsets.contains(last)) {
      m_superseded.insert(last);
      m_offsets.erase(last);
    } else if (auto status = remove(last); !status) {
      return status;
    }
  }
  return {};
}

storage::StorageStatus ProducerSnapshots::removeSuperseded() {
  while (!m_superseded.empty())
    if (auto status = remove(*m_superseded.begin()); !status) return status;
  return {};
}

void ProducerSnapshots::take(const ProducerStateManager& state) {
  const base::Offset offset = state.endOffset();
  if (!m_offsets.empty() && *m_offsets.rbegin() >= offset) return;
  if (offset == 0) return;
  m_unwritten[offset] = formatProducerSnapshot(state.snapshot());
  m_offsets.insert(offset);
  m_superseded.erase(offset);
}

std::optional<base::Offset> ProducerSnapshots::firstUnwritten() const {
  if (m_unwritten.empty()) return std::nullopt;
  return m_unwritten.begin()->first;
}

storage::StorageStatus ProducerSnapshots::write(base::Offset end) {
  while (!m_unwritten.empty() && m_unwritten.begin()->first <= end) {
    const auto& [offset, bytes] = *m_unwritten.begin();
    const auto file = m_files.storage.open(m_files.path(offset, kSnapshotSuffix), storage::OpenMode::ReadWrite);
    if (!file) return base::fail(file.error());
    if (auto status = (*file)->truncate(0); !status) return base::fail(status.error());
    if (auto status = (*file)->append(bytes); !status) return base::fail(status.error());
    if (auto status = (*file)->sync(); !status) return base::fail(status.error());
    m_unwritten.erase(m_unwritten.begin());
  }
  return {};
}

}  // namespace streamscope::log
