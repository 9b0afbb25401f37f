#pragma once

#include "invariant.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// Below the high watermark all replicas of a partition hold the same batches at the same offsets and epochs.
class LogsAgree final : public Invariant {
 public:
  explicit LogsAgree(const ReplicaReader& replicas) : m_replicas(replicas) {}

  std::string_view promise() const override { return "Logs agree below the high watermark."; }
  void check() override;

 private:
  void comparePartition(const base::TopicPartition& partition, const std::vector<base::BrokerId>& replicas);

  const ReplicaReader& m_replicas;
};

}  // namespace streamscope::lab
