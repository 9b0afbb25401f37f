#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "log/log_directory.h"
#include "storage/storage.h"
#include "world/node.h"

namespace streamscope::broker {

/// The log directories of a broker (log.dirs), by their place in that list. Each is a disk of its own as far as faults
/// go: one that fails goes offline alone and for good, until the next start. The first has what a broker cannot do
/// without, the metadata log, as metadata.log.dir has it by default. Kafka: LogManager.
class LogDirectories {
 public:
  using OpenReport = log::LogDirectory::OpenReport;

  /// Claims every directory for this broker (one: the node's own; several: "logs-1" and following). One that cannot be
  /// used is offline from the start; a refusal when that is the first, or when one belongs to another cluster or node.
  static base::Result<std::unique_ptr<LogDirectories>> claim(world::NodeContext& context, const BrokerConfig& config);

  /// Loads the logs as the first metadata image has them; what recovery cut is in the trace. A refusal is that of the
  /// first directory that failed, the others are loaded all the same.
  base::Status loadLogs(const controller::MetadataImage& image);
  /// The copy in `to` becomes the replica; the old one is still where it was. Kafka: replaceCurrentWithFutureLog.
  base::Result<log::PartitionLog*> promoteFuture(const base::TopicPartition& partition, size_t to,
                                                 base::Offset highWatermark);
  /// Deletes what the cluster deleted or moved away between the first image and this one.
  base::Status removeDropped(const controller::MetadataImage& image);

  /// The first directory was empty and is formatted only now.
  bool isNew() const { return m_isNew; }
  size_t count() const { return m_directories.size(); }
  bool isOnline(size_t place) const { return !m_directories[place].failure.has_value(); }
  bool hasOffline() const;
  /// Of one that is online.
  log::LogDirectory& at(size_t place) { return *m_directories[place].log; }
  const log::LogDirectory& at(size_t place) const { return *m_directories[place].log; }
  storage::Storage& storageOf(size_t place) const {
    const Directory& directory = m_directories[place];
    return directory.storage == nullptr ? m_context.storage : *directory.storage;
  }
  /// "" or "logs-N".
  const std::string& nameOf(size_t place) const { return m_directories[place].name; }
  /// As DescribeLogDirs and AlterReplicaLogDirs name it. Kafka's is absolute, this one is below the data directory.
  std::string pathOf(size_t place) const;
  /// Whatever its state.
  std::optional<size_t> placeOfPath(const std::string& path) const;
  /// Zero when it could not be read.
  const base::Uuid& idOf(size_t place) const { return m_directories[place].id; }
  /// Why it is offline.
  const std::optional<std::string>& failureOf(size_t place) const { return m_directories[place].failure; }
  /// Runs `action(place)` for each that is online.
  template <class Action>
  void forEachOnline(Action action) const {
    for (size_t place = 0; place < count(); ++place)
      if (isOnline(place)) action(place);
  }

  // Among those online.

  std::vector<base::Uuid> ids() const;
  std::optional<size_t> placeOf(const base::TopicPartition& partition) const;
  /// Where the copy of a replica is that is on its way to another directory.
  std::optional<size_t> placeOfFuture(const base::TopicPartition& partition) const;
  std::optional<size_t> placeOfId(const base::Uuid& id) const;
  log::PartitionLog* find(const base::TopicPartition& partition) const;
  /// Where a new replica goes: the fewest logs, the first of several (Kafka: LogManager.nextLogDirs).
  size_t emptiest() const;
  /// The broker epoch of the last clean shutdown; -1 unless all directories agree.
  int64_t previousBrokerEpoch() const;

  // Failing.

  /// The broker cannot go on: the first directory has failed, or all have.
  bool haveFailedForGood() const;
  /// Online ones that have had a storage fault.
  std::vector<size_t> newlyFailed() const;
  /// Its logs stay in memory for those who still hold them.
  void takeOffline(size_t place);

 private:
  struct Directory {
    std::string name;
    /// None for the node's own directory.
    std::unique_ptr<storage::Storage> storage;
    std::unique_ptr<log::LogDirectory> log;
    base::Uuid id;
    /// It could not be loaded.
    std::optional<base::Error> loadFailure;
    std::optional<std::string> failure;
  };
  LogDirectories(world::NodeContext& context, const BrokerConfig& config) : m_context(context), m_config(config) {}
  /// Its first storage fault.
  static const std::optional<base::Error>& faultOf(const Directory& directory);
  void tellRecovery(size_t place, const OpenReport& report) const;
  // Moves between directories that the end of the process cut short (log_directories_moves.cpp).
  base::Status finishMoves(const controller::MetadataImage& image);
  base::Status finishMove(const base::TopicPartition& partition, size_t to);
  base::Status keepOneOf(const base::TopicPartition& partition, size_t first, size_t second,
                         const controller::MetadataImage& image);
  static base::Status prepare(storage::Storage& storage, const std::string& name);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  std::vector<Directory> m_directories;
  bool m_isNew = false;
};

}  // namespace streamscope::broker
