#include "crash_checks.h"

#include <algorithm>

#include "batches.h"
#include "crash_workload.h"
#include "log/dump.h"
#include "log_files.h"
#include "replica_directory_name.h"
#include "support/open_log_directory.h"

namespace streamscope::log {
namespace {

std::string rangeOf(const std::vector<ExpectedBatch>& batches) {
  if (batches.empty()) return "no batch";
  return "batches " + std::to_string(batches.front().header.baseOffset) + " to " +
         std::to_string(batches.back().header.lastOffset());
}

/// Number of the batch that contains `offset` or is the first after it.
size_t indexOf(const std::vector<ExpectedBatch>& batches, base::Offset offset) {
  const auto it = std::find_if(batches.begin(), batches.end(),
                               [&](const ExpectedBatch& batch) { return batch.header.lastOffset() >= offset; });
  return static_cast<size_t>(it - batches.begin());
}

/// Why `found` is not what `content` has from `startOffset` on, up to some batch.
std::string differenceTo(const ExpectedContent& content, base::Offset startOffset,
                         const std::vector<ExpectedBatch>& found) {
  const size_t first = indexOf(content.batches, startOffset);
  for (size_t i = 0; i < found.size(); ++i) {
    if (first + i >= content.batches.size())
      return "offset " + std::to_string(found[i].header.baseOffset) + " was never appended";
    if (found[i].bytes != content.batches[first + i].bytes)
      return "the batch at offset " + std::to_string(found[i].header.baseOffset) + " is not the one appended as " +
             std::to_string(content.batches[first + i].header.baseOffset);
  }
  return {};
}

/// What was appended to the log as it was found: with the batch under way or without it.
const LogHistory& historyOf(const ExpectedReplica& replica, const PartitionLog& log) {
  const bool hasNext = replica.next && log.logEndOffset() > replica.current.endOffset;
  return hasNext ? replica.next->history : replica.current.history;
}

/// All that a log says of itself.
struct ObservedLog {
  std::vector<base::Bytes> batches;
  std::vector<std::string> producers;
  std::vector<std::string> epochs;
  std::optional<base::Offset> undecided;
  std::vector<AbortedTransaction> aborted;

