#pragma once

#include <map>
#include <set>

#include "invariant.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// A broker that starts again has at least what it knew to be on stable storage when it ended. Nothing is asked of one
/// whose disk had a bit turned over or said that it synced what it did not: no recovery could keep that.
class RecoveryKeepsWhatWasSynced final : public Invariant {
 public:
  explicit RecoveryKeepsWhatWasSynced(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Recovery keeps what was synced."; }

  void remember(base::BrokerId broker, const base::TopicPartition& partition, base::Offset recoveryPoint);
  void compare(base::BrokerId broker, const base::TopicPartition& partition, base::Offset logEndOffset);

 private:
  void onEvent(const world::TraceEvent& event) override;
  void distrust(world::Address node);
  void onBrokerEnds(base::BrokerId broker);
  void onBrokerIsBack(base::BrokerId broker);

  const ReplicaReader& m_replicas;
  std::set<base::BrokerId> m_untrustedDisks;
  /// Of brokers that are down or starting.
  std::map<base::BrokerId, std::map<base::TopicPartition, base::Offset>> m_synced;
};

}  // namespace streamscope::lab
