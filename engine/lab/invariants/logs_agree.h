#pragma once

#include "invariant.h"
#include "promises.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// Below the high watermark all replicas of a partition hold the same batches at the same offsets and epochs; those of
/// a compacted topic have the same last record of every key.
class LogsAgree final : public Invariant {
 public:
  LogsAgree(const ReplicaReader& replicas, const Promises& promises) : m_replicas(replicas), m_promises(promises) {}

  std::string_view promise() const override { return "Logs agree below the high watermark."; }

 private:
  void check() override;

  struct CompactedReplica {
    const log::PartitionLog& log;
    base::Offset start, commonEnd, highWatermark;
  };
  void compareCompacted(const std::string& pair, const CompactedReplica& a, const CompactedReplica& b);
  void comparePartition(const base::TopicPartition& partition, const std::vector<base::BrokerId>& replicas);

  const ReplicaReader& m_replicas;
  const Promises& m_promises;
};

}  // namespace streamscope::lab
