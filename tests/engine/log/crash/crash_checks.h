#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "expected_directory.h"
#include "log/log_directory.h"
#include "support/crashable_memory.h"

namespace streamscope::log {

/// The promises a log directory keeps after a crash, one class each. `broken` says in a sentence which one was broken
/// and how; nothing when it holds.

/// The replicas that are there are those that must or may be, with their topic ids, and no stray was lost.
struct ReplicasAreThere {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory, storage::Storage& disk) const;
};

/// Every log is a run of the batches that were appended, without a gap and byte for byte, and has all that was synced.
/// A log in the middle of a compaction has some of their records.
struct LogsAreValidPrefixes {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory) const;
};

/// Leader epochs and producers are those of the batches in the log.
struct StateFollowsFromBatches {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory) const;
};

/// What readers of committed records are told of transactions follows from what was appended: where the log is stable,
/// and which batches were aborted.
struct TransactionsAreAnsweredTheSame {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory) const;
};

/// A compacted log has the latest committed record of every key, or of a deleted key nothing that is older; and no
/// checkpoint says that it is clean beyond its end.
struct LatestRecordsSurvive {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory) const;
};

/// High watermarks are those of a checkpoint that was written or being written.
struct HighWatermarksWereWritten {
  const ExpectedDirectory& expected;
  std::string broken(const LogDirectory& directory) const;
};

/// Indexes point at batches, and searching with them finds what reading finds.
struct IndexesAgree {
  std::string broken(const LogDirectory& directory, storage::Storage& disk) const;
};

/// What recovery took from segments is in its report: file, byte, count, reason.
class CutsAreReported {
 public:
  /// Looks at the sizes before recovery.
  explicit CutsAreReported(storage::Storage& disk);
  std::string broken(const LogDirectory::OpenReport& report, storage::Storage& disk) const;

 private:
  std::map<std::string, uint64_t> m_before;
};

/// After one storage fault nothing is written any more, on whatever log, until the directory is opened again.
struct DirectoryIsOffline {
  std::string broken(LogDirectory& directory) const;
};

/// Every log takes another batch, and after a clean end the directory opens cleanly and says the same.
struct LifeGoesOn {
  std::string broken(std::unique_ptr<LogDirectory> directory, storage::Storage& disk) const;
};

/// All batches of a log, each checked; or in `problem` why not.
struct ReadBatches {
  std::vector<ExpectedBatch> batches;
  std::string problem;
};
ReadBatches readBatches(const PartitionLog& log);
/// All batches in the files of a log, those below its start offset too.
std::vector<ExpectedBatch> batchesInFiles(storage::Storage& disk, const PartitionLog& log);

/// Opens the directory after a crash and checks all of the above.
std::string checkRecovery(const ExpectedDirectory& expected, test::CrashableMemory& disk);

}  // namespace streamscope::log
