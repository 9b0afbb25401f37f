// Power fails during one removal of files, before each of its storage calls, and each time the disk keeps another part
// of what was not synced. Narrower than the workload, and so every order of the names is tried.

#include <QTest>
#include <functional>

#include "log/end_transaction_marker.h"
#include "log_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::LogFixture;

namespace {

constexpr uint64_t kWorlds = 64;

log::LogConfig twoBatchSegments() {
  log::LogConfig config;
  config.segmentBytes = 250;
  config.cleanupCompact = true;
  config.messageTimestampAfterMaxMs = INT64_MAX;
  return config;
}

void writeTransaction(LogFixture& fixture, int32_t sequence, bool isCommit) {
  STREAMSCOPE_ASSERT(
      fixture
          .write({.count = 2, .producerId = 5, .producerEpoch = 0, .baseSequence = sequence, .isTransactional = true})
          .has_value());
  STREAMSCOPE_ASSERT(fixture.log
                         ->appendAsLeader(log::buildEndTransactionMarker(5, 0, {isCommit, 0, fixture.nowMs}), 0,
                                          fixture.nowMs, log::AppendOrigin::Coordinator)
                         .has_value());
}

/// Fills a log, and removes something from it while the power fails; what `broken` finds after it, if anything.
std::string failAtEveryCall(const std::function<void(LogFixture&)>& fill,
                            const std::function<void(LogFixture&)>& remove,
                            const std::function<std::string(const log::PartitionLog&)>& broken) {
  bool isDone = false;
  for (uint64_t call = 0; !isDone; ++call)
    for (uint64_t world = 0; world < kWorlds; ++world) {
      LogFixture fixture(twoBatchSegments());
      STREAMSCOPE_ASSERT(fixture.open().has_value());
      fill(fixture);
      STREAMSCOPE_ASSERT(fixture.log->flush().has_value());
      fixture.recoveryPoint = fixture.log->recoveryPoint();
      fixture.log->setHighWatermark(fixture.log->logEndOffset());
      const uint64_t last = fixture.disk.operationCount() + call;
      fixture.disk.stopAtOperation(last);
      remove(fixture);
      isDone = fixture.disk.operationCount() < last;
      fixture.disk.stopAtOperation(UINT64_MAX);
      fixture.log.reset();
      fixture.memory.crashLeavingSome(call * kWorlds + world);
      const std::string where = "call " + std::to_string(call) + ", world " + std::to_string(world) + ": ";
      if (const auto opened = fixture.open(); !opened) return where + opened.error().message;
      if (const std::string problem = broken(*fixture.log); !problem.empty()) return where + problem;
    }
  return {};
}

}  // namespace

class RemovalCrashTest : public QObject {
  Q_OBJECT
 private slots:
  void aLogThatLosesAllItsSegmentsKeepsItsEnd() {
    const std::string problem = failAtEveryCall(
        [](LogFixture& fixture) {
          STREAMSCOPE_ASSERT(fixture.write({.count = 3}).has_value());
          fixture.log->setHighWatermark(3);
          STREAMSCOPE_ASSERT(fixture.log->incrementLogStartOffset(3).has_value());
        },
        [](LogFixture& fixture) {
          fixture.config.retentionMs = 0;
          fixture.log->setConfig(fixture.config);
          const auto ignored = fixture.log->deleteOldSegments(fixture.nowMs + 1000);
          static_cast<void>(ignored);
        },
        [](const log::PartitionLog& log) {
          return log.logEndOffset() == 3 ? std::string() : "it ends at " + std::to_string(log.logEndOffset());
        });
    QVERIFY2(problem.empty(), problem.c_str());
  }

  void aSegmentThatComesBackStillKnowsWhatWasAborted() {
    const std::string problem = failAtEveryCall(
        [](LogFixture& fixture) {
          writeTransaction(fixture, 0, false);
          writeTransaction(fixture, 2, false);
          writeTransaction(fixture, 4, true);
        },
        [](LogFixture& fixture) {
          STREAMSCOPE_ASSERT(fixture.log->segments().size() == 3);
          fixture.config.retentionBytes = 250;
          fixture.log->setConfig(fixture.config);
          const auto ignored = fixture.log->deleteOldSegments(fixture.nowMs);
          static_cast<void>(ignored);
        },
        [](const log::PartitionLog& log) {
          const auto aborted = log.abortedTransactions(log.logStartOffset(), log.logEndOffset());
          if (!aborted) return aborted.error().message;
          const size_t wanted = log.logStartOffset() == 0 ? 2 : log.logStartOffset() == 3 ? 1 : 0;
          return aborted->size() == wanted ? std::string()
                                           : "from " + std::to_string(log.logStartOffset()) + " on it tells " +
                                                 std::to_string(aborted->size()) + " aborted transactions";
        });
    QVERIFY2(problem.empty(), problem.c_str());
  }

  /// Several segments become one.
  void compactedSegmentsNeverStandBesideTheOldOnes() {
    const std::string problem = failAtEveryCall(
        [](LogFixture& fixture) {
          for (int32_t i = 0; i < 6; ++i) STREAMSCOPE_ASSERT(fixture.write({.count = 2}).has_value());
        },
        [](LogFixture& fixture) {
          STREAMSCOPE_ASSERT(fixture.log->segments().size() >= 3);
          fixture.config.segmentBytes = 10'000;
          fixture.log->setConfig(fixture.config);
          const auto range = fixture.log->examineForCleaning(std::nullopt, fixture.nowMs);
          STREAMSCOPE_ASSERT(range.has_value());
          const auto ignored = fixture.log->clean(*range, {}, fixture.nowMs);
          static_cast<void>(ignored);
        },
        [](const log::PartitionLog& log) {
          std::string bases;
          for (const log::SegmentInfo& segment : log.segments()) bases += std::to_string(segment.baseOffset) + " ";
          const auto read = log.read(0, log.logEndOffset(), 1, true);
          if (!read) return read.error().message;
          const base::Offset first = log::scanBatch(read->records.view(), true).header.baseOffset;
          return bases == (first == 0 ? "0 4 8 " : "0 8 ")
                     ? std::string()
                     : "offset " + std::to_string(first) + " is its first, its segments are " + bases;
        });
    QVERIFY2(problem.empty(), problem.c_str());
  }
};

STREAMSCOPE_TEST(RemovalCrashTest);
#include "removal_crash_test.moc"
