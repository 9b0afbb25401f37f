#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "expected_directory.h"
#include "log/log_directory.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"

namespace streamscope::log {

/// Segments of a few batches, an index entry for every other batch.
LogConfig crashLogConfig();
/// With cleanup.policy=compact and as little mercy as possible.
LogConfig compactedCrashLogConfig();
DirectoryIdentity crashIdentity();
/// The cluster knows every replica but this one.
LogDirectory::Assignments crashAssignments(const std::optional<base::TopicPartition>& stray = std::nullopt);

/// One node's log directory under a seeded mix of everything that can happen to it: leader and follower appends, rolls,
/// transactions, flushes, checkpoints, truncations, retention, compaction, topics that come and go, ends with and
/// without warning. Keeps book of what must be on disk (`expected`).
class CrashWorkload {
 public:
  explicit CrashWorkload(uint64_t seed);

  /// Opens the directory and performs this many actions; now and then the power fails in the middle of one.
  void run(int actions);

  test::CrashableMemory& memory() { return m_memory; }
  storage::FaultyStorage& disk() { return m_disk; }
  const ExpectedDirectory& expected() const { return m_expected; }
  LogDirectory* directory() { return m_directory.get(); }
  /// What was under way at last, for a failure's message.
  const std::string& action() const { return m_action; }
  /// Something that is not a storage fault was refused though it should not have been.
  const std::string& surprise() const { return m_surprise; }

 private:
  bool open(const std::optional<base::TopicPartition>& stray = std::nullopt);
  bool perform();
  /// The machine is up again after a storage fault; goes on with what is there.
  bool comeBackAfterPowerFailure();
  /// Takes what recovery found for what there is.
  void adopt();
  bool create(const base::TopicPartition& partition);
  bool append(PartitionLog& log, ExpectedReplica& replica);
  bool append(PartitionLog& log, ExpectedReplica& replica, const base::Bytes& batch, AppendOrigin leaderOrigin);
  base::Bytes drawBatch(const PartitionLog& log, const ExpectedReplica& replica);
  bool truncate(PartitionLog& log, ExpectedReplica& replica);
  bool truncateFully(PartitionLog& log, ExpectedReplica& replica);
  bool raiseLogStart(PartitionLog& log, ExpectedReplica& replica);
  bool flush(PartitionLog& log, ExpectedReplica& replica);
  bool flushEndedSegments(PartitionLog& log, ExpectedReplica& replica);
  bool removeDeletedFiles(PartitionLog& log);
  bool writeOffsetCheckpoints();
  bool writeHighWatermarks();
  bool remove(const base::TopicPartition& partition);
  /// The cluster moves the replica away while the process is down.
  bool setAside(const base::TopicPartition& partition);
  void expectToGo(const base::TopicPartition& partition);
  void expectGone(const base::TopicPartition& partition);

  // crash_workload_cleanup.cpp
  bool deleteOldSegments(PartitionLog& log, ExpectedReplica& replica);
  bool compact();

  // crash_workload_transactions.cpp
  /// Ends one of the open transactions; nothing happens when there is none.
  bool endTransaction(PartitionLog& log, ExpectedReplica& replica);
  /// The coordinator sends a marker again that was decided and is not in the log.
  std::optional<bool> resendMarker(PartitionLog& log, ExpectedReplica& replica);
  bool writeMarker(PartitionLog& log, ExpectedReplica& replica, const LogHistory::Transaction& transaction,
                   bool isCommit);

  bool closeAndReopen();
  void noteOffsetCheckpoints();
  std::map<base::TopicPartition, base::Offset> someHighWatermarks();
  /// Ends the action: false, and remembers a refusal that no storage fault explains.
  bool refused(const base::Error& error);

  base::Random m_random;
  test::CrashableMemory m_memory;
  storage::FaultyStorage m_disk{m_memory};
  std::unique_ptr<LogDirectory> m_directory;
  ExpectedDirectory m_expected;
  base::TimestampMs m_nowMs;
  base::LeaderEpoch m_epoch = 0;
  uint64_t m_topicIds = 0;
  std::string m_action;
  std::string m_surprise;
};

}  // namespace streamscope::log
