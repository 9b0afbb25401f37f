#include "log_directory_impl.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "clean_shutdown_marker.h"
#include "deleted_segments.h"
#include "replica_directory_name.h"

namespace streamscope::log {
namespace {

constexpr const char* kLockFile = ".lock";
constexpr const char* kRecoveryPointFile = "recovery-point-offset-checkpoint";
constexpr const char* kHighWatermarkFile = "replication-offset-checkpoint";
constexpr const char* kLogStartFile = "log-start-offset-checkpoint";
constexpr const char* kCleanerOffsetFile = "cleaner-offset-checkpoint";
constexpr const char* kMetadataTopic = "__cluster_metadata";

}  // namespace

base::Status LogDirectory::Impl::statusOf(const storage::StorageStatus& status) {
  if (status) return {};
  const base::Error error = storage::toError(status.error());
  if (!state->failure) state->failure = error;
  return base::fail(error);
}

// Opening.

base::Result<std::unique_ptr<LogDirectory>> LogDirectory::claim(storage::Storage& storage,
                                                                const DirectoryIdentity& identity,
                                                                int64_t fileDeleteDelayMs, OpenReport& report) {
  auto impl = std::make_unique<Impl>(storage, identity, fileDeleteDelayMs);
  report = {};
  if (auto status = impl->statusOf(storage.lock(kLockFile)); !status) return base::fail(std::move(status).error());
  if (auto status = impl->openIdentity(report); !status) return base::fail(std::move(status).error());
  if (auto status = impl->readPreviousBrokerEpoch(); !status) return base::fail(std::move(status).error());
  const base::Uuid& directoryId = impl->identity.directoryId;
  impl->state->rollJitterSeed = directoryId.mostSignificant ^ directoryId.leastSignificant;
  return std::unique_ptr<LogDirectory>(new LogDirectory(std::move(impl)));
}

base::Status LogDirectory::loadLogs(const Assignments& assignments, base::TimestampMs nowMs, OpenReport& report) {
  STREAMSCOPE_ASSERT(!m_impl->isLoaded);
  if (auto status = m_impl->takeCleanShutdownMarker(report); !status) return status;
  if (auto status = m_impl->readCheckpoints(report); !status) return status;
  if (auto status = m_impl->loadLogs(assignments, nowMs, report); !status) return status;
  m_impl->isLoaded = true;
  m_impl->listenToLogs();
  // Recovery may have ended below a recovery point on disk, which would vouch for what comes there next.
  if (!report.cleanShutdown && !(m_impl->logs.empty() && m_impl->recoveryPoints.empty()))
    if (auto status = m_impl->writeOffsetCheckpoints(); !status) return status;
  return m_impl->setStraysAside(assignments);
}

void LogDirectory::Impl::listenToLogs() {
  state->lowerCheckpoints = [this](const PartitionLog& log) { return lowerCheckpoints(log); };
  state->lowerCleanerOffset = [this](const base::TopicPartition& partition, base::Offset offset) {
    const auto known = cleanerOffsets.find(partition);
    if (known == cleanerOffsets.end() || known->second <= offset) return base::Status{};
    return writeCleanerOffset(partition, offset);
  };
}

base::Status LogDirectory::Impl::openIdentity(OpenReport& report) {
  auto claimed = claimDirectory(storage, identity);
  if (!claimed) return base::fail(std::move(claimed).error());
  identity = std::move(claimed->identity);
  report.isNew = claimed->isNew;
  return {};
}

base::Status LogDirectory::Impl::readPreviousBrokerEpoch() {
  const auto bytes = storage.readFile(kCleanShutdownFile);
  if (!bytes)
    return bytes.error().kind == storage::FaultKind::NotFound ? base::Status{}
                                                              : statusOf(tl::unexpected(bytes.error()));
  previousBrokerEpoch = parseCleanShutdownMarker(*bytes).value_or(-1);
  return {};
}

base::Status LogDirectory::Impl::takeCleanShutdownMarker(OpenReport& report) {
  const auto bytes = storage.readFile(kCleanShutdownFile);
  if (!bytes)
    return bytes.error().kind == storage::FaultKind::NotFound ? base::Status{}
                                                              : statusOf(tl::unexpected(bytes.error()));
  if (const auto brokerEpoch = parseCleanShutdownMarker(*bytes); !brokerEpoch)
    report.damagedFiles.push_back(
        {kCleanShutdownFile, brokerEpoch.error().atByte, 0,
         sentence(kCleanShutdownFile, brokerEpoch.error(), "the logs count as not closed cleanly")});
  // A marker that cannot be read is none.
  report.cleanShutdown = report.damagedFiles.empty();
  // Gone for good before anything is loaded: a crash from here on is an unclean shutdown.
  if (auto status = statusOf(storage.remove(kCleanShutdownFile)); !status) return status;
  return statusOf(storage.syncDirectory(""));
}

base::Status LogDirectory::Impl::readCheckpoints(OpenReport& report) {
  for (const auto& [name, target] :
       {std::pair{kRecoveryPointFile, &recoveryPoints}, std::pair{kHighWatermarkFile, &highWatermarks},
        std::pair{kLogStartFile, &logStartOffsets}, std::pair{kCleanerOffsetFile, &cleanerOffsets}}) {
    auto offsets = readCheckpoint(name, report);
    if (!offsets) return base::fail(std::move(offsets).error());
    *target = std::move(*offsets);
  }
  return {};
}

base::Result<CheckpointedOffsets> LogDirectory::Impl::readCheckpoint(const char* name, OpenReport& report) {
  const auto bytes = storage.readFile(name);
  if (!bytes) {
    if (bytes.error().kind == storage::FaultKind::NotFound) return CheckpointedOffsets{};
    return base::fail(statusOf(tl::unexpected(bytes.error())).error());
  }
  auto offsets = parseOffsetCheckpoint(*bytes);
  if (offsets) return std::move(*offsets);
  report.damagedFiles.push_back({name, offsets.error().atByte, bytes->size(),
                                 sentence(name, offsets.error(), "it was ignored, the logs were read instead")});
  // What it vouched for is unknown now; the cleaner only has more to read.
  if (std::string_view(name) != kCleanerOffsetFile) report.cleanShutdown = false;
  return CheckpointedOffsets{};
}

PartitionLog::OpenOptions LogDirectory::Impl::openOptions(const base::TopicPartition& partition,
                                                          const LogConfig& config, base::TimestampMs nowMs) const {
  const auto offsetIn = [&](const CheckpointedOffsets& checkpoint) {
    const auto it = checkpoint.find(partition);
    return it == checkpoint.end() ? base::Offset{0} : it->second;
  };
  PartitionLog::OpenOptions options;
  options.partition = partition;
  options.config = config;
  options.nowMs = nowMs;
  options.recoveryPoint = offsetIn(recoveryPoints);
  options.logStartOffset = offsetIn(logStartOffsets);
  options.directoryState = state;
  return options;
}

base::Status LogDirectory::Impl::loadLogs(const Assignments& assignments, base::TimestampMs nowMs, OpenReport& report) {
  const auto entries = storage.list("");
  if (!entries) return statusOf(tl::unexpected(entries.error()));
  for (const storage::DirectoryEntry& entry : *entries) {
    const auto name = entry.isDirectory ? parseReplicaDirectoryName(entry.name) : std::nullopt;
    // A broker that is also a controller has the metadata log beside its replicas; the controller opens it (Kafka:
    // LogManager.loadLogs).
    if (!name || name->partition.topic == kMetadataTopic) continue;
    switch (name->kind) {
      case ReplicaDirectoryKind::Delete:
        doomed.emplace(entry.name, Doomed{name->partition, removalTime(nowMs, deleteDelayMs)});
        continue;
      case ReplicaDirectoryKind::Stray:
        continue;
      case ReplicaDirectoryKind::Future:
        // Beside the replica itself it is nothing; no move leaves that.
        if (storage.exists(name->partition.toString())) continue;
        futures.insert(name->partition);
        break;
      case ReplicaDirectoryKind::Replica:
        break;
    }
    if (auto status = loadLog(entry.name, name->partition, assignments, nowMs, report); !status) return status;
  }
  return {};
}

base::Status LogDirectory::Impl::loadLog(const std::string& name, const base::TopicPartition& partition,
                                         const Assignments& assignments, base::TimestampMs nowMs, OpenReport& report) {
  PartitionLog::OpenOptions options = openOptions(partition, assignments.configOf(partition.topic), nowMs);
  options.cleanShutdown = report.cleanShutdown;
  RecoveryReport recovery;
  auto log = PartitionLog::open(storage, name, options, recovery);
  if (!log) return base::fail(std::move(log).error());
  if (!recovery.cuts.empty()) report.cuts.emplace_back(partition, std::move(recovery));
  logs.emplace(partition, std::move(*log));
  return {};
}

/// Only when all are loaded: the checkpoints are written with what is here.
base::Status LogDirectory::Impl::setStraysAside(const Assignments& assignments) {
  std::vector<base::TopicPartition> strays;
  for (const auto& [partition, log] : logs)
    if (assignments.isStray(partition, log->topicId())) strays.push_back(partition);
  for (const base::TopicPartition& partition : strays)
    if (const auto retired = retire(partition, strayDirectoryName); !retired) return base::fail(retired.error());
  return {};
}

LogDirectory::LogDirectory(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LogDirectory::~LogDirectory() = default;

// Partitions.

const DirectoryIdentity& LogDirectory::identity() const {
  return m_impl->identity;
}
int64_t LogDirectory::previousBrokerEpoch() const {
  return m_impl->previousBrokerEpoch;
}
const std::optional<base::Error>& LogDirectory::failure() const {
  return m_impl->state->failure;
}

PartitionLog* LogDirectory::Impl::find(const base::TopicPartition& partition, bool isFuture) const {
  const auto it = logs.find(partition);
  return it == logs.end() || futures.contains(partition) != isFuture ? nullptr : it->second.get();
}

std::vector<base::TopicPartition> LogDirectory::Impl::partitions(bool areFuture) const {
  std::vector<base::TopicPartition> result;
  for (const auto& [partition, log] : logs)
    if (futures.contains(partition) == areFuture) result.push_back(partition);
  return result;
}

PartitionLog* LogDirectory::find(const base::TopicPartition& partition) const {
  return m_impl->find(partition, false);
}

std::vector<base::TopicPartition> LogDirectory::partitions() const {
  return m_impl->partitions(false);
}

base::Result<PartitionLog*> LogDirectory::getOrCreate(const base::TopicPartition& partition, const base::Uuid& topicId,
                                                      const LogConfig& config, base::TimestampMs nowMs) {
  if (m_impl->state->failure) return base::fail(*m_impl->state->failure);
  if (PartitionLog* const log = find(partition)) {
    if (auto status = log->assignTopicId(topicId); !status) return base::fail(std::move(status).error());
    log->setConfig(config);
    return log;
  }
  // A copy whose move was forgotten.
  if (auto status = removeFuture(partition, nowMs); !status) return base::fail(std::move(status).error());
  // Offsets of an earlier replica of the same name say nothing about this one.
  if (auto status = m_impl->forgetOffsets(partition); !status) return base::fail(std::move(status).error());
  PartitionLog::OpenOptions options = m_impl->openOptions(partition, config, nowMs);
  options.topicId = topicId;
  RecoveryReport report;
  auto log = PartitionLog::open(m_impl->storage, partition.toString(), options, report);
  if (!log) return base::fail(std::move(log).error());
  return m_impl->logs.emplace(partition, std::move(*log)).first->second.get();
}

base::Result<std::string> LogDirectory::Impl::retire(const base::TopicPartition& partition,
                                                     RetiredDirectoryName* nameOf) {
  const auto it = logs.find(partition);
  base::Uuid uniqueId = it->second->topicId();
  const std::filesystem::path directory = it->second->directory();
  logs.erase(it);
  futures.erase(partition);
  std::string retired = nameOf(partition, uniqueId);
  while (storage.exists(retired)) {
    ++uniqueId.leastSignificant;
    retired = nameOf(partition, uniqueId);
  }
  if (auto status = statusOf(storage.rename(directory, retired)); !status) return base::fail(status.error());
  if (auto status = statusOf(storage.syncDirectory("")); !status) return base::fail(status.error());
  if (auto status = forgetOffsets(partition); !status) return base::fail(status.error());
  return retired;
}

base::Status LogDirectory::Impl::doom(const base::TopicPartition& partition, base::TimestampMs nowMs) {
  if (state->failure) return base::fail(*state->failure);
  const auto name = retire(partition, deleteDirectoryName);
  if (!name) return base::fail(name.error());
  const base::TimestampMs removeAtMs = removalTime(nowMs, deleteDelayMs);
  doomed.emplace(*name, Doomed{partition, removeAtMs});
  if (state->filesAwaitRemoval) state->filesAwaitRemoval(removeAtMs);
  return {};
}

base::Status LogDirectory::remove(const base::TopicPartition& partition, base::TimestampMs nowMs) {
  return find(partition) == nullptr ? base::Status{} : m_impl->doom(partition, nowMs);
}

// What waits to be unlinked.

std::optional<base::TimestampMs> LogDirectory::nextRemoval() const {
  std::optional<base::TimestampMs> next;
  for (const auto& [partition, log] : m_impl->logs)
    if (const auto due = log->nextFileRemoval()) next = std::min(next.value_or(*due), *due);
  for (const auto& [name, doomed] : m_impl->doomed)
    next = std::min(next.value_or(doomed.removeAtMs), doomed.removeAtMs);
  return next;
}

base::Result<std::vector<LogDirectory::Removal>> LogDirectory::removeDue(base::TimestampMs nowMs) {
  if (m_impl->state->failure) return base::fail(*m_impl->state->failure);
  std::vector<Removal> removals;
  for (const auto& [partition, log] : m_impl->logs) {
    const auto due = log->nextFileRemoval();
    if (!due || *due > nowMs) continue;
    auto names = log->removeDeletedFiles(nowMs);
    if (!names) return base::fail(std::move(names).error());
    if (!names->empty()) removals.push_back({partition, std::move(*names), false});
  }
  for (auto it = m_impl->doomed.begin(); it != m_impl->doomed.end();) {
    if (it->second.removeAtMs > nowMs) {
      ++it;
      continue;
    }
    if (auto status = m_impl->statusOf(m_impl->storage.removeAll(it->first)); !status)
      return base::fail(std::move(status).error());
    removals.push_back({it->second.partition, {it->first}, true});
    it = m_impl->doomed.erase(it);
  }
  return removals;
}

void LogDirectory::onAwaitingRemoval(std::function<void(base::TimestampMs)> listener) {
  m_impl->state->filesAwaitRemoval = std::move(listener);
}

void LogDirectory::onAwaitingFlush(std::function<void(const base::TopicPartition&)> listener) {
  m_impl->state->segmentAwaitsFlush = std::move(listener);
}

// Checkpoints.

base::Status LogDirectory::Impl::writeCheckpoint(const char* name, CheckpointedOffsets& current,
                                                 CheckpointedOffsets next) {
  if (state->failure) return base::fail(*state->failure);
  if (next == current && storage.exists(name)) return {};
  if (auto status = statusOf(storage.writeFileAtomically(name, formatOffsetCheckpoint(next))); !status) return status;
  current = std::move(next);
  return {};
}

base::Status LogDirectory::Impl::writeRecoveryPoints() {
  CheckpointedOffsets next;
  for (const auto& [partition, log] : logs) next[partition] = log->recoveryPoint();
  return writeCheckpoint(kRecoveryPointFile, recoveryPoints, std::move(next));
}

base::Status LogDirectory::Impl::writeLogStartOffsets() {
  CheckpointedOffsets next;
  for (const auto& [partition, log] : logs)
    if (log->logStartOffset() > log->firstSegmentBaseOffset()) next[partition] = log->logStartOffset();
  return writeCheckpoint(kLogStartFile, logStartOffsets, std::move(next));
}

base::Status LogDirectory::Impl::writeOffsetCheckpoints() {
  if (auto status = writeRecoveryPoints(); !status) return status;
  return writeLogStartOffsets();
}

base::Status LogDirectory::writeRecoveryPoints() {
  return m_impl->writeRecoveryPoints();
}

base::Status LogDirectory::writeLogStartOffsets() {
  return m_impl->writeLogStartOffsets();
}

base::Status LogDirectory::Impl::lowerCheckpoints(const PartitionLog& log) {
  const auto isAbove = [&](const CheckpointedOffsets& checkpoint, base::Offset offset) {
    const auto it = checkpoint.find(log.partition());
    return it != checkpoint.end() && it->second > offset;
  };
  if (!isAbove(recoveryPoints, log.recoveryPoint()) && !isAbove(logStartOffsets, log.logStartOffset())) return {};
  return writeOffsetCheckpoints();
}

base::Status LogDirectory::Impl::forgetOffsets(const base::TopicPartition& partition) {
  if (recoveryPoints.contains(partition) || logStartOffsets.contains(partition))
    if (auto status = writeOffsetCheckpoints(); !status) return status;
  if (cleanerOffsets.contains(partition))
    if (auto status = writeCleanerOffset(partition, std::nullopt); !status) return status;
  if (!highWatermarks.contains(partition)) return {};
  CheckpointedOffsets remaining = highWatermarks;
  remaining.erase(partition);
  return writeCheckpoint(kHighWatermarkFile, highWatermarks, std::move(remaining));
}

base::Status LogDirectory::writeOffsetCheckpoints() {
  return m_impl->writeOffsetCheckpoints();
}

base::Offset LogDirectory::checkpointedHighWatermark(const base::TopicPartition& partition) const {
  const auto it = m_impl->highWatermarks.find(partition);
  return it == m_impl->highWatermarks.end() ? 0 : it->second;
}

base::Status LogDirectory::Impl::writeCleanerOffset(const base::TopicPartition& partition,
                                                    std::optional<base::Offset> offset) {
  CheckpointedOffsets next = cleanerOffsets;
  // As Kafka does, every write leaves out what is not here any more.
  std::erase_if(next, [this](const auto& entry) { return !logs.contains(entry.first); });
  if (offset)
    next[partition] = *offset;
  else
    next.erase(partition);
  return writeCheckpoint(kCleanerOffsetFile, cleanerOffsets, std::move(next));
}

std::optional<base::Offset> LogDirectory::cleanerOffset(const base::TopicPartition& partition) const {
  const auto it = m_impl->cleanerOffsets.find(partition);
  return it == m_impl->cleanerOffsets.end() ? std::nullopt : std::optional(it->second);
}

base::Status LogDirectory::writeCleanerOffset(const base::TopicPartition& partition, base::Offset offset) {
  return m_impl->writeCleanerOffset(partition, offset);
}

base::Status LogDirectory::writeHighWatermarks(const std::map<base::TopicPartition, base::Offset>& highWatermarks) {
  return m_impl->writeCheckpoint(kHighWatermarkFile, m_impl->highWatermarks, highWatermarks);
}

base::Status LogDirectory::closeCleanly(const std::map<base::TopicPartition, base::Offset>& highWatermarks,
                                        int64_t brokerEpoch) {
  Impl& impl = *m_impl;
  if (impl.state->failure) return base::fail(*impl.state->failure);
  if (!impl.isLoaded) return {};
  for (const auto& [partition, log] : impl.logs)
    if (auto status = log->close(); !status) return status;
  if (auto status = impl.writeOffsetCheckpoints(); !status) return status;
  if (auto status = writeHighWatermarks(highWatermarks); !status) return status;
  return impl.statusOf(impl.storage.writeFileAtomically(kCleanShutdownFile, formatCleanShutdownMarker(brokerEpoch)));
}

}  // namespace streamscope::log
