#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "lab/lab_description.h"
#include "lab/snapshot.h"
#include "lab_clients.h"
#include "lab_cluster.h"
#include "trace_tally.h"

namespace streamscope::lab {

/// Makes the picture of a lab at the present moment.
class SnapshotBuilder {
 public:
  SnapshotBuilder(LabCluster& cluster, LabClients& clients, const TraceTally& tally, const LabDescription& description,
                  std::map<base::BrokerId, uint16_t> ports);

  SnapshotPtr build();

  /// Keeps what a broker has, for the time when it is down.
  void rememberReplicas(base::BrokerId broker);

 private:
  void addControllers(Snapshot& snapshot) const;
  void addBrokers(Snapshot& snapshot);
  void addTopics(Snapshot& snapshot) const;
  void addClients(Snapshot& snapshot);
  void addExternalClients(Snapshot& snapshot) const;
  void addLinks(Snapshot& snapshot) const;
  void addGauges(Snapshot& snapshot) const;

  ClockState clockOf(world::Address node) const;
  NodeCondition conditionOf(base::BrokerId broker) const;
  /// By the leader's own account, -1 when no leader runs.
  base::Offset highWatermarkOf(const Snapshot& snapshot, const base::TopicPartition& partition) const;

  LabCluster& m_cluster;
  LabClients& m_clients;
  const TraceTally& m_tally;
  const LabDescription& m_description;
  const std::map<base::BrokerId, uint16_t> m_ports;
  std::map<base::BrokerId, std::vector<ReplicaState>> m_lastReplicas;
};

}  // namespace streamscope::lab
