#include "partition_log_impl.h"

// What a log gives up: old segments, and the files that wait to be unlinked. Kafka: UnifiedLog.deleteOldSegments,
// LocalLog.removeAndDeleteSegments.

namespace streamscope::log {

std::optional<base::TimestampMs> PartitionLog::nextFileRemoval() const {
  return m_impl->deletedSegments.nextRemoval();
}

base::Result<std::vector<std::string>> PartitionLog::removeDeletedFiles(base::TimestampMs nowMs) {
  Impl& impl = *m_impl;
  if (auto status = impl.checkWritable(); !status) return base::fail(std::move(status).error());
  auto removed = impl.deletedSegments.removeDue(nowMs);
  if (!removed) return base::fail(impl.failed(removed.error()));
  if (!removed->empty()) impl.namesChanged = true;
  return std::move(*removed);
}

}  // namespace streamscope::log
