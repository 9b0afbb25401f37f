#include "recovery_keeps_what_was_synced.h"

#include <algorithm>

namespace streamscope::lab {

void RecoveryKeepsWhatWasSynced::onEvent(const world::TraceEvent& event) {
  if (const auto* stopped = std::get_if<world::NodeStopped>(&event.payload)) {
    if (stopped->node.kind == world::NodeKind::Broker) onBrokerEnds(stopped->node.id);
  } else if (const auto* registered = std::get_if<world::BrokerRegistered>(&event.payload)) {
    onBrokerIsBack(registered->broker.id);
  } else if (const auto* cut = std::get_if<world::LogTruncated>(&event.payload)) {
    // It follows another leader before the controller took its registration.
    const auto synced = m_synced.find(cut->node.id);
    if (synced == m_synced.end()) return;
    const auto known = synced->second.find(cut->partition);
    if (known != synced->second.end()) known->second = std::min(known->second, cut->to);
  } else if (const auto* replaced = std::get_if<world::DiskReplaced>(&event.payload)) {
    if (replaced->node.kind == world::NodeKind::Broker) m_synced.erase(replaced->node.id);
  } else if (const auto* flipped = std::get_if<world::BitFlipped>(&event.payload)) {
    distrust(flipped->node);
  } else if (const auto* disk = std::get_if<world::DiskConditionsChanged>(&event.payload)) {
    if (disk->losesSyncs) distrust(disk->node);
  } else if (const auto* deleted = std::get_if<world::TopicDeleted>(&event.payload)) {
    for (auto& [broker, partitions] : m_synced)
      std::erase_if(partitions, [&](const auto& entry) { return entry.first.topic == deleted->topic; });
  }
}

void RecoveryKeepsWhatWasSynced::distrust(world::Address node) {
  if (node.kind != world::NodeKind::Broker) return;
  m_untrustedDisks.insert(node.id);
  m_synced.erase(node.id);
}

void RecoveryKeepsWhatWasSynced::onBrokerEnds(base::BrokerId broker) {
  if (m_untrustedDisks.contains(broker)) return;
  const broker::BrokerNode* node = m_replicas.node(broker);
  // A log directory that failed knows nothing of its disk.
  if (node == nullptr || node->logDirectoryFailure()) return;
  for (const broker::ReplicaView& replica : node->replicas())
    if (const log::PartitionLog* log = node->findLog(replica.partition))
      remember(broker, replica.partition, log->recoveryPoint());
}

void RecoveryKeepsWhatWasSynced::onBrokerIsBack(base::BrokerId broker) {
  const auto synced = m_synced.find(broker);
  if (synced == m_synced.end()) return;
  const auto partitions = std::move(synced->second);
  m_synced.erase(synced);
  for (const auto& [partition, recoveryPoint] : partitions) {
    const log::PartitionLog* log = m_replicas.log(broker, partition);
    if (log == nullptr) continue;
    remember(broker, partition, recoveryPoint);
    compare(broker, partition, log->logEndOffset());
  }
  m_synced.erase(broker);
}

void RecoveryKeepsWhatWasSynced::remember(base::BrokerId broker, const base::TopicPartition& partition,
                                          base::Offset recoveryPoint) {
  m_synced[broker][partition] = recoveryPoint;
}

void RecoveryKeepsWhatWasSynced::compare(base::BrokerId broker, const base::TopicPartition& partition,
                                         base::Offset logEndOffset) {
  const base::Offset synced = m_synced[broker][partition];
  if (logEndOffset < synced)
    broken("broker " + std::to_string(broker) + " had " + partition.toString() + " on its disk up to " +
           std::to_string(synced) + " and came back with " + std::to_string(logEndOffset));
}

}  // namespace streamscope::lab
