#include "replica_alter_log_dirs_manager.h"

#include <algorithm>
#include <utility>

namespace streamscope::broker {
namespace {

/// Kafka: replica.fetch.max.bytes.
constexpr size_t kCopyBytesMax = 1 << 20;

}  // namespace

base::Status ReplicaAlterLogDirsManager::begin(const std::shared_ptr<Partition>& partition, size_t destination) {
  LogDirectories& directories = m_surroundings.logDirectories;
  const size_t from = *directories.placeOf(partition->name());
  world::NodeContext& context = m_surroundings.context;
  const auto future = directories.at(destination)
                          .createFuture(partition->name(), partition->topicId(), context.random.uuid(),
                                        partition->log().config(), context.clock.wallClockMs());
  if (!future) return base::fail(future.error());
  context.trace.record(world::FutureReplicaCreated{context.self, partition->name(), directories.nameOf(from),
                                                   directories.nameOf(destination)});
  if (auto known = partition->setFutureLog(*future); !known) return known;
  start(partition, from, destination);
  return {};
}

void ReplicaAlterLogDirsManager::resume(const std::shared_ptr<Partition>& partition) {
  LogDirectories& directories = m_surroundings.logDirectories;
  const auto from = directories.placeOf(partition->name());
  const auto to = directories.placeOfFuture(partition->name());
  if (!from || !to) return;
  log::PartitionLog* const future = directories.at(*to).findFuture(partition->name());
  future->setConfig(partition->log().config());
  if (const auto known = partition->setFutureLog(future); !known) return m_surroundings.onStorageFailure(known.error());
  start(partition, *from, *to);
}

void ReplicaAlterLogDirsManager::start(const std::shared_ptr<Partition>& partition, size_t from, size_t to) {
  m_surroundings.pauseCleaning(from, partition->name(), true);
  Move& move = m_moves[partition->name()] = Move{partition, from, to};
  workAfter(move, base::Duration::zero());
}

void ReplicaAlterLogDirsManager::end(const base::TopicPartition& partition) {
  const auto found = m_moves.find(partition);
  const Move move = std::move(found->second);
  m_moves.erase(found);
  m_surroundings.context.timers.cancel(move.timer);
  static_cast<void>(move.partition->setFutureLog(nullptr));
  if (m_surroundings.logDirectories.isOnline(move.from)) {
    m_surroundings.pauseCleaning(move.from, partition, false);
    // What the controller may have written down already is not so.
    if (move.assignment != Assignment::None)
      m_surroundings.assignments.assign(move.partition->topicId(), partition.partition,
                                        m_surroundings.logDirectories.idOf(move.from));
  }
}

void ReplicaAlterLogDirsManager::cancel(const base::TopicPartition& partition, const std::string& reason) {
  const auto destination = destinationOf(partition);
  if (!destination) return;
  end(partition);
  world::NodeContext& context = m_surroundings.context;
  LogDirectories& directories = m_surroundings.logDirectories;
  context.trace.record(world::FutureReplicaRemoved{context.self, partition, directories.nameOf(*destination), reason});
  const auto removed = directories.at(*destination).removeFuture(partition, context.clock.wallClockMs());
  if (!removed) m_surroundings.onStorageFailure(removed.error());
}

void ReplicaAlterLogDirsManager::forgetDirectory(size_t place) {
  std::vector<base::TopicPartition> ended;
  for (const auto& [name, move] : m_moves)
    if (move.from == place || move.to == place) ended.push_back(name);
  world::NodeContext& context = m_surroundings.context;
  for (const base::TopicPartition& name : ended) {
    const size_t to = m_moves.at(name).to;
    end(name);
    context.trace.record(world::FutureReplicaRemoved{
        context.self, name, m_surroundings.logDirectories.nameOf(to),
        to == place ? "its log directory failed" : "the log directory it is copied from failed"});
  }
}

std::optional<size_t> ReplicaAlterLogDirsManager::destinationOf(const base::TopicPartition& partition) const {
  const auto found = m_moves.find(partition);
  return found == m_moves.end() ? std::nullopt : std::optional(found->second.to);
}

void ReplicaAlterLogDirsManager::workAfter(Move& move, base::Duration wait) {
  world::Timers& timers = m_surroundings.context.timers;
  timers.cancel(move.timer);
  move.timer = timers.after(wait, [this, name = move.partition->name()] { work(name); });
}

bool ReplicaAlterLogDirsManager::isThrottled() {
  const auto bytesPerSecondMax = static_cast<double>(m_surroundings.config.alterLogDirsIoMaxBytesPerSecond);
  return m_rate.perSecond(m_surroundings.context.clock.now()) > bytesPerSecondMax;
}

void ReplicaAlterLogDirsManager::work(const base::TopicPartition& partition) {
  Move& move = m_moves.at(partition);
  if (isThrottled()) return workAfter(move, m_surroundings.config.replicaFetchBackoff);
  const auto copied = move.partition->copyToFutureLog(kCopyBytesMax);
  if (!copied) return onRefused(move, copied.error());
  if (*copied == 0) return onCaughtUp(move);
  m_rate.record(m_surroundings.context.clock.now(), static_cast<int64_t>(*copied));
  workAfter(move, base::Duration::zero());
}

void ReplicaAlterLogDirsManager::onRefused(const Move& move, const base::Error& error) {
  if (error.code == base::ErrorCode::KAFKA_STORAGE_ERROR) return m_surroundings.onStorageFailure(error);
  cancel(base::TopicPartition(move.partition->name()), error.message);
}

void ReplicaAlterLogDirsManager::onCaughtUp(Move& move) {
  if (move.assignment == Assignment::Accepted) return promote(move);
  // What is appended meanwhile comes with the next look.
  workAfter(move, m_surroundings.config.replicaFetchBackoff);
  if (move.assignment == Assignment::Queued) return;
  move.assignment = Assignment::Queued;
  const base::TopicPartition name = move.partition->name();
  m_surroundings.assignments.assign(move.partition->topicId(), name.partition,
                                    m_surroundings.logDirectories.idOf(move.to), [this, name] {
                                      const auto found = m_moves.find(name);
                                      if (found == m_moves.end()) return;
                                      found->second.assignment = Assignment::Accepted;
                                      work(name);
                                    });
}

void ReplicaAlterLogDirsManager::promote(Move& move) {
  world::NodeContext& context = m_surroundings.context;
  LogDirectories& directories = m_surroundings.logDirectories;
  const std::shared_ptr<Partition> partition = move.partition;
  const base::TopicPartition name = partition->name();
  const size_t from = move.from, to = move.to;
  const auto promoted = directories.promoteFuture(name, to, partition->highWatermark());
  // The replica itself is as it was; that the directory failed ends the move.
  if (!promoted) return m_surroundings.onStorageFailure(promoted.error());
  context.timers.cancel(move.timer);
  m_surroundings.pauseCleaning(from, name, false);
  m_moves.erase(name);
  partition->replaceLog(**promoted);
  context.trace.record(world::FutureReplicaPromoted{context.self, name, directories.nameOf(from),
                                                    directories.nameOf(to), (*promoted)->logEndOffset()});
  if (const auto removed = directories.at(from).remove(name, context.clock.wallClockMs()); !removed)
    m_surroundings.onStorageFailure(removed.error());
  m_surroundings.onPromoted(partition);
}

}  // namespace streamscope::broker
