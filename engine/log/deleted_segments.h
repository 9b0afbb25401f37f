#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/virtual_time.h"
#include "log_files.h"

namespace streamscope::log {

/// When files given up at `nowMs` are to be unlinked.
constexpr base::TimestampMs removalTime(base::TimestampMs nowMs, int64_t fileDeleteDelayMs) {
  return nowMs + std::min(fileDeleteDelayMs, INT64_MAX - nowMs);
}

/// Files a log has given up: renamed to `*.deleted` at once, so that no start finds them, and unlinked when their time
/// has come (file.delete.delay.ms). A process that ends before leaves them to the next LogLoader. Kafka:
/// LocalLog.deleteSegmentFiles, UnifiedLog.deleteProducerSnapshots.
class DeletedSegments {
 public:
  /// `files` must outlive this object.
  explicit DeletedSegments(const LogFiles& files) : m_files(files) {}

  /// The segment's log and indexes, which nobody may have open; those that do not exist are passed over. When it
  /// returns the log is gone for good, and so are those given up before.
  storage::StorageStatus addSegment(base::Offset baseOffset, base::TimestampMs removeAtMs);
  /// The same for a segment that has a successor of its name: what a crash leaves of it, the successor covers.
  storage::StorageStatus addReplacedSegment(base::Offset baseOffset, base::TimestampMs removeAtMs);
  /// The producer snapshot of this offset, if there is one.
  storage::StorageStatus addSnapshot(base::Offset offset, base::TimestampMs removeAtMs);

  /// When the next file is due; none when nothing waits.
  std::optional<base::TimestampMs> nextRemoval() const;
  /// Unlinks what is due and returns the names. A file that is gone already is no fault.
  storage::StorageResult<std::vector<std::string>> removeDue(base::TimestampMs nowMs);

 private:
  storage::StorageStatus addIndexes(base::Offset baseOffset, base::TimestampMs removeAtMs);
  storage::StorageStatus add(base::Offset offset, std::string_view suffix, base::TimestampMs removeAtMs);

  const LogFiles& m_files;
  /// By name. A name that comes back before it was unlinked replaces the older file, and its time counts.
  std::map<std::string, base::TimestampMs> m_removeAtMs;
};

}  // namespace streamscope::log
