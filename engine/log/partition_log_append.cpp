#include <algorithm>

#include "base/assert.h"
#include "base/crc32c.h"
#include "base/random.h"
#include "log_validator.h"
#include "partition_log_impl.h"

namespace streamscope::log {

base::Result<AppendInfo> PartitionLog::appendAsLeader(const base::SharedBytes& batches, base::LeaderEpoch leaderEpoch,
                                                      base::TimestampMs nowMs, AppendOrigin origin,
                                                      int16_t transactionVersion,
                                                      std::vector<RecordError>* recordErrors) {
  STREAMSCOPE_ASSERT(origin != AppendOrigin::Replication, m_impl->name);
  if (auto status = m_impl->checkWritable(); !status) return base::fail(std::move(status).error());
  const bool fromClient = origin == AppendOrigin::Client;
  const bool stampsOwn = m_impl->config.logAppendTime && origin == AppendOrigin::Coordinator;
  const LogValidator validator(m_impl->config, m_impl->name);
  const auto validated =
      fromClient ? validator.validateClientBatch(batches.view(), m_impl->logEndOffset, leaderEpoch, nowMs, recordErrors)
                 : validator.validateOwnBatches(batches.view(), m_impl->logEndOffset, leaderEpoch,
                                                stampsOwn ? std::optional(nowMs) : std::nullopt);
  if (!validated) return base::fail(validated.error());
  auto info = m_impl->append(validated->bytes, validated->headers, nowMs, origin, transactionVersion);
  if (info && m_impl->config.logAppendTime && fromClient && !info->duplicate) info->logAppendTime = nowMs;
  return info;
}

base::Result<AppendInfo> PartitionLog::appendAsFollower(const base::SharedBytes& batches, base::TimestampMs nowMs) {
  if (auto status = m_impl->checkWritable(); !status) return base::fail(std::move(status).error());
  std::vector<BatchHeader> headers;
  size_t validBytes = 0;
  base::Offset expected = m_impl->logEndOffset;
  while (validBytes < batches.size()) {
    const BatchScan scan = scanBatch(batches.view().subspan(validBytes), true);
    if (scan.end == BatchEnd::Torn) break;
    if (scan.end == BatchEnd::Damaged)
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "The leader's records for " + m_impl->name +
                                                              " are corrupt at offset " + std::to_string(expected) +
                                                              ": " + scan.reason + "; they are fetched again.");
    // A leader whose log is compacted has no records at some offsets.
    if (scan.header.baseOffset < expected || scan.header.lastOffsetDelta < 0)
      return base::fail(base::ErrorCode::OFFSET_OUT_OF_RANGE,
                        "The leader's records for " + m_impl->name + " have the offsets " +
                            std::to_string(scan.header.baseOffset) + " to " + std::to_string(scan.header.lastOffset()) +
                            " where " + std::to_string(expected) + " is next; the follower has to truncate first.");
    headers.push_back(scan.header);
    expected = scan.header.nextOffset();
    validBytes += scan.header.sizeInBytes;
  }
  if (headers.empty()) return AppendInfo{};
  return m_impl->append(batches.slice(0, validBytes), headers, nowMs, AppendOrigin::Replication, 0);
}

/// The part both have in common, in the order of UnifiedLog.append.
base::Result<AppendInfo> PartitionLog::Impl::append(const base::SharedBytes& bytes,
                                                    std::span<const BatchHeader> headers, base::TimestampMs nowMs,
                                                    AppendOrigin origin, int16_t transactionVersion) {
  AppendInfo info;
  info.firstOffset = headers.front().baseOffset;
  info.lastOffset = headers.back().lastOffset();
  info.bytes = static_cast<uint32_t>(bytes.size());
  for (const BatchHeader& header : headers) {
    info.maxTimestamp = std::max(info.maxTimestamp, header.maxTimestamp);
    if (header.partitionLeaderEpoch < 0) continue;
    if (auto status = statusOf(epochs.assign(header.partitionLeaderEpoch, header.baseOffset)); !status)
      return base::fail(std::move(status).error());
  }
  if (bytes.size() > static_cast<size_t>(config.segmentBytes))
    return base::fail(base::ErrorCode::RECORD_LIST_TOO_LARGE,
                      "Batches of " + std::to_string(bytes.size()) + " bytes for " + name +
                          " do not fit into a segment of " + std::to_string(config.segmentBytes) +
                          " bytes (segment.bytes); send smaller ones.");

  const auto mustRoll =
      active().shouldRoll(config, {bytes.size(), info.maxTimestamp, info.lastOffset, nowMs, rollJitterMs()});
  if (!mustRoll) return base::fail(failed(mustRoll.error()));
  // An empty segment is as good as a new one, unless the offsets are too far away for its indexes.
  const bool isTooFar = info.lastOffset - active().baseOffset() > INT32_MAX;
  if (*mustRoll && (active().sizeInBytes() > 0 || isTooFar)) {
    if (auto status = roll(info.firstOffset, nowMs); !status) return base::fail(std::move(status).error());
    info.rolledTo = active().baseOffset();
    info.rollReason = **mustRoll;
  }

  const auto seenBefore = checkProducers(bytes, headers, origin, transactionVersion);
  if (!seenBefore) return base::fail(seenBefore.error());
  if (*seenBefore) {
    info.firstOffset = (*seenBefore)->firstOffset();
    info.lastOffset = (*seenBefore)->lastOffset;
    info.logAppendTime = (*seenBefore)->timestamp;
    info.duplicate = true;
    info.bytes = 0;
    return info;
  }

  const uint64_t position = active().sizeInBytes();
  if (auto status = statusOf(active().append(bytes.view(), headers, config.indexIntervalBytes)); !status)
    return base::fail(std::move(status).error());
  logEndOffset = info.lastOffset + 1;
  if (auto status = updateProducers(bytes, headers); !status) return base::fail(std::move(status).error());
  hotTail.add({info.firstOffset, logEndOffset, active().baseOffset(), position, bytes});
  if (logEndOffset - recoveryPoint >= config.flushMessages) {
    lastFlushMs = nowMs;
    if (auto status = flush(); !status) return base::fail(std::move(status).error());
  }
  return info;
}

