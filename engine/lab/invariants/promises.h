#pragma once

#include <string>

#include "lab/invariant_checker.h"
#include "replica_reader.h"
#include "world/world.h"

namespace streamscope::lab {

/// What the configuration of a moment promises to whom.
class Promises {
 public:
  Promises(const world::World& world, const ReplicaReader& replicas, const LabDescription& description,
           InvariantChecker::Claims claims);

  void onEvent(const world::TraceEvent& event);

  /// No leader of the topic comes from outside its ISR, and no disk has lost what it had: Kafka answers for machines
  /// that die, not for the last member of an ISR that comes back without the end of its log.
  bool isElectedCleanly(const std::string& topic) const;
  /// Records with the same key may take the place of what was acknowledged.
  bool isCompacted(const std::string& topic) const;
  /// What the producer is told is written is on every member of the ISR.
  bool coversAcknowledgement(world::Address producer, const std::string& topic) const;

 private:
  const world::World& m_world;
  const ReplicaReader& m_replicas;
  const bool m_isEverythingClaimed;
  const bool m_isAcksOneClaimed;
  const std::string m_uncleanByDefault;
  bool m_isDiskToBlame = false;
  const std::string m_cleanupPolicyByDefault;
};

}  // namespace streamscope::lab
