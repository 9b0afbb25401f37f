#include "log_directories.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "replica_assignments.h"
#include "storage/subdirectory_storage.h"

namespace streamscope::broker {

base::Status LogDirectories::prepare(storage::Storage& storage, const std::string& name) {
  if (storage.exists(name)) return {};
  if (const auto created = storage.createDirectories(name); !created)
    return base::fail(storage::toError(created.error()));
  if (const auto synced = storage.syncDirectory(""); !synced) return base::fail(storage::toError(synced.error()));
  return {};
}

base::Result<std::unique_ptr<LogDirectories>> LogDirectories::claim(world::NodeContext& context,
                                                                    const BrokerConfig& config) {
  auto directories = std::unique_ptr<LogDirectories>(new LogDirectories(context, config));
  for (int32_t number = 1; number <= config.logDirectories; ++number) {
    Directory directory;
    base::Status prepared;
    if (config.logDirectories > 1) {
      directory.name = "logs-" + std::to_string(number);
      directory.storage = std::make_unique<storage::SubdirectoryStorage>(context.storage, directory.name);
      prepared = prepare(context.storage, directory.name);
    }
    storage::Storage& storage = directory.storage == nullptr ? context.storage : *directory.storage;
    const log::DirectoryIdentity identity{config.clusterId, config.nodeId, context.random.uuid()};
    OpenReport report;
    auto claimed = prepared ? log::LogDirectory::claim(storage, identity, config.log.fileDeleteDelayMs, report)
                            : base::Result<std::unique_ptr<log::LogDirectory>>(base::fail(prepared.error()));
    if (claimed) {
      directory.log = std::move(*claimed);
      directory.id = directory.log->identity().directoryId;
    } else if (number == 1 || claimed.error().code != base::ErrorCode::KAFKA_STORAGE_ERROR) {
      return base::fail(claimed.error());
    } else {
      directory.failure = claimed.error().message;
    }
    if (number == 1) directories->m_isNew = report.isNew;
    directories->m_directories.push_back(std::move(directory));
  }
  return directories;
}

base::Status LogDirectories::loadLogs(const controller::MetadataImage& image) {
  base::Status status;
  forEachOnline([&](size_t place) {
    const ReplicaAssignments assignments(m_config, image, idOf(place));
    OpenReport report;
    const base::Status loaded = at(place).loadLogs(assignments.forLogs(), m_context.clock.wallClockMs(), report);
    if (!loaded) m_directories[place].loadFailure = loaded.error();
    if (!loaded && status) status = loaded;
    if (loaded) tellRecovery(place, report);
  });
  return status ? finishMoves(image) : status;
}

void LogDirectories::tellRecovery(size_t place, const OpenReport& report) const {
  for (const auto& damaged : report.damagedFiles)
    m_context.trace.record(world::LogDirectoryFileDamaged{m_context.self, damaged.file, damaged.reason});
  for (const auto& [partition, recovery] : report.cuts) {
    const log::PartitionLog* log = at(place).find(partition);
    if (log == nullptr) log = at(place).findFuture(partition);
    for (const auto& cut : recovery.cuts)
      m_context.trace.record(world::LogRecovered{m_context.self, partition, log == nullptr ? 0 : log->logEndOffset(),
                                                 cut.bytesCut, cut.toString()});
  }
}

base::Status LogDirectories::removeDropped(const controller::MetadataImage& image) {
  for (size_t place = 0; place < count(); ++place) {
    if (!isOnline(place)) continue;
    const ReplicaAssignments assignments(m_config, image, idOf(place));
    for (const base::TopicPartition& partition : at(place).partitions()) {
      if (!assignments.isStray(partition, at(place).find(partition)->topicId())) continue;
      if (auto removed = at(place).remove(partition, m_context.clock.wallClockMs()); !removed) return removed;
    }
  }
  return {};
}

bool LogDirectories::hasOffline() const {
  return std::ranges::any_of(m_directories, [](const Directory& each) { return each.failure.has_value(); });
}

std::vector<base::Uuid> LogDirectories::ids() const {
  std::vector<base::Uuid> ids;
  forEachOnline([&](size_t place) { ids.push_back(idOf(place)); });
  return ids;
}

std::optional<size_t> LogDirectories::placeOf(const base::TopicPartition& partition) const {
  for (size_t place = 0; place < count(); ++place)
    if (isOnline(place) && at(place).find(partition) != nullptr) return place;
  return std::nullopt;
}

std::string LogDirectories::pathOf(size_t place) const {
  const std::string own = "broker-" + std::to_string(m_config.nodeId);
  return nameOf(place).empty() ? own : own + "/" + nameOf(place);
}

std::optional<size_t> LogDirectories::placeOfPath(const std::string& path) const {
  for (size_t place = 0; place < count(); ++place)
    if (pathOf(place) == path) return place;
  return std::nullopt;
}

std::optional<size_t> LogDirectories::placeOfFuture(const base::TopicPartition& partition) const {
  for (size_t place = 0; place < count(); ++place)
    if (isOnline(place) && at(place).findFuture(partition) != nullptr) return place;
  return std::nullopt;
}

std::optional<size_t> LogDirectories::placeOfId(const base::Uuid& id) const {
  for (size_t place = 0; place < count(); ++place)
    if (isOnline(place) && idOf(place) == id) return place;
  return std::nullopt;
}

log::PartitionLog* LogDirectories::find(const base::TopicPartition& partition) const {
  const auto place = placeOf(partition);
  return place ? at(*place).find(partition) : nullptr;
}

size_t LogDirectories::emptiest() const {
  if (count() == 1) return 0;
  std::optional<size_t> best;
  size_t fewest = 0;
  forEachOnline([&](size_t place) {
    const size_t logs = at(place).partitions().size();
    if (best && logs >= fewest) return;
    best = place;
    fewest = logs;
  });
  STREAMSCOPE_ASSERT(best.has_value());
  return *best;
}

int64_t LogDirectories::previousBrokerEpoch() const {
  std::optional<int64_t> common;
  bool isCommon = true;
  forEachOnline([&](size_t place) {
    const int64_t epoch = at(place).previousBrokerEpoch();
    isCommon = isCommon && common.value_or(epoch) == epoch;
    common = epoch;
  });
  return isCommon ? common.value_or(-1) : -1;
}

const std::optional<base::Error>& LogDirectories::faultOf(const Directory& directory) {
  return directory.loadFailure ? directory.loadFailure : directory.log->failure();
}

bool LogDirectories::haveFailedForGood() const {
  const auto hasFailed = [](const Directory& each) { return each.failure || faultOf(each); };
  return hasFailed(m_directories.front()) || std::ranges::all_of(m_directories, hasFailed);
}

std::vector<size_t> LogDirectories::newlyFailed() const {
  std::vector<size_t> failed;
  forEachOnline([&](size_t place) {
    if (faultOf(m_directories[place])) failed.push_back(place);
  });
  return failed;
}

void LogDirectories::takeOffline(size_t place) {
  m_directories[place].failure = faultOf(m_directories[place])->message;
}

}  // namespace streamscope::broker
