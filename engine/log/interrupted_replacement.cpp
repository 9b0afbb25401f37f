#include "interrupted_replacement.h"

#include <algorithm>
#include <set>

#include "batch_scanner.h"
#include "segment_replacement.h"

namespace streamscope::log {
namespace {

constexpr std::string_view kOffsetSuffixes[] = {kLogSuffix, kOffsetIndexSuffix, kTimeIndexSuffix,
                                                kTransactionIndexSuffix, kSnapshotSuffix};

/// The offset in the name of any of a log's files that has one.
std::optional<base::Offset> offsetOf(std::string_view name) {
  for (const std::string_view suffix : kOffsetSuffixes)
    if (const auto offset = offsetOfFileName(name, suffix)) return offset;
  return std::nullopt;
}

std::optional<std::string_view> withoutSuffix(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return std::nullopt;
  return name.substr(0, name.size() - suffix.size());
}

/// The offsets that the new segments have: [from, end).
struct Covered {
  base::Offset from = INT64_MAX;
  base::Offset end = -1;

  bool contains(base::Offset offset) const { return offset >= from && offset < end; }
};

class InterruptedReplacement {
 public:
  explicit InterruptedReplacement(const LogFiles& files) : m_files(files) {}

  storage::StorageStatus settle() {
    auto entries = m_files.storage.list(m_files.directory);
    if (!entries) return base::fail(entries.error());
    m_entries = std::move(*entries);
    if (auto status = undoUndecided(); !status) return status;
    if (auto status = removeTemporaryFiles(); !status) return status;
    if (auto status = takeSwaps(); !status) return status;
    if (m_swaps.empty()) return {};
    if (auto status = removeCovered(); !status) return status;
    return renameSwaps(m_files, {m_swaps.begin(), m_swaps.end()});
  }

 private:
  storage::StorageStatus remove(const std::string& name) { return m_files.storage.remove(m_files.directory / name); }

  /// For good before the `.cleaned` files go, which say that nothing is decided.
  storage::StorageStatus undoUndecided() {
    base::Offset smallestCleaned = INT64_MAX;
    for (const storage::DirectoryEntry& entry : m_entries)
      if (const auto inner = withoutSuffix(entry.name, kCleanedSuffix))
        smallestCleaned = std::min(smallestCleaned, offsetOf(*inner).value_or(INT64_MAX));
    const auto isUndecided = [&](const storage::DirectoryEntry& entry) {
      const auto inner = withoutSuffix(entry.name, kSwapSuffix);
      return inner && offsetOf(*inner).value_or(-1) >= smallestCleaned;
    };
    const size_t before = m_entries.size();
    for (const storage::DirectoryEntry& entry : m_entries)
      if (isUndecided(entry))
        if (auto status = remove(entry.name); !status) return status;
    std::erase_if(m_entries, isUndecided);
    return m_entries.size() == before ? storage::StorageStatus() : m_files.storage.syncDirectory(m_files.directory);
  }

  storage::StorageStatus removeTemporaryFiles() {
    for (const storage::DirectoryEntry& entry : m_entries) {
      const std::string_view name = entry.name;
      if (!name.ends_with(kCleanedSuffix) && !name.ends_with(kDeletedSuffix) && !name.ends_with(".tmp")) continue;
      if (auto status = remove(entry.name); !status) return status;
    }
    return {};
  }

  storage::StorageStatus takeSwaps() {
    for (const storage::DirectoryEntry& entry : m_entries) {
      const auto inner = withoutSuffix(entry.name, kSwapSuffix);
      if (!inner) continue;
      if (const auto offset = offsetOf(*inner)) m_swaps.insert(*offset);
      const auto offset = offsetOfFileName(*inner, kLogSuffix);
      if (!offset) continue;
      m_newSegments.insert(*offset);
      if (auto status = cover(entry, *offset); !status) return status;
    }
    return {};
  }

  storage::StorageStatus cover(const storage::DirectoryEntry& swap, base::Offset baseOffset) {
    const auto file = m_files.storage.open(m_files.directory / swap.name, storage::OpenMode::ReadOnly);
    if (!file) return base::fail(file.error());
    m_covered.from = std::min(m_covered.from, baseOffset);
    BatchScanner scanner(**file, 0, swap.size, BatchScanner::Depth::Headers);
    while (!scanner.atEnd()) {
      const auto scan = scanner.next();
      if (!scan) return base::fail(scan.error());
      if (scan->end != BatchEnd::Complete) break;
      m_covered.end = std::max(m_covered.end, scan->header.nextOffset());
    }
    return {};
  }

  /// At once, as in Kafka. For good before a new segment has its name: it must never stand beside an old one.
  storage::StorageStatus removeCovered() {
    for (const storage::DirectoryEntry& entry : m_entries) {
      const auto offset = offsetOf(entry.name);
      if (!offset || !m_covered.contains(*offset) || isStillOfUse(entry.name)) continue;
      if (auto status = remove(entry.name); !status) return status;
    }
    return m_files.storage.syncDirectory(m_files.directory);
  }

  /// The state of the producers as of where a new segment begins.
  bool isStillOfUse(std::string_view name) const {
    const auto offset = offsetOfFileName(name, kSnapshotSuffix);
    return offset && m_newSegments.contains(*offset);
  }

  const LogFiles& m_files;
  std::vector<storage::DirectoryEntry> m_entries;
  /// Of which there is any file, and of which there is the log.
  std::set<base::Offset> m_swaps, m_newSegments;
  Covered m_covered;
};

}  // namespace

storage::StorageStatus settleInterruptedReplacement(const LogFiles& files) {
  return InterruptedReplacement(files).settle();
}

}  // namespace streamscope::log
