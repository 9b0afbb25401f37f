#pragma once

#include <map>

#include "invariant.h"
#include "promises.h"
#include "replica_reader.h"

namespace streamscope::lab {

/// The records of one idempotent producer stand in a partition in the order it made them, each once, as long as it
/// keeps its epoch. A broker that starts again remembers only a producer's last batch; when one before that is sent
/// again, the producer is refused, begins a new epoch and writes it a second time, as Kafka's does (KIP-360). Simulated
/// producers number what they write ({"order":17,...}).
class RecordsStayInOrder final : public Invariant {
 public:
  RecordsStayInOrder(const ReplicaReader& replicas, const Promises& promises)
      : m_replicas(replicas), m_promises(promises) {}

  std::string_view promise() const override { return "Records of an idempotent producer stay in order, each once."; }

  void comparePartition(const base::TopicPartition& partition, const log::PartitionLog& log);

 private:
  struct Last {
    int64_t number = -1;
    base::Offset offset = base::kNoOffset;
  };

  void check() override;
  /// False when there is a record out of order.
  bool compareBatch(const base::TopicPartition& partition, base::ByteView batch, Last& last);

  const ReplicaReader& m_replicas;
  const Promises& m_promises;
};

}  // namespace streamscope::lab
