#include <algorithm>
#include <utility>

#include "crash_checks.h"
#include "crash_workload.h"
#include "log/log_cleaner.h"

// What a log gives up while it lives: old segments and overwritten records.

namespace streamscope::log {

bool CrashWorkload::deleteOldSegments(PartitionLog& log, ExpectedReplica& replica) {
  m_action = "delete old segments of " + log.partition().toString();
  const LogConfig before = log.config();
  LogConfig config = before;
  // Mostly some of the segments, seldom all of them.
  if (m_random.chance(1, 4))
    config.retentionMs = 0;
  else
    config.retentionBytes = m_random.between(0, 2500);
  log.setConfig(config);
  log.setHighWatermark(log.logEndOffset());
  replica.next = replica.current;
  replica.next->startOffset = replica.current.endOffset;
  const base::Offset stateKnownFrom = std::exchange(replica.stateKnownFrom, replica.current.endOffset);
  const auto outcome = log.deleteOldSegments(m_nowMs);
  if (!outcome) return refused(outcome.error());
  log.setConfig(before);
  replica.next.reset();
  replica.current.startOffset = log.logStartOffset();
  replica.stateKnownFrom = std::max(stateKnownFrom, log.logStartOffset());
  replica.checkpointedStart = std::max(replica.checkpointedStart, log.firstSegmentBaseOffset());
  replica.syncedEnd = std::max(replica.syncedEnd, replica.checkpointedStart);
  return true;
}

bool CrashWorkload::compact() {
  m_action = "look for a log to compact";
  for (auto& [partition, replica] : m_expected.replicas)
    if (PartitionLog* const log = m_directory->find(partition)) log->setHighWatermark(log->logEndOffset());
  CleanerConfig config;
  // Now and then the keys do not fit into the map.
  config.dedupeBufferSize = m_random.chance(1, 4) ? 24 * 3 : 24 * 100;
  LogCleaner cleaner(*m_directory, config);
  const auto range = cleaner.findFilthiest(m_nowMs);
  if (!range) return refused(range.error());
  if (!*range) return true;
  m_action = "compact " + (*range)->partition.toString() + " from " + std::to_string((*range)->firstDirtyOffset) +
             " to " + std::to_string((*range)->firstUncleanableOffset);
  ExpectedReplica& replica = m_expected.replicas.at((*range)->partition);
  replica.isBeingCompacted = true;
  const auto stats = cleaner.clean(**range, m_nowMs);
  if (!stats) return refused(stats.error());
  replica.current.batches = batchesInFiles(m_memory, *m_directory->find((*range)->partition));
  replica.isBeingCompacted = false;
  replica.syncedEnd = std::max(replica.syncedEnd, stats->endOffset);
  return true;
}

}  // namespace streamscope::log
