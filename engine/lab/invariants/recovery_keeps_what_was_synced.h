#pragma once

#include <map>

#include "invariant.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// A broker that starts again has at least what it knew to be on stable storage when it ended.
class RecoveryKeepsWhatWasSynced final : public Invariant {
 public:
  explicit RecoveryKeepsWhatWasSynced(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Recovery keeps what was synced."; }

  void remember(base::BrokerId broker, const base::TopicPartition& partition, base::Offset recoveryPoint);
  void compare(base::BrokerId broker, const base::TopicPartition& partition, base::Offset logEndOffset);

 private:
  void onEvent(const world::TraceEvent& event) override;
  void onBrokerEnds(base::BrokerId broker);
  void onBrokerIsBack(base::BrokerId broker);

  const ReplicaReader& m_replicas;
  /// Of brokers that are down or starting.
  std::map<base::BrokerId, std::map<base::TopicPartition, base::Offset>> m_synced;
};

}  // namespace streamscope::lab
