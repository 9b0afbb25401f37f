#include "crash_workload.h"

#include <algorithm>

#include "base/byte_writer.h"
#include "batches.h"
#include "crash_checks.h"
#include "support/open_log_directory.h"

namespace streamscope::log {
namespace {

constexpr const char* kCloseCleanly = "close cleanly";
constexpr const char* kCompactedTopic = "payments";

base::Bytes withOffset(base::Bytes batch, base::Offset offset, base::LeaderEpoch epoch) {
  base::ByteWriter writer(12);
  writer.writeInt64(offset);
  writer.writeInt32(epoch);
  const base::ByteView view = writer.view();
  std::copy_n(view.begin(), 8, batch.begin() + batch_layout::kBaseOffset);
  std::copy_n(view.begin() + 8, 4, batch.begin() + batch_layout::kPartitionLeaderEpoch);
  return batch;
}

ExpectedBatch expectedBatch(base::Bytes bytes) {
  ExpectedBatch batch;
  batch.header = scanBatch(bytes, false).header;
  batch.bytes = std::move(bytes);
  return batch;
}

const std::vector<base::TopicPartition>& partitions() {
  static const std::vector<base::TopicPartition> all = {{"orders", 0}, {"orders", 1}, {kCompactedTopic, 0}};
  return all;
}

}  // namespace

LogConfig crashLogConfig() {
  LogConfig config;
  config.segmentBytes = 700;
  config.indexIntervalBytes = 150;
  config.messageTimestampAfterMaxMs = INT64_MAX;
  return config;
}

LogConfig compactedCrashLogConfig() {
  LogConfig config = crashLogConfig();
  config.cleanupDelete = false;
  config.cleanupCompact = true;
  config.deleteRetentionMs = 100;
  config.minCleanableDirtyRatio = 0.01;
  return config;
}

DirectoryIdentity crashIdentity() {
  return {"crash-test-cluster", 1, base::Uuid{7, 7}};
}

LogDirectory::Assignments crashAssignments(const std::optional<base::TopicPartition>& stray) {
  LogDirectory::Assignments assignments = test::everyReplica({});
  assignments.configOf = [](const std::string& topic) {
    return topic == kCompactedTopic ? compactedCrashLogConfig() : crashLogConfig();
  };
  assignments.isStray = [stray](const base::TopicPartition& partition, const base::Uuid&) {
    return stray == partition;
  };
  return assignments;
}

CrashWorkload::CrashWorkload(uint64_t seed) : m_random(seed), m_nowMs(kTestTime) {}

bool CrashWorkload::refused(const base::Error& error) {
  const bool isFault = m_directory == nullptr || m_directory->failure().has_value();
  if (error.code != base::ErrorCode::KAFKA_STORAGE_ERROR || !isFault) m_surprise = m_action + ": " + error.message;
  return false;
}

void CrashWorkload::run(int actions) {
  if (!open() && !comeBackAfterPowerFailure()) return;
  for (int i = 0; i < actions; ++i) {
    if (m_random.chance(1, 25)) m_disk.stopAtOperation(m_disk.operationCount() + m_random.below(40));
    if (!perform() && !comeBackAfterPowerFailure()) return;
  }
  m_action = "nothing";
}

bool CrashWorkload::comeBackAfterPowerFailure() {
  if (!m_surprise.empty()) return false;
  m_disk.stopAtOperation(UINT64_MAX);
  m_disk.failOperation(UINT64_MAX);
  // A log that was closed may not be asked any more.
  if (m_directory && m_action != kCloseCleanly) m_surprise = DirectoryIsOffline{}.broken(*m_directory);
  if (!m_surprise.empty()) return false;
  m_directory.reset();
  m_memory.crashLeavingSome(m_random.next());
  // Everything that is there now is durable, as far as the next recovery leaves it.
  const std::string failed = m_action;
  m_action = "open after a power failure during: " + failed;
  LogDirectory::OpenReport report;
  auto opened = test::openLogDirectory(m_disk, crashIdentity(), crashAssignments(), m_nowMs, report);
  if (!opened) return refused(opened.error());
  m_directory = std::move(*opened);
  m_surprise = ReplicasAreThere{m_expected}.broken(*m_directory, m_memory);
  if (m_surprise.empty()) m_surprise = LogsAreValidPrefixes{m_expected}.broken(*m_directory);
  if (!m_surprise.empty()) return false;
  adopt();
  return true;
}

void CrashWorkload::adopt() {
  std::erase_if(m_expected.replicas, [&](const auto& entry) { return m_directory->find(entry.first) == nullptr; });
  std::map<base::TopicPartition, base::Offset> highWatermarks;
  for (auto& [partition, replica] : m_expected.replicas) {
    PartitionLog& log = *m_directory->find(partition);
    if (log.topicId().isZero() && !log.assignTopicId(replica.topicId)) continue;
    replica.adopt({log.logStartOffset(), batchesInFiles(m_memory, log), log.logEndOffset(), {}});
    highWatermarks[partition] = m_directory->checkpointedHighWatermark(partition);
  }
  m_expected.highWatermarks = std::move(highWatermarks);
  m_expected.nextHighWatermarks.reset();
  m_expected.strays = 0;
  if (const auto entries = m_memory.list(""))
    for (const storage::DirectoryEntry& entry : *entries)
      if (entry.name.ends_with("-stray")) ++m_expected.strays;
}

bool CrashWorkload::open(const std::optional<base::TopicPartition>& stray) {
  m_action = stray ? "open without " + stray->toString() : "open";
  m_directory.reset();
  LogDirectory::OpenReport report;
  auto opened = test::openLogDirectory(m_disk, crashIdentity(), crashAssignments(stray), m_nowMs, report);
  if (!opened) return refused(opened.error());
  m_directory = std::move(*opened);
  for (auto& [partition, replica] : m_expected.replicas) {
    PartitionLog* const log = m_directory->find(partition);
    if (log == nullptr) continue;
    // A log start that was not checkpointed is back.
    replica.current.startOffset = log->logStartOffset();
  }
  return true;
}

bool CrashWorkload::perform() {
  m_nowMs += m_random.chance(1, 20) ? crashLogConfig().fileDeleteDelayMs : m_random.between(1, 50);
  const base::TopicPartition partition = partitions()[m_random.below(partitions().size())];
  PartitionLog* const log = m_directory->find(partition);
  if (log == nullptr) return create(partition);
  ExpectedReplica& replica = m_expected.replicas.at(partition);
  const uint64_t draw = m_random.below(100);
  if (draw < 46) return append(*log, replica) && (m_random.chance(1, 3) || flushEndedSegments(*log, replica));
  if (draw < 52) return endTransaction(*log, replica);
  if (draw < 56) return deleteOldSegments(*log, replica);
  if (draw < 62) return compact();
  if (draw < 64) return removeDeletedFiles(*log);
  if (draw < 72) return flush(*log, replica);
  if (draw < 76) return truncate(*log, replica);
  if (draw < 78) return truncateFully(*log, replica);
  if (draw < 81) return raiseLogStart(*log, replica);
  if (draw < 86) return writeOffsetCheckpoints();
  if (draw < 89) return writeHighWatermarks();
  if (draw < 91) return remove(partition);
  if (draw < 92) return setAside(partition);
  if (draw < 95) {
    m_action = "the process is killed";
    return open();
  }
  return closeAndReopen();
}

bool CrashWorkload::create(const base::TopicPartition& partition) {
  m_action = "create " + partition.toString();
  ExpectedReplica& replica = m_expected.replicas[partition];
  replica = {};
  replica.topicId = {1, ++m_topicIds};
  replica.mayBeAbsent = true;
  replica.isCompacted = partition.topic == kCompactedTopic;
  const auto created = m_directory->getOrCreate(
      partition, replica.topicId, replica.isCompacted ? compactedCrashLogConfig() : crashLogConfig(), m_nowMs);
  if (!created) return refused(created.error());
  replica.mayBeAbsent = false;
  return true;
}

bool CrashWorkload::append(PartitionLog& log, ExpectedReplica& replica) {
  if (const auto resent = resendMarker(log, replica)) return *resent;
  return append(log, replica, drawBatch(log, replica), AppendOrigin::Client);
}

base::Bytes CrashWorkload::drawBatch(const PartitionLog& log, const ExpectedReplica& replica) {
  RecordBatchBuilder::Options options;
  if (m_random.chance(1, 4)) options.compression = static_cast<Compression>(m_random.between(1, 4));
  if (m_random.chance(2, 3)) {
    options.isTransactional = m_random.chance(1, 2);
    options.producerId = options.isTransactional ? m_random.between(200, 201) : m_random.between(100, 102);
    // The sequence after the producer's last one here, or its next epoch.
    options.producerEpoch = 0;
    options.baseSequence = 0;
    for (const PartitionLog::ProducerInfo& known : log.producers())
      if (known.producerId == options.producerId) {
        options.producerEpoch = known.epoch;
        options.baseSequence = known.lastSequence + 1;
      }
    if (!options.isTransactional && m_random.chance(1, 8)) {
      ++options.producerEpoch;
      options.baseSequence = 0;
    }
  }
  RecordBatchBuilder builder(options);
  base::TimestampMs timestamp = m_nowMs - m_random.between(0, 20);
  for (int64_t count = m_random.between(1, 4); count > 0; --count) {
    const std::string key = "k" + std::to_string(m_random.below(6));
    const std::string value(m_random.below(40), static_cast<char>('a' + m_random.below(26)));
    const bool isTombstone = replica.isCompacted && m_random.chance(1, 5);
    builder.append(timestamp++, base::asBytes(key),
                   isTombstone ? std::nullopt : std::optional<base::ByteView>(base::asBytes(value)));
  }
  return builder.build();
}

bool CrashWorkload::append(PartitionLog& log, ExpectedReplica& replica, const base::Bytes& batch,
                           AppendOrigin leaderOrigin) {
  if (m_random.chance(1, 10)) ++m_epoch;
  const bool asLeader = m_random.chance(2, 3);
  m_action = std::string(asLeader ? "append" : "replicate") + " to " + log.partition().toString() + " at " +
             std::to_string(log.logEndOffset());
  const base::Bytes stored = withOffset(batch, log.logEndOffset(), m_epoch);
  replica.next = replica.current;
  replica.next->append(expectedBatch(stored));
  const auto info =
      asLeader ? log.appendAsLeader(batch, m_epoch, m_nowMs, leaderOrigin) : log.appendAsFollower(stored, m_nowMs);
  if (!info) return refused(info.error());
  replica.current = *std::move(replica.next);
  replica.next.reset();
  return true;
}

bool CrashWorkload::truncate(PartitionLog& log, ExpectedReplica& replica) {
  const ExpectedContent& content = replica.current;
  if (content.batches.empty()) return true;
  // Mostly near the end, as leaders change.
  // What is below the first segment is gone; what may have been compacted is replicated.
  const base::Offset first = replica.isCompacted ? log.segments().back().baseOffset : log.firstSegmentBaseOffset();
  const base::Offset low = m_random.chance(1, 3) ? first : std::max(first, content.endOffset - 8);
  const base::Offset offset = m_random.between(low, content.endOffset);
  m_action = "truncate " + log.partition().toString() + " to " + std::to_string(offset);
  replica.next = content.truncatedTo(offset);
  replica.syncedEnd = std::min(replica.syncedEnd, replica.next->endOffset);
  replica.checkpointedStart = std::min(replica.checkpointedStart, replica.next->startOffset);
  const bool isCut = replica.next->endOffset < content.endOffset;
  if (auto status = log.truncateTo(offset, m_nowMs); !status) return refused(status.error());
  replica.settleTruncation();
  if (isCut) replica.syncedEnd = replica.current.endOffset;
  return true;
}

bool CrashWorkload::truncateFully(PartitionLog& log, ExpectedReplica& replica) {
  const base::Offset offset = m_random.between(0, replica.current.endOffset + 20);
  m_action = "truncate " + log.partition().toString() + " fully and start at " + std::to_string(offset);
  replica.next = ExpectedContent{offset, {}, offset, {}};
  replica.syncedEnd = 0;
  replica.checkpointedStart = 0;
  replica.isBeingEmptied = true;
  if (auto status = log.truncateFullyAndStartAt(offset, m_nowMs); !status) return refused(status.error());
  replica.settleTruncation();
  replica.isBeingEmptied = false;
  replica.stateKnownFrom = 0;
  replica.syncedEnd = offset;
  replica.checkpointedStart = offset;
  return true;
}

bool CrashWorkload::raiseLogStart(PartitionLog& log, ExpectedReplica& replica) {
  const base::Offset offset = m_random.between(replica.current.startOffset, replica.current.endOffset);
  m_action = "raise the log start of " + log.partition().toString() + " to " + std::to_string(offset);
  replica.next = replica.current;
  replica.next->startOffset = offset;
  replica.stateKnownFrom = std::max(replica.stateKnownFrom, offset);
  log.setHighWatermark(log.logEndOffset());
  if (auto moved = log.incrementLogStartOffset(offset); !moved) return refused(moved.error());
  replica.current = *std::move(replica.next);
  replica.next.reset();
  return true;
}

bool CrashWorkload::flush(PartitionLog& log, ExpectedReplica& replica) {
  m_action = "flush " + log.partition().toString();
  if (auto status = log.flush(); !status) return refused(status.error());
  replica.syncedEnd = replica.current.endOffset;
  return true;
}

/// As a broker does in the next event; now and then it gets to it late.
bool CrashWorkload::flushEndedSegments(PartitionLog& log, ExpectedReplica& replica) {
  if (!log.hasEndedSegmentsToFlush()) return true;
  m_action = "flush the ended segments of " + log.partition().toString();
  if (auto status = log.flushEndedSegments(); !status) return refused(status.error());
  replica.syncedEnd = std::max(replica.syncedEnd, log.segments().back().baseOffset);
  return true;
}

bool CrashWorkload::removeDeletedFiles(PartitionLog& log) {
  m_action = "remove deleted files of " + log.partition().toString();
  if (const auto removed = log.removeDeletedFiles(m_nowMs); !removed) return refused(removed.error());
  return true;
}

void CrashWorkload::noteOffsetCheckpoints() {
  for (auto& [partition, replica] : m_expected.replicas) replica.checkpointedStart = replica.current.startOffset;
}

bool CrashWorkload::writeOffsetCheckpoints() {
  m_action = "write the offset checkpoints";
  if (auto status = m_directory->writeOffsetCheckpoints(); !status) return refused(status.error());
  noteOffsetCheckpoints();
  return true;
}

std::map<base::TopicPartition, base::Offset> CrashWorkload::someHighWatermarks() {
  std::map<base::TopicPartition, base::Offset> result;
  for (const auto& [partition, replica] : m_expected.replicas)
    result[partition] = m_random.between(replica.current.startOffset, replica.current.endOffset);
  return result;
}

bool CrashWorkload::writeHighWatermarks() {
  m_action = "write the high watermarks";
  m_expected.nextHighWatermarks = someHighWatermarks();
  if (auto status = m_directory->writeHighWatermarks(*m_expected.nextHighWatermarks); !status)
    return refused(status.error());
  m_expected.highWatermarks = *std::move(m_expected.nextHighWatermarks);
  m_expected.nextHighWatermarks.reset();
  return true;
}

void CrashWorkload::expectToGo(const base::TopicPartition& partition) {
  m_expected.replicas.at(partition).mayBeAbsent = true;
  m_expected.nextHighWatermarks = m_expected.highWatermarks;
  m_expected.nextHighWatermarks->erase(partition);
}

void CrashWorkload::expectGone(const base::TopicPartition& partition) {
  m_expected.replicas.erase(partition);
  m_expected.highWatermarks = *std::move(m_expected.nextHighWatermarks);
  m_expected.nextHighWatermarks.reset();
}

bool CrashWorkload::remove(const base::TopicPartition& partition) {
  m_action = "remove " + partition.toString();
  expectToGo(partition);
  if (auto status = m_directory->remove(partition, m_nowMs); !status) return refused(status.error());
  expectGone(partition);
  return true;
}

bool CrashWorkload::setAside(const base::TopicPartition& partition) {
  m_action = "set aside " + partition.toString();
  expectToGo(partition);
  if (!open(partition)) return false;
  expectGone(partition);
  ++m_expected.strays;
  return true;
}

bool CrashWorkload::closeAndReopen() {
  m_action = kCloseCleanly;
  m_expected.nextHighWatermarks = someHighWatermarks();
  if (auto status = m_directory->closeCleanly(*m_expected.nextHighWatermarks, 5); !status)
    return refused(status.error());
  m_expected.highWatermarks = *std::move(m_expected.nextHighWatermarks);
  m_expected.nextHighWatermarks.reset();
  for (auto& [partition, replica] : m_expected.replicas) replica.syncedEnd = replica.current.endOffset;
  noteOffsetCheckpoints();
  return open();
}

}  // namespace streamscope::log
