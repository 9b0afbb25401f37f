#include "acknowledged_records_survive.h"

#include <algorithm>
#include <utility>

namespace streamscope::lab {

namespace {

constexpr std::string_view kFollowed = "leader offset incremented";

}  // namespace

void AcknowledgedRecordsSurvive::onEvent(const world::TraceEvent& event) {
  if (const auto* moved = std::get_if<world::LogStartOffsetMoved>(&event.payload);
      moved && moved->reason != kFollowed) {
    base::Offset& deletedBelow = m_deletedBelow[moved->partition];
    deletedBelow = std::max(deletedBelow, moved->to);
    return;
  }
  if (const auto* changed = std::get_if<world::LeadershipChanged>(&event.payload); changed && changed->isLeader)
    return onLeader(*changed);
  if (const auto* deleted = std::get_if<world::TopicDeleted>(&event.payload)) {
    const auto isOfTopic = [&](const auto& entry) { return entry.first.topic == deleted->topic; };
    std::erase_if(m_acknowledged, isOfTopic);
    std::erase_if(m_acknowledgedKeys, isOfTopic);
    std::erase_if(m_deletedBelow, isOfTopic);
    return;
  }
  const auto* acknowledged = std::get_if<world::RecordsAcknowledged>(&event.payload);
  // A producer that was told "duplicate" does not know the offset.
  if (acknowledged == nullptr || acknowledged->firstOffset < 0) return;
  if (!m_promises.coversAcknowledgement(acknowledged->client, acknowledged->partition, now())) return;
  ++m_count;
  const base::TopicPartition& partition = acknowledged->partition;
  const log::PartitionLog* const holder = findHolder(partition, *acknowledged);
  if (m_promises.isCompacted(partition.topic)) {
    // Which keys it had nobody can say: its holder is gone already.
    if (holder == nullptr) return;
    const base::Offset end = acknowledged->firstOffset + acknowledged->records;
    for (const auto& [key, latest] : compactedView(*holder, acknowledged->firstOffset, end)) {
      LatestRecord& known = m_acknowledgedKeys[partition][key];
      if (latest.offset > known.offset) known = latest;
    }
    return;
  }
  m_acknowledged[partition][acknowledged->firstOffset] = {
      acknowledged->records, holder == nullptr ? std::nullopt : findCrc(*holder, *acknowledged)};
}

void AcknowledgedRecordsSurvive::forget(const Promises::AllowedLoss& loss) {
  std::erase_if(m_acknowledged[loss.partition],
                [&](const auto& entry) { return entry.first + entry.second.records > loss.from; });
  std::erase_if(m_acknowledgedKeys[loss.partition],
                [&](const auto& entry) { return entry.second.offset >= loss.from; });
}

void AcknowledgedRecordsSurvive::onLeader(const world::LeadershipChanged& leader) {
  if (const auto& loss = m_promises.lossAllowedNow()) forget(*loss);
  const auto acknowledged = m_acknowledged.find(leader.partition);
  const log::PartitionLog* const log = m_replicas.log(leader.node.id, leader.partition);
  if (acknowledged == m_acknowledged.end() || acknowledged->second.empty() || log == nullptr) return;
  const auto& [firstOffset, last] = *acknowledged->second.rbegin();
  if (log->logEndOffset() < firstOffset + last.records)
    m_shortSince.try_emplace(leader.partition, now());
  else
    m_shortSince.erase(leader.partition);
}

const log::PartitionLog* AcknowledgedRecordsSurvive::findHolder(const base::TopicPartition& partition,
                                                                const world::RecordsAcknowledged& batch) const {
  for (const base::BrokerId broker : m_replicas.brokers()) {
    // Only one with the batch below its high watermark is sure to hold this batch and no other at the offset.
    const log::PartitionLog* const log = m_replicas.log(broker, partition);
    if (log == nullptr || log->highWatermark() <= batch.firstOffset) continue;
    if (findCrc(*log, batch)) return log;
  }
  return nullptr;
}

std::optional<uint32_t> AcknowledgedRecordsSurvive::findCrc(const log::PartitionLog& log,
                                                            const world::RecordsAcknowledged& batch) {
  const auto headers = ReplicaReader::batches(log, batch.firstOffset, batch.firstOffset + batch.records);
  const auto found = headers.find(batch.firstOffset);
  return found == headers.end() ? std::nullopt : std::optional(found->second.crc);
}

void AcknowledgedRecordsSurvive::checkCompacted(const base::TopicPartition& partition,
                                                const log::PartitionLog& leaderLog) {
  CompactedView& acknowledged = m_acknowledgedKeys[partition];
  std::erase_if(acknowledged, [&](const auto& entry) { return entry.second.offset < m_deletedBelow[partition]; });
  const CompactedView there = compactedView(leaderLog, leaderLog.logStartOffset(), leaderLog.logEndOffset());
  if (const base::Bytes* key = firstMissingIn(there, acknowledged))
    broken(partition.toString() + " at offset " + std::to_string(acknowledged.at(*key).offset) +
           " had the last acknowledged record of a key, and the leader has neither it nor a later one");
}

void AcknowledgedRecordsSurvive::check() {
  for (const auto& [partition, batches] : m_acknowledged) checkPartition(partition, batches);
  for (const auto& [partition, keys] : m_acknowledgedKeys) checkPartition(partition, {});
}

void AcknowledgedRecordsSurvive::checkPartition(const base::TopicPartition& partition,
                                                const std::map<base::Offset, Acknowledged>& batches) {
  // A disk has rotted since.
  if (!m_promises.isElectedCleanly(partition.topic)) return;
  const controller::MetadataImage* image = m_replicas.image();
  const auto* registration = image == nullptr ? nullptr : image->findPartition(partition.topic, partition.partition);
  const log::PartitionLog* log = registration == nullptr ? nullptr : m_replicas.log(registration->leader, partition);
  if (log == nullptr) return broken(partition.toString() + " has no leader to read from at the end");
  if (m_acknowledgedKeys.contains(partition)) checkCompacted(partition, *log);
  const auto headers = ReplicaReader::batches(*log, log->logStartOffset(), log->logEndOffset());
  const auto deleted = m_deletedBelow.find(partition);
  const base::Offset deletedBelow = deleted == m_deletedBelow.end() ? 0 : deleted->second;
  const auto shortSince = m_shortSince.find(partition);
  const auto lost = [&](std::string how) {
    brokenAt(shortSince == m_shortSince.end() ? now() : shortSince->second, std::move(how));
  };
  for (const auto& [offset, acknowledged] : batches) {
    if (offset + acknowledged.records <= deletedBelow) continue;
    const auto found = headers.find(offset);
    const std::string where = partition.toString() + " at offset " + std::to_string(offset) + " (" +
                              std::to_string(acknowledged.records) + " records)";
    if (found == headers.end())
      lost(where + " was acknowledged and is not in the log of the leader, broker " +
           std::to_string(registration->leader) + ", which ends at " + std::to_string(log->logEndOffset()));
    else if (acknowledged.crc && found->second.crc != *acknowledged.crc)
      lost(where + " was acknowledged and other bytes stand there now");
    else if (found->second.recordCount != acknowledged.records)
      lost(where + " was acknowledged and " + std::to_string(found->second.recordCount) + " records stand there now");
  }
}

}  // namespace streamscope::lab
