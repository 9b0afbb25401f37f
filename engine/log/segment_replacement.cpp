#include "segment_replacement.h"

#include <algorithm>
#include <span>

#include "base/assert.h"

namespace streamscope::log {
namespace {

/// In the order of Kafka's LogSegment.changeFileSuffixes: while an index still has the old suffix, the loader knows
/// that the renaming was not finished.
constexpr std::string_view kSegmentSuffixes[] = {kLogSuffix, kOffsetIndexSuffix, kTimeIndexSuffix,
                                                 kTransactionIndexSuffix};

storage::StorageStatus renameSegment(const LogFiles& files, base::Offset baseOffset, std::string_view from,
                                     std::string_view to, std::span<const std::string_view> suffixes) {
  const LogFiles source{files.storage, files.directory, from};
  const LogFiles target{files.storage, files.directory, to};
  for (const std::string_view suffix : suffixes) {
    if (!files.storage.exists(source.path(baseOffset, suffix))) continue;
    if (auto status = files.storage.rename(source.path(baseOffset, suffix), target.path(baseOffset, suffix)); !status)
      return status;
  }
  return {};
}

}  // namespace

storage::StorageStatus replaceSegments(const LogFiles& files, const SegmentReplacement& replacement,
                                       DeletedSegments& deletedSegments, ProducerSnapshots& snapshots) {
  const auto& [oldSegments, newSegments, removeAtMs] = replacement;
  STREAMSCOPE_ASSERT(oldSegments.front() == newSegments.front(), files.directory.string());
  const auto syncNames = [&] { return files.storage.syncDirectory(files.directory); };
  if (auto status = syncNames(); !status) return status;
  // From the last to the first, so that none is taken for a winner while one before it is not.
  for (auto base = newSegments.rbegin(); base != newSegments.rend(); ++base) {
    if (auto status = renameSegment(files, *base, kCleanedSuffix, kSwapSuffix, kSegmentSuffixes); !status)
      return status;
    if (auto status = syncNames(); !status) return status;
  }
  for (const base::Offset baseOffset : oldSegments) {
    if (auto status = deletedSegments.addReplacedSegment(baseOffset, removeAtMs); !status) return status;
    // The state of the producers as of this offset is of use while a segment begins there.
    if (std::ranges::find(newSegments, baseOffset) != newSegments.end()) continue;
    snapshots.forget(baseOffset);
    if (auto status = deletedSegments.addSnapshot(baseOffset, removeAtMs); !status) return status;
  }
  if (auto status = syncNames(); !status) return status;
  return renameSwaps(files, newSegments);
}

storage::StorageStatus renameSwaps(const LogFiles& files, const std::vector<base::Offset>& newSegments) {
  const std::span<const std::string_view> suffixes = kSegmentSuffixes;
  for (const base::Offset baseOffset : newSegments) {
    if (auto status = renameSegment(files, baseOffset, kSwapSuffix, {}, suffixes.first(1)); !status) return status;
    if (auto status = files.storage.syncDirectory(files.directory); !status) return status;
  }
  for (const base::Offset baseOffset : newSegments)
    if (auto status = renameSegment(files, baseOffset, kSwapSuffix, {}, suffixes.subspan(1)); !status) return status;
  return files.storage.syncDirectory(files.directory);
}

}  // namespace streamscope::log
