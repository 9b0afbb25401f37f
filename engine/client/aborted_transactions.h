#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/bytes.h"
#include "log/record_batch.h"
#include "protocol/messages/fetch.h"

namespace streamscope::client {

/// What a read_committed consumer leaves out of one partition's answer. The batches go through in offset order: an
/// aborted transaction begins at its first offset and ends with the producer's abort marker. Kafka: CompletedFetch.
class AbortedTransactions {
 public:
  /// As the broker lists them, in any order; none for read_uncommitted.
  explicit AbortedTransactions(std::vector<protocol::FetchResponse::AbortedTransaction> listed);

  /// Whether the next batch belongs to an aborted transaction. `batch` is all of it, for markers.
  bool contains(const log::BatchHeader& header, base::ByteView batch);

 private:
  /// The latest first, so that the next one is at the end.
  std::vector<protocol::FetchResponse::AbortedTransaction> m_ahead;
  /// Producers whose aborted transaction has begun and not ended.
  std::set<int64_t> m_producers;
};

}  // namespace streamscope::client