base::Result<std::optional<ProducerStateManager::Batch>> PartitionLog::Impl::checkProducers(
    const base::SharedBytes& bytes, std::span<const BatchHeader> headers, AppendOrigin origin,
    int16_t transactionVersion) const {
  if (origin != AppendOrigin::Client && origin != AppendOrigin::Coordinator) return std::nullopt;
  size_t at = 0;
  for (const BatchHeader& header : headers) {
    const base::ByteView batch = bytes.view().subspan(at, header.sizeInBytes);
    at += header.sizeInBytes;
    if (header.producerId < 0) continue;
    if (origin == AppendOrigin::Client)
      if (auto first = producers.findDuplicate(header)) return first;
    if (auto status = producers.check(header, batch, origin, transactionVersion, name); !status)
      return base::fail(std::move(status).error());
  }
  return std::nullopt;
}

/// A fault leaves the index of aborted transactions behind the log; the directory is offline then, and what opens it
/// again recovers the index.
base::Status PartitionLog::Impl::updateProducers(const base::SharedBytes& bytes, std::span<const BatchHeader> headers) {
  size_t at = 0;
  for (const BatchHeader& header : headers) {
    const auto aborted = producers.update(header, bytes.view().subspan(at, header.sizeInBytes));
    at += header.sizeInBytes;
    if (!aborted) continue;
    // The index's file comes with its first entry.
    namesChanged = true;
    if (auto status = statusOf(active().transactionIndex().append(*aborted)); !status) return status;
  }
  return {};
}

/// Kafka draws it anew for every segment, so that not all logs roll at once. Here the draw follows from the directory,
/// the partition and the segment, so that a run can be told again.
int64_t PartitionLog::Impl::rollJitterMs() const {
  const int64_t jitterMax = std::min(config.segmentJitterMs, config.segmentMs);
  if (jitterMax <= 0) return 0;
  const uint64_t seed = directoryState->rollJitterSeed ^ base::crc32c(base::asBytes(name));
  return base::Random(seed).fork(static_cast<uint64_t>(active().baseOffset())).between(0, jitterMax - 1);
}

/// `baseOffset` is where the append begins, which is behind the log end when the leader's log has no records there.
/// The segment that ends is synced later, as in Kafka ("flush-log"): recovery finds out when a crash came before.
base::Status PartitionLog::Impl::roll(base::Offset baseOffset, base::TimestampMs nowMs) {
  if (auto status = statusOf(active().finish()); !status) return status;
  producers.setEndOffset(baseOffset);
  snapshots.take(producers);
  // Recovery takes a gap for a hole, unless all before it was on disk; and the first segment for the log's beginning,
  // whatever came before it.
  if (baseOffset != logEndOffset)
    if (auto status = flushSegments(segments.size(), baseOffset); !status) return status;
  if (!wereNamesSynced)
    if (auto status = syncNames(); !status) return status;
  auto created = Segment::create(files, baseOffset, nowMs);
  if (!created) return base::fail(failed(created.error()));
  active().closeFile();
  namesChanged = true;
  segments.push_back(std::move(*created));
  if (snapshots.firstUnwritten() && directoryState->segmentAwaitsFlush) directoryState->segmentAwaitsFlush(partition);
  return {};
}

}  // namespace streamscope::log
