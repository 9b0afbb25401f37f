#include "replica_manager.h"

#include "delayed_fetch.h"
#include "leader_hint.h"
#include "produce_answer.h"

namespace streamscope::broker {
namespace {

std::shared_ptr<Partition> at(const std::vector<std::shared_ptr<Partition>>& partitions, base::PartitionId id) {
  return id >= 0 && id < std::ssize(partitions) ? partitions[static_cast<size_t>(id)] : nullptr;
}

}  // namespace

ReplicaManager::ReplicaManager(Surroundings surroundings)
    : m_surroundings(std::move(surroundings)),
      m_context(m_surroundings.context),
      m_partitionContext{m_context, m_surroundings.config, m_surroundings.image, m_surroundings.alterPartition, *this},
      m_leaderQuota(m_context, m_surroundings.config, ReplicationQuota::Role::Leader),
      m_followerQuota(m_context, m_surroundings.config, ReplicationQuota::Role::Follower),
      m_fetchSurroundings{m_surroundings.image, m_leaderQuota},
      m_producePurgatory(m_context),
      m_fetchPurgatory(m_context),
      m_deleteRecordsPurgatory(m_context),
      m_alterLogDirs({m_context, m_surroundings.config, m_surroundings.logDirectories, m_surroundings.assignments,
                      [this](size_t directory, const base::TopicPartition& name, bool isPaused) {
                        m_logCleanerTasks[directory]->pause(name, isPaused);
                      },
                      [this](const std::shared_ptr<Partition>& partition) { onMoved(partition); },
                      m_surroundings.onStorageFailure}) {
  LogDirectories& directories = m_surroundings.logDirectories;
  m_logTasks.resize(directories.count());
  m_logCleanerTasks.resize(directories.count());
  directories.forEachOnline([&](size_t place) {
    m_logTasks[place] = std::make_unique<LogTasks>(m_context, m_surroundings.config, directories.at(place),
                                                   m_surroundings.onStorageFailure);
    m_logCleanerTasks[place] = std::make_unique<LogCleanerTask>(m_context, m_surroundings.config, directories.at(place),
                                                                m_surroundings.onStorageFailure);
  });
}

ReplicaManager::~ReplicaManager() = default;

// Finding a partition.

std::shared_ptr<Partition> ReplicaManager::find(const std::string& topic, base::PartitionId partition) const {
  const auto found = m_topics.find(topic);
  return found == m_topics.end() ? nullptr : at(found->second->partitions, partition);
}

std::shared_ptr<Partition> ReplicaManager::find(const base::Uuid& topicId, base::PartitionId partition) const {
  const auto found = m_topicsById.find(topicId);
  return found == m_topicsById.end() ? nullptr : at(found->second->partitions, partition);
}

base::ErrorCode ReplicaManager::whyNotHere(const std::string& topic, base::PartitionId partition) const {
  if (m_offlineReplicas.contains({topic, partition})) return base::ErrorCode::KAFKA_STORAGE_ERROR;
  return m_surroundings.image.findPartition(topic, partition) != nullptr ? base::ErrorCode::NOT_LEADER_OR_FOLLOWER
                                                                         : base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
}

std::vector<const Partition*> ReplicaManager::partitions() const {
  std::vector<const Partition*> all;
  for (const auto& [name, topic] : m_topics)
    for (const auto& partition : topic->partitions)
      if (partition != nullptr) all.push_back(partition.get());
  return all;
}

// Produce.

void ReplicaManager::append(Append append) {
  std::vector<DelayedProduce::WaitingPartition> waiting;
  std::vector<WatchKey> grown;
  for (PartitionAppend& one : append.partitions)
    if (appendTo(append, one, waiting)) grown.push_back(one.partition->key());
  answerAppend(append, std::move(waiting));
  // Followers may read up to the log end now.
  for (const WatchKey key : grown) m_fetchPurgatory.checkAndComplete(key);
}

base::Result<log::AppendInfo> ReplicaManager::appendForCoordinator(Partition& partition,
                                                                   const base::SharedBytes& batch) {
  auto appended = partition.appendAsLeader(batch, -1, log::AppendOrigin::Coordinator);
  if (appended) m_fetchPurgatory.checkAndComplete(partition.key());
  return appended;
}

bool ReplicaManager::appendTo(Append& append, PartitionAppend& one,
                              std::vector<DelayedProduce::WaitingPartition>& waiting) {
  auto& answer = append.response.responses[one.topicIndex].partitionResponses[one.partitionIndex];
  std::vector<log::RecordError> recordErrors;
  const auto appended =
      one.partition->appendAsLeader(one.records, append.acks, log::AppendOrigin::Client, 0, &recordErrors);
  if (!appended) {
    refuseProduce(answer, appended.error(), one.partition->log().logStartOffset(), std::move(recordErrors));
    if (append.reply.version >= kProduceLeaderHintVersion) {
      const base::TopicPartition& name = one.partition->name();
      addLeaderHint(m_surroundings.image, m_surroundings.image.findPartition(name.topic, name.partition),
                    append.response, answer);
    }
    return false;
  }
  acceptProduce(answer, *appended, one.partition->log().logStartOffset());
  if (append.acks == -1)
    waiting.push_back({one.partition, appended->lastOffset + 1, one.topicIndex, one.partitionIndex});
  return true;
}

void ReplicaManager::answerAppend(Append& append, std::vector<DelayedProduce::WaitingPartition> waiting) {
  if (append.acks == 0) {
    // Without a response the only way to tell is to end the connection.
    for (const auto& topic : append.response.responses)
      for (const auto& answer : topic.partitionResponses)
        if (answer.errorCode != 0)
          return m_context.network.disconnect(
              append.reply, "A produce with acks=0 failed: " +
                                std::string(base::errorName(static_cast<base::ErrorCode>(answer.errorCode))) + ".");
    return;
  }
  if (waiting.empty()) return m_context.network.respond(append.reply, std::move(append.response));
  std::vector<WatchKey> keys;
  for (const auto& one : waiting) keys.push_back(one.partition->key());
  auto delayed = std::make_unique<DelayedProduce>(m_context.network, m_surroundings.image, append.reply,
                                                  std::move(append.response), std::move(waiting));
  m_producePurgatory.tryCompleteElseWatch(std::move(delayed), keys, append.timeout);
}

// Fetch.

void ReplicaManager::fetch(FetchInProgress fetch) {
  const FetchPass pass = readPartitions(fetch, m_fetchSurroundings, true);
  if (fetch.waitMax <= base::Duration::zero() || fetch.slots.empty() || pass.mustAnswerNow ||
      pass.bytes >= fetch.bytesMin) {
    countThrottled(fetch, m_fetchSurroundings);
    return m_context.network.respond(fetch.reply, std::move(fetch.response));
  }
  std::vector<WatchKey> keys;
  keys.reserve(fetch.slots.size());
  for (const FetchInProgress::Slot& slot : fetch.slots) keys.push_back(slot.partition->key());
  const base::Duration timeout = fetch.waitMax;
  m_fetchPurgatory.tryCompleteElseWatch(
      std::make_unique<DelayedFetch>(m_context.network, m_fetchSurroundings, std::move(fetch)), keys, timeout);
}

// Deleting records.

void ReplicaManager::deleteRecords(DeleteRecords deletion) {
  std::vector<DelayedDeleteRecords::WaitingPartition> waiting;
  std::vector<WatchKey> keys;
  for (DelayedDeleteRecords::WaitingPartition& one : deletion.partitions) {
    auto& answer = deletion.response.topics[one.topicIndex].partitions[one.partitionIndex];
    const auto target = one.partition->deleteRecords(one.requiredOffset);
    if (!target) {
      answer.errorCode = static_cast<int16_t>(target.error().code);
      continue;
    }
    one.requiredOffset = *target;
    answer.lowWatermark = one.partition->lowWatermark();
    if (answer.lowWatermark >= *target) continue;
    keys.push_back(one.partition->key());
    waiting.push_back(std::move(one));
  }
  if (waiting.empty()) return m_context.network.respond(deletion.reply, std::move(deletion.response));
  m_deleteRecordsPurgatory.tryCompleteElseWatch(
      std::make_unique<DelayedDeleteRecords>(m_context.network, deletion.reply, std::move(deletion.response),
                                             std::move(waiting)),
      keys, deletion.timeout);
}

void ReplicaManager::onLowWatermarkMoved(Partition& partition) {
  m_deleteRecordsPurgatory.checkAndComplete(partition.key());
}

void ReplicaManager::onHighWatermarkMoved(Partition& partition) {
  m_producePurgatory.checkAndComplete(partition.key());
  m_fetchPurgatory.checkAndComplete(partition.key());
  if (m_replicationListener != nullptr) m_replicationListener->onReplicated(partition);
}

// Ends.

std::map<base::TopicPartition, base::Offset> ReplicaManager::highWatermarks(size_t directory) const {
  std::map<base::TopicPartition, base::Offset> all;
  const log::LogDirectory& logs = m_surroundings.logDirectories.at(directory);
  // A broker that is stopped before it has taken up its replicas must not forget where they were.
  for (const base::TopicPartition& name : logs.partitions()) all.emplace(name, logs.checkpointedHighWatermark(name));
  for (const Partition* partition : partitions()) {
    const auto found = all.find(partition->name());
    if (found != all.end()) found->second = partition->highWatermark();
  }
  return all;
}

void ReplicaManager::abandonWaiting(const std::string& reason) {
  m_producePurgatory.abandonAll(reason);
  m_fetchPurgatory.abandonAll(reason);
  m_deleteRecordsPurgatory.abandonAll(reason);
}

// Periodic tasks.

void ReplicaManager::every(base::Duration interval, void (ReplicaManager::*task)()) {
  m_context.timers.after(interval, [this, interval, task] {
    (this->*task)();
    every(interval, task);
  });
}

void ReplicaManager::shrinkIsrs() {
  for (const auto& [name, topic] : m_topics)
    for (const auto& partition : topic->partitions)
      if (partition != nullptr) partition->maybeShrinkIsr();
}

void ReplicaManager::checkpointHighWatermarks() {
  m_surroundings.logDirectories.forEachOnline([this](size_t place) {
    const auto written = m_surroundings.logDirectories.at(place).writeHighWatermarks(highWatermarks(place));
    if (!written) onStorageFailure(written.error());
  });
}

}  // namespace streamscope::broker