  static ObservedLog of(const PartitionLog& log) {
    ObservedLog observed;
    for (ExpectedBatch& batch : readBatches(log).batches) observed.batches.push_back(std::move(batch.bytes));
    for (const PartitionLog::ProducerInfo& producer : log.producers())
      observed.producers.push_back(std::to_string(producer.producerId) + " " + std::to_string(producer.epoch) + " " +
                                   std::to_string(producer.lastSequence) + " " + std::to_string(producer.lastOffset) +
                                   " " + std::to_string(producer.currentTxnFirstOffset));
    for (const PartitionLog::EpochEntry& entry : log.epochs())
      observed.epochs.push_back(std::to_string(entry.epoch) + " " + std::to_string(entry.startOffset));
    observed.undecided = log.firstUndecidedOffset();
    if (auto aborted = log.abortedTransactions(log.logStartOffset(), log.logEndOffset()))
      observed.aborted = std::move(*aborted);
    return observed;
  }
  std::string differenceTo(const ObservedLog& other) const {
    if (batches != other.batches) return "batches";
    if (producers != other.producers) return "producers";
    if (epochs != other.epochs) return "epochs";
    if (undecided != other.undecided) return "open transactions";
    return aborted == other.aborted ? "" : "aborted transactions";
  }
};

/// Why `found` is not a part of what was appended, record by record.
std::string strangerAmong(const std::vector<ExpectedBatch>& found, const LogHistory& history) {
  for (const ExpectedBatch& batch : found) {
    if (batch.header.isControl()) continue;
    for (const LogHistory::Record& record : recordsOf(batch.bytes)) {
      const LogHistory::Record* const appended = history.find(record.offset);
      if (appended == nullptr || *appended != record)
        return "the record at offset " + std::to_string(record.offset) + " was never appended";
    }
  }
  return {};
}

std::string brokenPrefix(const ExpectedReplica& replica, const PartitionLog& log) {
  const ReadBatches read = readBatches(log);
  if (!read.problem.empty()) return read.problem;
  const base::Offset start = log.logStartOffset();
  const base::Offset end = log.logEndOffset();
  if (replica.isBeingEmptied && read.batches.empty()) return {};
  std::vector<const ExpectedContent*> contents = {&replica.current};
  if (replica.next) contents.push_back(&*replica.next);
  std::string difference;
  for (const ExpectedContent* content : contents) {
    difference = replica.isBeingCompacted ? strangerAmong(read.batches, content->history)
                                          : differenceTo(*content, start, read.batches);
    if (difference.empty() && start > content->startOffset)
      difference = "it starts at " + std::to_string(start) + ", after " + std::to_string(content->startOffset);
    if (difference.empty()) break;
  }
  if (!difference.empty()) return "it has " + rangeOf(read.batches) + ": " + difference;
  if (start < replica.checkpointedStart)
    return "it starts at " + std::to_string(start) + ", before the checkpointed start " +
           std::to_string(replica.checkpointedStart);
  if (end < replica.syncedEnd)
    return "it ends at " + std::to_string(end) + " though everything below " + std::to_string(replica.syncedEnd) +
           " was synced";
  if (log.firstSegmentBaseOffset() > start)
    return "it starts at " + std::to_string(start) + ", before its first segment";
  if (!read.batches.empty() && read.batches.back().header.nextOffset() != end)
    return "its last batch does not end at its end offset " + std::to_string(end);
  return {};
}

std::string brokenEpochs(const ExpectedReplica& replica, const PartitionLog& log,
                         const std::vector<ExpectedBatch>& batches) {
  const base::Offset start = std::max(log.logStartOffset(), replica.stateKnownFrom);
  for (const ExpectedBatch& batch : batches) {
    if (batch.header.lastOffset() < start) continue;
    const base::Offset offset = std::max(batch.header.baseOffset, start);
    if (log.epochForOffset(offset) != batch.header.partitionLeaderEpoch)
      return "offset " + std::to_string(offset) + " counts to epoch " + std::to_string(log.epochForOffset(offset)) +
             ", its batch says " + std::to_string(batch.header.partitionLeaderEpoch);
  }
  for (const PartitionLog::EpochEntry& entry : log.epochs())
    if (entry.startOffset > log.logEndOffset())
      return "epoch " + std::to_string(entry.epoch) + " begins beyond the log end";
  return {};
}

/// What is known of a producer is its last batch. Where compaction has taken that and a snapshot was lost it may be any
/// from the last on that is still in the log.
std::string brokenProducers(const ExpectedReplica& replica, const LogHistory& history, const PartitionLog& log,
                            const std::vector<ExpectedBatch>& batches) {
  std::map<int64_t, std::vector<const BatchHeader*>> appended;
  for (const LogHistory::Batch& batch : history.batches())
    if (batch.header.producerId >= 0 && !batch.header.isControl() && batch.header.lastOffset() < log.logEndOffset())
      appended[batch.header.producerId].push_back(&batch.header);
  std::map<int64_t, base::Offset> lastInLog;
  for (const ExpectedBatch& batch : batches)
    if (batch.header.producerId >= 0 && !batch.header.isControl())
      lastInLog[batch.header.producerId] = batch.header.lastOffset();
  for (const PartitionLog::ProducerInfo& known : log.producers()) {
    const std::string name = "producer " + std::to_string(known.producerId);
    const auto its = appended.find(known.producerId);
    if (its == appended.end()) {
      // Its marker is all that is left.
      if (known.lastOffset < 0) continue;
      return name + " is known with offset " + std::to_string(known.lastOffset) + " and never wrote";
    }
    const auto inLog = lastInLog.find(known.producerId);
    const base::Offset from = inLog == lastInLog.end() ? -1 : inLog->second;
    lastInLog.erase(known.producerId);
    if (from < 0 && known.lastOffset < 0) continue;
    const bool isOne = std::any_of(its->second.begin(), its->second.end(), [&](const BatchHeader* header) {
      return header->lastOffset() >= from && header->producerEpoch == known.epoch &&
             header->lastSequence() == known.lastSequence && header->lastOffset() == known.lastOffset;
    });
    if (!isOne)
      return name + " is known with offset " + std::to_string(known.lastOffset) + ", its last batch in the log has " +
             std::to_string(from);
  }
  for (const auto& [producerId, lastOffset] : lastInLog)
    if (lastOffset >= replica.stateKnownFrom) return "producer " + std::to_string(producerId) + " was forgotten";
  return {};
}

/// The offset of the first record at or after `timestamp`, by reading everything.
base::Offset offsetByReading(const PartitionLog& log, const std::vector<ExpectedBatch>& batches,
                             base::TimestampMs timestamp) {
  base::Offset found = base::kNoOffset;
  for (const ExpectedBatch& batch : batches) {
    const auto status = forEachRecord(batch.bytes, [&](const RecordView& record) {
      if (record.timestamp >= timestamp && record.offset >= log.logStartOffset()) found = record.offset;
      return found == base::kNoOffset;
    });
    if (!status || found != base::kNoOffset) break;
  }
  return found;
}

std::string brokenSearch(const PartitionLog& log) {
  const ReadBatches read = readBatches(log);
  for (size_t i = 0; i < read.batches.size(); i += 3) {
    const base::TimestampMs timestamp = read.batches[i].header.maxTimestamp;
    const auto found = log.offsetForTime(timestamp, log.logEndOffset());
    if (!found) return found.error().message;
    const base::Offset wanted = offsetByReading(log, read.batches, timestamp);
    if (found->offset != wanted)
      return "time " + std::to_string(timestamp) + " is found at offset " + std::to_string(found->offset) +
             ", reading finds it at " + std::to_string(wanted);
  }
  return {};
}

std::string firstProblem(const std::filesystem::path& path, const std::vector<DumpProblem>& problems) {
  if (problems.empty()) return {};
  return path.string() + " at byte " + std::to_string(problems.front().atByte) + ": " + problems.front().reason;
}

std::string brokenIndexFiles(storage::Storage& disk, const std::filesystem::path& directory) {
  const auto entries = disk.list(directory);
  if (!entries) return entries.error().message;
  for (const storage::DirectoryEntry& entry : *entries) {
    const std::filesystem::path path = directory / entry.name;
    std::string problem;
    if (offsetOfFileName(entry.name, kOffsetIndexSuffix)) {
      const auto dump = dumpOffsetIndex(disk, path);
      problem = dump ? firstProblem(path, dump->problems) : dump.error().message;
    } else if (offsetOfFileName(entry.name, kTimeIndexSuffix)) {
      const auto dump = dumpTimeIndex(disk, path);
      problem = dump ? firstProblem(path, dump->problems) : dump.error().message;
    } else if (entry.name.ends_with(".tmp")) {
      problem = path.string() + " was left behind";
    }
    if (!problem.empty()) return problem;
  }
  return {};
}

/// Sizes of the segments of all replicas that are in use, but for those in the middle of a compaction.
std::map<std::string, uint64_t> segmentSizes(storage::Storage& disk) {
  std::map<std::string, uint64_t> sizes;
  const auto directories = disk.list("");
  if (!directories) return sizes;
  for (const storage::DirectoryEntry& directory : *directories) {
    const auto name = directory.isDirectory ? parseReplicaDirectoryName(directory.name) : std::nullopt;
    if (!name || name->kind != ReplicaDirectoryKind::Replica) continue;
    const auto files = disk.list(directory.name);
    if (!files ||
        std::any_of(files->begin(), files->end(), [](const auto& file) { return file.name.ends_with(kSwapSuffix); }))
      continue;
    for (const storage::DirectoryEntry& file : *files)
      if (offsetOfFileName(file.name, kLogSuffix)) sizes[directory.name + "/" + file.name] = file.size;
  }
  return sizes;
}

}  // namespace

ReadBatches readBatches(const PartitionLog& log) {
  ReadBatches result;
  for (base::Offset at = log.logStartOffset(); at < log.logEndOffset();) {
    const auto read = log.read(at, log.logEndOffset(), 400, true);
    if (!read) {
      result.problem = "reading offset " + std::to_string(at) + " is refused: " + read.error().message;
      return result;
    }
    for (base::ByteView rest = read->records.view(); !rest.empty();) {
      const BatchScan scan = scanBatch(rest, true);
      if (scan.end != BatchEnd::Complete) {
        result.problem = "the batch at offset " + std::to_string(at) + " is not whole: " + scan.reason;
        return result;
      }
      if (scan.header.lastOffset() < at) {
        result.problem = "offset " + std::to_string(at) + " is read as " + std::to_string(scan.header.lastOffset());
        return result;
      }
      const base::ByteView bytes = rest.first(scan.header.sizeInBytes);
      result.batches.push_back({base::Bytes(bytes.begin(), bytes.end()), scan.header});
      rest = rest.subspan(bytes.size());
      at = scan.header.nextOffset();
    }
    if (read->records.empty()) {
      result.problem = "nothing is read at offset " + std::to_string(at);
      return result;
    }
  }
  return result;
}

std::vector<ExpectedBatch> batchesInFiles(storage::Storage& disk, const PartitionLog& log) {
  std::vector<ExpectedBatch> batches;
  for (const SegmentInfo& segment : log.segments()) {
    const auto bytes = disk.readFile(log.directory() / offsetFileName(segment.baseOffset, kLogSuffix));
    if (!bytes) continue;
    for (base::ByteView rest = *bytes; !rest.empty();) {
      const BatchScan scan = scanBatch(rest, true);
      if (scan.end != BatchEnd::Complete) break;
      const base::ByteView batch = rest.first(scan.header.sizeInBytes);
      batches.push_back({base::Bytes(batch.begin(), batch.end()), scan.header});
      rest = rest.subspan(batch.size());
    }
  }
  return batches;
}

std::string ReplicasAreThere::broken(const LogDirectory& directory, storage::Storage& disk) const {
  for (const auto& [partition, replica] : expected.replicas) {
    const PartitionLog* const log = directory.find(partition);
    if (log == nullptr && !replica.mayBeAbsent) return partition.toString() + " is gone";
    if (log == nullptr || log->topicId() == replica.topicId) continue;
    if (!replica.mayBeAbsent || !log->topicId().isZero())
      return partition.toString() + " has the topic id " + log->topicId().toString();
  }
  for (const base::TopicPartition& partition : directory.partitions())
    if (!expected.replicas.contains(partition)) return partition.toString() + " came back";
  size_t strays = 0;
  const auto entries = disk.list("");
  if (!entries) return entries.error().message;
  for (const storage::DirectoryEntry& entry : *entries)
    if (entry.name.ends_with("-stray")) ++strays;
  if (strays < expected.strays) return "a replica that was set aside is gone";
  return {};
}

std::string LogsAreValidPrefixes::broken(const LogDirectory& directory) const {
  for (const base::TopicPartition& partition : directory.partitions()) {
    const std::string problem = brokenPrefix(expected.replicas.at(partition), *directory.find(partition));
    if (!problem.empty()) return partition.toString() + ": " + problem;
  }
  return {};
}

std::string StateFollowsFromBatches::broken(const LogDirectory& directory) const {
  for (const base::TopicPartition& partition : directory.partitions()) {
    const PartitionLog& log = *directory.find(partition);
    const ReadBatches read = readBatches(log);
    const ExpectedReplica& replica = expected.replicas.at(partition);
    std::string problem = brokenEpochs(replica, log, read.batches);
    if (problem.empty()) problem = brokenProducers(replica, historyOf(replica, log), log, read.batches);
    if (!problem.empty()) return partition.toString() + ": " + problem;
  }
  return {};
}

std::string HighWatermarksWereWritten::broken(const LogDirectory& directory) const {
  const auto valueIn = [](const std::map<base::TopicPartition, base::Offset>& all,
                          const base::TopicPartition& partition) {
    const auto it = all.find(partition);
    return it == all.end() ? base::Offset{0} : it->second;
  };
  for (const base::TopicPartition& partition : directory.partitions()) {
    const base::Offset found = directory.checkpointedHighWatermark(partition);
    if (found == valueIn(expected.highWatermarks, partition)) continue;
    if (expected.nextHighWatermarks && found == valueIn(*expected.nextHighWatermarks, partition)) continue;
    return "the high watermark " + std::to_string(found) + " of " + partition.toString() + " was never checkpointed";
  }
  return {};
}

std::string IndexesAgree::broken(const LogDirectory& directory, storage::Storage& disk) const {
  for (const base::TopicPartition& partition : directory.partitions()) {
    const PartitionLog& log = *directory.find(partition);
    std::string problem = brokenIndexFiles(disk, log.directory());
    if (problem.empty()) problem = brokenSearch(log);
    if (!problem.empty()) return partition.toString() + ": " + problem;
  }
  return {};
}

CutsAreReported::CutsAreReported(storage::Storage& disk) : m_before(segmentSizes(disk)) {}

std::string CutsAreReported::broken(const LogDirectory::OpenReport& report, storage::Storage& disk) const {
  // A segment that was cut may be dropped later.
  std::map<std::string, RecoveryReport::Cut> cuts;
  for (const auto& [partition, recovery] : report.cuts)
    for (const RecoveryReport::Cut& cut : recovery.cuts) {
      if (cut.reason.empty()) return "a cut in " + cut.file + " has no reason";
      cuts[cut.file].atByte = cut.atByte;
      cuts[cut.file].bytesCut += cut.bytesCut;
    }
  const std::map<std::string, uint64_t> after = segmentSizes(disk);
  for (const auto& [file, sizeBefore] : m_before) {
    const auto now = after.find(file);
    const uint64_t size = now == after.end() ? 0 : now->second;
    const auto cut = cuts.find(file);
    if (size == sizeBefore && cut == cuts.end()) continue;
    if (size == sizeBefore && cut->second.bytesCut == 0) continue;
    if (cut == cuts.end())
      return file + " was cut from " + std::to_string(sizeBefore) + " to " + std::to_string(size) +
             " bytes without a word";
    if (cut->second.atByte != size || cut->second.bytesCut != sizeBefore - size)
      return "the report on " + file + " says " + std::to_string(cut->second.bytesCut) + " bytes at " +
             std::to_string(cut->second.atByte) + ", it went from " + std::to_string(sizeBefore) + " to " +
             std::to_string(size);
  }
  return {};
}

std::string DirectoryIsOffline::broken(LogDirectory& directory) const {
  if (!directory.failure()) return "a storage fault did not take the directory offline";
  const auto isRefused = [](const auto& outcome) {
    return !outcome.has_value() && outcome.error().code == base::ErrorCode::KAFKA_STORAGE_ERROR;
  };
  for (const base::TopicPartition& partition : directory.partitions()) {
    PartitionLog& log = *directory.find(partition);
    if (!isRefused(log.appendAsLeader(makeBatch({}), 1000, kTestTime)) || !isRefused(log.flush()) ||
        !isRefused(log.truncateTo(0, kTestTime)))
      return partition.toString() + " is written to though the directory is offline";
  }
  if (!isRefused(directory.getOrCreate({"new", 0}, base::Uuid{9, 9}, crashLogConfig(), kTestTime)) ||
      !isRefused(directory.writeHighWatermarks({})) || !isRefused(directory.closeCleanly({}, 1)))
    return "files are written though the directory is offline";
  return {};
}

std::string LifeGoesOn::broken(std::unique_ptr<LogDirectory> directory, storage::Storage& disk) const {
  std::map<base::TopicPartition, ObservedLog> before;
  for (const base::TopicPartition& partition : directory->partitions()) {
    PartitionLog& log = *directory->find(partition);
    const base::LeaderEpoch epoch = std::max(log.latestEpoch() + 1, 0);
    const auto appended =
        log.appendAsLeader(makeBatch({.valueSize = 30, .timestamp = kTestTime * 2}), epoch, kTestTime);
    if (!appended) return "appending to " + partition.toString() + " is refused: " + appended.error().message;
    before[partition] = ObservedLog::of(log);
  }
  if (auto status = directory->closeCleanly({}, 9); !status) return "closing is refused: " + status.error().message;
  LogDirectory::OpenReport report;
  auto reopened = test::openLogDirectory(disk, crashIdentity(), crashAssignments(), kTestTime, report);
  if (!reopened) return "opening once more is refused: " + reopened.error().message;
  if (!report.cleanShutdown || !report.cuts.empty() || !report.damagedFiles.empty())
    return "opening once more finds something to recover";
  for (const auto& [partition, observed] : before) {
    const PartitionLog* const log = (*reopened)->find(partition);
    if (log == nullptr) return partition.toString() + " is gone after a clean end";
    const std::string difference = observed.differenceTo(ObservedLog::of(*log));
    if (!difference.empty()) return partition.toString() + " has other " + difference + " after a clean end";
  }
  const std::string problem = IndexesAgree{}.broken(**reopened, disk);
  return problem.empty() ? problem : "after a clean end " + problem;
}

std::string checkRecovery(const ExpectedDirectory& expected, test::CrashableMemory& disk) {
  const CutsAreReported cuts(disk);
  LogDirectory::OpenReport report;
  auto opened = test::openLogDirectory(disk, crashIdentity(), crashAssignments(), kTestTime, report);
  if (!opened) return "the directory does not open: " + opened.error().message;
  const LogDirectory& directory = **opened;
  std::string problem = ReplicasAreThere{expected}.broken(directory, disk);
  if (problem.empty()) problem = LogsAreValidPrefixes{expected}.broken(directory);
  if (problem.empty()) problem = StateFollowsFromBatches{expected}.broken(directory);
  if (problem.empty()) problem = TransactionsAreAnsweredTheSame{expected}.broken(directory);
  if (problem.empty()) problem = LatestRecordsSurvive{expected}.broken(directory);
  if (problem.empty()) problem = HighWatermarksWereWritten{expected}.broken(directory);
  if (problem.empty()) problem = IndexesAgree{}.broken(directory, disk);
  if (problem.empty()) problem = cuts.broken(report, disk);
  if (problem.empty() && !report.damagedFiles.empty())
    problem = "a file of the directory is damaged: " + report.damagedFiles.front().reason;
  if (problem.empty()) problem = LifeGoesOn{}.broken(std::move(*opened), disk);
  return problem;
}

}  // namespace streamscope::log
