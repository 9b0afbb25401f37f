#include "leader_epoch_cache.h"

#include <algorithm>
#include <utility>

#include "checkpoint_file.h"

namespace streamscope::log {

LeaderEpochCache::LeaderEpochCache(const LogFiles& files, std::vector<PartitionLog::EpochEntry> entries)
    : m_files(&files), m_entries(std::move(entries)) {}

storage::StorageStatus LeaderEpochCache::write() const {
  return m_files->storage.writeFileAtomically(m_files->directory / kEpochCheckpointFile,
                                              formatEpochCheckpoint(m_entries));
}

bool LeaderEpochCache::insert(base::LeaderEpoch epoch, base::Offset startOffset) {
  if (!m_entries.empty() && m_entries.back().epoch == epoch && m_entries.back().startOffset <= startOffset)
    return false;
  while (!m_entries.empty() && (m_entries.back().epoch >= epoch || m_entries.back().startOffset >= startOffset))
    m_entries.pop_back();
  m_entries.push_back({epoch, startOffset});
  return true;
}

storage::StorageStatus LeaderEpochCache::assign(base::LeaderEpoch epoch, base::Offset startOffset) {
  return insert(epoch, startOffset) ? write() : storage::StorageStatus{};
}

storage::StorageStatus LeaderEpochCache::truncateFromEnd(base::Offset endOffset) {
  const size_t before = m_entries.size();
  while (!m_entries.empty() && m_entries.back().startOffset >= endOffset) m_entries.pop_back();
  return m_entries.size() == before ? storage::StorageStatus{} : write();
}

storage::StorageStatus LeaderEpochCache::truncateFromStart(base::Offset startOffset) {
  auto covering = std::upper_bound(
      m_entries.begin(), m_entries.end(), startOffset,
      [](base::Offset offset, const PartitionLog::EpochEntry& entry) { return offset < entry.startOffset; });
  if (covering == m_entries.begin()) return {};
  --covering;
  if (covering == m_entries.begin() && covering->startOffset == startOffset) return {};
  covering->startOffset = startOffset;
  m_entries.erase(m_entries.begin(), covering);
  return write();
}

storage::StorageStatus LeaderEpochCache::clear() {
  if (m_entries.empty()) return {};
  m_entries.clear();
  return write();
}

PartitionLog::EpochEnd LeaderEpochCache::endOffsetFor(base::LeaderEpoch epoch, base::Offset logEndOffset) const {
  if (epoch == base::kNoEpoch) return {};
  if (epoch == latestEpoch()) return {epoch, logEndOffset};
  const auto higher = std::upper_bound(
      m_entries.begin(), m_entries.end(), epoch,
      [](base::LeaderEpoch wanted, const PartitionLog::EpochEntry& entry) { return wanted < entry.epoch; });
  if (higher == m_entries.end()) return {};
  // Below the first known epoch the answer is the requested one: its records are gone, the log goes on from here.
  if (higher == m_entries.begin()) return {epoch, higher->startOffset};
  return {std::prev(higher)->epoch, higher->startOffset};
}

base::LeaderEpoch LeaderEpochCache::epochForOffset(base::Offset offset) const {
  const auto after = std::upper_bound(
      m_entries.begin(), m_entries.end(), offset,
      [](base::Offset wanted, const PartitionLog::EpochEntry& entry) { return wanted < entry.startOffset; });
  return after == m_entries.begin() ? base::kNoEpoch : std::prev(after)->epoch;
}

}  // namespace streamscope::log
