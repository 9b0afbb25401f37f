#include "deleted_segments.h"

#include <algorithm>

namespace streamscope::log {

storage::StorageStatus DeletedSegments::addSegment(base::Offset baseOffset, base::TimestampMs removeAtMs) {
  // A log must not lose its indexes while it may come back: aborted transactions would count as committed. Indexes
  // without a log go when the log is loaded.
  if (auto status = add(baseOffset, kLogSuffix, removeAtMs); !status) return status;
  if (auto status = m_files.storage.syncDirectory(m_files.directory); !status) return status;
  return addIndexes(baseOffset, removeAtMs);
}

storage::StorageStatus DeletedSegments::addReplacedSegment(base::Offset baseOffset, base::TimestampMs removeAtMs) {
  if (auto status = add(baseOffset, kLogSuffix, removeAtMs); !status) return status;
  return addIndexes(baseOffset, removeAtMs);
}

storage::StorageStatus DeletedSegments::addIndexes(base::Offset baseOffset, base::TimestampMs removeAtMs) {
  for (const std::string_view suffix : {kOffsetIndexSuffix, kTimeIndexSuffix, kTransactionIndexSuffix})
    if (auto status = add(baseOffset, suffix, removeAtMs); !status) return status;
  return {};
}

storage::StorageStatus DeletedSegments::addSnapshot(base::Offset offset, base::TimestampMs removeAtMs) {
  return add(offset, kSnapshotSuffix, removeAtMs);
}

storage::StorageStatus DeletedSegments::add(base::Offset offset, std::string_view suffix,
                                            base::TimestampMs removeAtMs) {
  const std::string name = offsetFileName(offset, suffix);
  const std::string deleted = name + std::string(kDeletedSuffix);
  if (!m_files.storage.exists(m_files.directory / name)) return {};
  if (auto status = m_files.storage.rename(m_files.directory / name, m_files.directory / deleted); !status)
    return status;
  m_removeAtMs.insert_or_assign(deleted, removeAtMs);
  return {};
}

std::optional<base::TimestampMs> DeletedSegments::nextRemoval() const {
  std::optional<base::TimestampMs> next;
  for (const auto& [name, removeAtMs] : m_removeAtMs) next = std::min(next.value_or(removeAtMs), removeAtMs);
  return next;
}

storage::StorageResult<std::vector<std::string>> DeletedSegments::removeDue(base::TimestampMs nowMs) {
  std::vector<std::string> removed;
  for (auto it = m_removeAtMs.begin(); it != m_removeAtMs.end();) {
    if (it->second > nowMs) {
      ++it;
      continue;
    }
    const auto status = m_files.storage.remove(m_files.directory / it->first);
    if (!status && status.error().kind != storage::FaultKind::NotFound) return base::fail(status.error());
    if (status) removed.push_back(it->first);
    it = m_removeAtMs.erase(it);
  }
  return removed;
}

}  // namespace streamscope::log
