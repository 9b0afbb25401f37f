#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// Everything that was ever appended to a log and not truncated again, whatever retention and compaction made of it:
/// what the state of producers, transactions and the latest value of every key follow from.
class LogHistory {
 public:
  struct Record {
    base::Offset offset = 0;
    std::string key;
    std::string value;
    bool isTombstone = false;

    bool operator==(const Record&) const = default;
  };
  struct Batch {
    BatchHeader header;
    bool isCommit = false;
    /// Of data batches.
    std::vector<Record> records;
  };
  struct Transaction {
    int64_t producerId = -1;
    int16_t producerEpoch = -1;
    base::Offset firstOffset = base::kNoOffset;
    /// kNoOffset while it is open.
    base::Offset markerOffset = base::kNoOffset;
    bool isCommit = false;

    bool isOpen() const { return markerOffset == base::kNoOffset; }
    bool isAborted() const { return !isOpen() && !isCommit; }
    /// It has this data batch.
    bool has(const BatchHeader& header) const {
      return header.isTransactional() && header.producerId == producerId && header.baseOffset >= firstOffset &&
             (isOpen() || header.baseOffset < markerOffset);
    }
  };

  void append(base::ByteView batch);
  /// Without the batch that contains `offset` and what follows it.
  void truncateTo(base::Offset offset);

  const std::vector<Batch>& batches() const { return m_batches; }
  /// Of the batches with records in [from, end), in the order in which they began.
  std::vector<Transaction> transactions(base::Offset from, base::Offset end) const;
  /// The record at this offset; null when there is none.
  const Record* find(base::Offset offset) const;

 private:
  std::vector<Batch> m_batches;
};

/// The data records of one batch.
std::vector<LogHistory::Record> recordsOf(base::ByteView batch);

}  // namespace streamscope::log
