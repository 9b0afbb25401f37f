#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "log/aborted_transaction.h"
#include "log/dump_problem.h"
#include "storage/storage.h"

namespace streamscope::log {

// Indexes and what is wrong with them: an incomplete or disordered entry (Kafka's sanity check, after which it rebuilds
// the index), and entries that do not fit the segment beside them (checked when it is there). Zeros behind the last
// entry, which Kafka preallocates for the segment it writes to, are padding. KAFKA_STORAGE_ERROR when a file cannot be
// read.

struct OffsetIndexDump {
  struct Entry {
    base::Offset offset = 0;
    uint64_t position = 0;
  };
  base::Offset baseOffset = 0;
  std::vector<Entry> entries;
  uint64_t paddingBytes = 0;
  std::vector<DumpProblem> problems;
};
base::Result<OffsetIndexDump> dumpOffsetIndex(storage::Storage& storage, const std::filesystem::path& path);

struct TimeIndexDump {
  struct Entry {
    base::TimestampMs timestamp = -1;
    base::Offset offset = 0;
  };
  base::Offset baseOffset = 0;
  std::vector<Entry> entries;
  uint64_t paddingBytes = 0;
  std::vector<DumpProblem> problems;
};
base::Result<TimeIndexDump> dumpTimeIndex(storage::Storage& storage, const std::filesystem::path& path);

struct TransactionIndexDump {
  base::Offset baseOffset = 0;
  std::vector<AbortedTransaction> entries;
  std::vector<DumpProblem> problems;
};
base::Result<TransactionIndexDump> dumpTransactionIndex(storage::Storage& storage, const std::filesystem::path& path);

}  // namespace streamscope::log
