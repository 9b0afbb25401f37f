#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/topic_partition.h"
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

  /// No leader of the topic comes from outside its ISR, and no bit of a disk has turned over.
  bool isElectedCleanly(const std::string& topic) const;
  /// A broker has led the partition that came back without the end of its log: Kafka answers for machines that die, not
  /// for a member of an ISR whose disk lost what was not synced, or was lost as a whole, and that leads before it has
  /// fetched that again.
  bool hasLostHistory(const base::TopicPartition& partition) const { return m_broken.contains(partition); }
  /// Elected cleanly, and no history lost.
  bool isHistoryKept(const base::TopicPartition& partition) const;
  /// The event being observed is such a broker's leadership: of the partition everything from this offset on may go.
  struct AllowedLoss {
    base::TopicPartition partition;
    base::Offset from = 0;
  };
  const std::optional<AllowedLoss>& lossAllowedNow() const { return m_lossAllowedNow; }
  /// Records with the same key may take the place of what was acknowledged.
  bool isCompacted(const std::string& topic) const;
  /// What the producer is told now is written is on every member of the ISR. Not for a while after such a broker began
  /// to lead: the answer may have been on its way, from the leader before.
  bool coversAcknowledgement(world::Address producer, const base::TopicPartition& partition,
                             base::VirtualTime now) const;

 private:
  void onDiskLost(world::Address node, world::EventId event);
  void onLeader(const world::LeadershipChanged& leader, const world::TraceEvent& event);

  const world::World& m_world;
  const ReplicaReader& m_replicas;
  const bool m_isEverythingClaimed;
  const bool m_isAcksOneClaimed;
  const std::string m_uncleanByDefault;
  const std::string m_cleanupPolicyByDefault;
  bool m_isDiskToBlame = false;
  /// When a broker's disk lost something last, and since when a broker is known to have all of a partition.
  std::map<base::BrokerId, world::EventId> m_lostAt;
  std::map<std::pair<base::TopicPartition, base::BrokerId>, world::EventId> m_wholeSince;
  /// The highest high watermark any replica told of.
  std::map<base::TopicPartition, base::Offset> m_highWatermarks;
  /// Since when a partition's history is not kept.
  std::map<base::TopicPartition, base::VirtualTime> m_broken;
  std::optional<AllowedLoss> m_lossAllowedNow;
};

}  // namespace streamscope::lab
