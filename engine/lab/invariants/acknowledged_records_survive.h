#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "compacted_view.h"
#include "invariant.h"
#include "promises.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// What a producer was promised is written (Promises) stays in the log, byte for byte. Remembers the checksum of every
/// acknowledged batch and looks for it at the end. What retention or a client deleted is not missed; a follower that
/// only followed its leader's log start deleted nothing by itself. Of a compacted topic it remembers the last
/// acknowledged record of every key, which must be there if no later one is.
class AcknowledgedRecordsSurvive final : public Invariant {
 public:
  AcknowledgedRecordsSurvive(const ReplicaReader& replicas, const Promises& promises)
      : m_replicas(replicas), m_promises(promises) {}

  std::string_view promise() const override { return "Acknowledged records survive."; }

  int64_t batchesAcknowledged() const { return m_count; }

 private:
  void onEvent(const world::TraceEvent& event) override;
  void check() override;

  struct Acknowledged {
    int32_t records = 0;
    /// Empty when no broker that has it could be looked at.
    std::optional<uint32_t> crc;
  };
  /// The log of a broker that has the batch below its high watermark; null when none could be looked at.
  const log::PartitionLog* findHolder(const base::TopicPartition& partition,
                                      const world::RecordsAcknowledged& batch) const;
  static std::optional<uint32_t> findCrc(const log::PartitionLog& log, const world::RecordsAcknowledged& batch);
  void checkCompacted(const base::TopicPartition& partition, const log::PartitionLog& leaderLog);
  void checkPartition(const base::TopicPartition& partition, const std::map<base::Offset, Acknowledged>& batches);

  void onLeader(const world::LeadershipChanged& leader);
  void forget(const Promises::AllowedLoss& loss);

  const ReplicaReader& m_replicas;
  const Promises& m_promises;
  std::map<base::TopicPartition, std::map<base::Offset, Acknowledged>> m_acknowledged;
  /// Records below were deleted on purpose.
  std::map<base::TopicPartition, base::Offset> m_deletedBelow;
  std::map<base::TopicPartition, CompactedView> m_acknowledgedKeys;
  /// Since when a partition is led by a broker that ends before the last acknowledged record: if they are really lost,
  /// it happened then.
  std::map<base::TopicPartition, base::VirtualTime> m_shortSince;
  int64_t m_count = 0;
};

}  // namespace streamscope::lab
