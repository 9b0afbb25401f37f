#include "log_loader.h"

#include <QTest>

#include "log_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;

namespace {

LogConfig smallSegments() {
  LogConfig config;
  config.segmentBytes = 700;
  config.indexIntervalBytes = 150;
  return config;
}

/// What a scripted history did, as far as it came.
struct History {
  /// Base offset, epoch and bytes of every batch that may be in the log, the newest view last. A truncation starts a
  /// new view.
  std::vector<std::vector<base::Bytes>> views{{}};
  /// Batches that are on stable storage in any case.
  size_t durable = 0;
  /// Batches a caller was told are written.
  size_t acknowledged = 0;
  base::Offset checkpointedRecoveryPoint = 0;
};

bool append(LogFixture& fixture, History& history, int count, base::LeaderEpoch epoch) {
  const auto end = fixture.log->logEndOffset();
  const auto info = fixture.write({.count = count,
                                   .timestamp = kTestTime + end,
                                   .producerId = 7,
                                   .producerEpoch = 0,
                                   .baseSequence = static_cast<int32_t>(end)},
                                  epoch);
  base::Bytes expected = log::makeBatch({.count = count,
                                         .timestamp = kTestTime + end,
                                         .producerId = 7,
                                         .producerEpoch = 0,
                                         .baseSequence = static_cast<int32_t>(end),
                                         .baseOffset = end,
                                         .leaderEpoch = epoch});
  // Even a failed append may leave its bytes.
  history.views.back().push_back(std::move(expected));
  if (info) history.acknowledged = history.views.back().size();
  return info.has_value();
}

bool flush(LogFixture& fixture, History& history) {
  if (!fixture.log->flush()) return false;
  history.durable = history.acknowledged;
  history.checkpointedRecoveryPoint = fixture.log->recoveryPoint();
  return true;
}

bool truncate(LogFixture& fixture, History& history, size_t batchesLeft) {
  base::Offset target = 0;
  for (size_t i = 0; i < batchesLeft; ++i) target = log::scanBatch(history.views.back()[i], false).header.nextOffset();
  auto shorter = history.views.back();
  shorter.resize(batchesLeft);
  history.views.push_back(shorter);
  history.durable = std::min(history.durable, batchesLeft);
  history.checkpointedRecoveryPoint = std::min(history.checkpointedRecoveryPoint, target);
  const bool done = fixture.log->truncateTo(target, fixture.nowMs).has_value();
  if (done) {
    history.views.erase(history.views.begin(), history.views.end() - 1);
    history.acknowledged = batchesLeft;
    history.durable = batchesLeft;
  }
  return done;
}

/// Opens, writes, rolls, flushes, truncates, writes again under other epochs, closes; stops at the first fault.
History runScript(LogFixture& fixture) {
  History history;
  const auto script = [&] {
    if (!fixture.open()) return;
    for (int i = 0; i < 6; ++i)
      if (!append(fixture, history, 1 + i % 3, 0)) return;
    if (!flush(fixture, history)) return;
    for (int i = 0; i < 6; ++i)
      if (!append(fixture, history, 2, 1)) return;
    if (!truncate(fixture, history, 8)) return;
    for (int i = 0; i < 5; ++i)
      if (!append(fixture, history, 1, 3)) return;
    if (!flush(fixture, history)) return;
    if (!append(fixture, history, 2, 3)) return;
    if (!fixture.log->close()) return;
    history.durable = history.acknowledged;
  };
  script();
  return history;
}

std::vector<base::Bytes> readAll(const log::PartitionLog& log) {
  std::vector<base::Bytes> batches;
  base::Offset at = log.logStartOffset();
  while (at < log.logEndOffset()) {
    const auto read = log.read(at, log.logEndOffset(), 1, true);
    if (!read || read->records.empty()) return {};
    const base::ByteView bytes = read->records.view();
    batches.emplace_back(bytes.begin(), bytes.end());
    at = log::scanBatch(bytes, true).header.nextOffset();
  }
  return batches;
}

bool isPrefixOf(const std::vector<base::Bytes>& some, const std::vector<base::Bytes>& all) {
  return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

bool isPrefixOfAView(const std::vector<base::Bytes>& batches, const History& history) {
  return std::any_of(history.views.begin(), history.views.end(),
                     [&](const auto& view) { return isPrefixOf(batches, view); });
}

}  // namespace

class LogLoaderTest : public QObject {
  Q_OBJECT
 private slots:
  void aTornTailIsCutAtEveryByte() {
    LogFixture written;
    QVERIFY(written.open().has_value());
    for (int i = 0; i < 3; ++i) QVERIFY(written.write({.count = 2}, i).has_value());
    const base::Bytes whole = written.content("00000000000000000000.log");
    const size_t two = whole.size() / 3 * 2;
    QVERIFY(written.log->flush().has_value());
    for (size_t length = two; length < whole.size(); ++length) {
      LogFixture fixture;
      QVERIFY(fixture.open().has_value());
      for (int i = 0; i < 3; ++i) QVERIFY(fixture.write({.count = 2}, i).has_value());
      QVERIFY((*fixture.memory.open("orders-0/00000000000000000000.log", storage::OpenMode::ReadWrite))
                  ->truncate(length)
                  .has_value());
      QVERIFY(fixture.kill().has_value());
      QCOMPARE(fixture.batches(), std::string("0-1 @e1 2-3"));
      QCOMPARE(fixture.log->latestEpoch(), 1);
      if (length == two) {
        QVERIFY(fixture.report.cuts.empty());
        continue;
      }
      QCOMPARE(fixture.report.cuts.size(), size_t{1});
      QCOMPARE(fixture.report.cuts[0].atByte, uint64_t{two});
      QCOMPARE(fixture.report.cuts[0].bytesCut, uint64_t{length - two});
      QVERIFY(fixture.report.cuts[0].file.ends_with("00000000000000000000.log"));
      QVERIFY(!fixture.report.cuts[0].reason.empty());
      QCOMPARE(fixture.content("00000000000000000000.log").size(), two);
      QCOMPARE(fixture.write({}, 4)->firstOffset, 4);
    }
  }

  void aDamagedBatchCutsEverythingAfterIt() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 40; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    QVERIFY(fixture.log->segments().size() > 3);
    const auto second = fixture.log->segments()[1];
    fixture.memory.flipByte("orders-0/" + log::offsetFileName(second.baseOffset, ".log"), 270, 1);
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->segments().size(), size_t{2});
    QCOMPARE(fixture.log->logEndOffset(), second.baseOffset + 4);
    QVERIFY(fixture.report.cuts.size() > 2);
    QVERIFY(fixture.report.cuts[0].reason.find("checksum") != std::string::npos);
    QCOMPARE(fixture.report.cuts.back().reason, std::string("it follows the cut"));
  }

  void whatIsBelowTheRecoveryPointIsNotReadAgain() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 20; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    QVERIFY(fixture.log->flush().has_value());
    fixture.recoveryPoint = fixture.log->recoveryPoint();
    QCOMPARE(fixture.recoveryPoint, 40);
    for (int i = 0; i < 2; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    const size_t segments = fixture.log->segments().size();
    QVERIFY(fixture.crash({1000}).has_value());
    QVERIFY(fixture.report.segmentsRecovered <= 2);
    QVERIFY(fixture.log->segments().size() <= segments);
    QVERIFY(fixture.log->logEndOffset() >= 40);
  }

  void rebuiltIndexesServeAsTheOldOnes() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 30; ++i) QVERIFY(fixture.write({.count = 2, .timestamp = kTestTime + i}).has_value());
    const std::string before = fixture.batches();
    for (const auto& segment : fixture.log->segments())
      for (const char* suffix : {".index", ".timeindex"}) {
        const auto path = "orders-0/" + log::offsetFileName(segment.baseOffset, suffix);
        if (fixture.memory.exists(path)) QVERIFY(fixture.memory.remove(path).has_value());
      }
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.batches(), before);
    for (const auto& segment : fixture.log->segments()) QVERIFY(segment.indexBytes > 0 || segment.bytes < 300);
    QCOMPARE(fixture.log->offsetForTime(kTestTime + 17, 60)->offset, 33);
  }

  void leftoversAreRemoved() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 10; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    const std::string before = fixture.batches();
    fixture.log.reset();
    for (const char* name :
         {"00000000000000000000.log.deleted", "00000000000000000002.log.cleaned", "00000000000000000777.index",
          "00000000000000000777.timeindex", "leader-epoch-checkpoint.tmp", "00000000000000000003.snapshot",
          "00000000000000000004.log.swap"})
      QVERIFY(fixture.memory.writeFileAtomically(std::string("orders-0/") + name, base::asBytes("x")).has_value());
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.batches(), before);
    const auto entries = fixture.memory.list("orders-0");
    for (const auto& entry : *entries)
      QVERIFY2(entry.name.find("777") == std::string::npos && !entry.name.ends_with("ed") &&
                   !entry.name.ends_with(".tmp") && !entry.name.ends_with(".swap") &&
                   entry.name.find("0003.snapshot") == std::string::npos,
               entry.name.c_str());
  }

  void aSwapReplacesWhatItCovers() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 40; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    const auto segments = fixture.log->segments();
    QVERIFY(segments.size() > 3);
    // The first two segments, compacted into one batch.
    const base::Offset lastCovered = segments[2].baseOffset - 1;
    base::Bytes compacted =
        log::makeBatch({.count = static_cast<int32_t>(lastCovered + 1), .valueSize = 1, .leaderEpoch = 0});
    QVERIFY(fixture.memory.writeFileAtomically("orders-0/00000000000000000000.log.swap", compacted).has_value());
    QVERIFY(fixture.kill().has_value());
    QVERIFY(fixture.report.cuts.empty());
    QCOMPARE(fixture.log->segments().size(), segments.size() - 1);
    QCOMPARE(fixture.log->segments()[0].bytes, compacted.size());
    QCOMPARE(fixture.log->logEndOffset(), 80);
  }

  /// A `.cleaned` index beside the `.swap` of its log: the compactor had not come to replacing anything.
  void aSwapThatIsNotWholeIsUndone() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 40; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    QVERIFY(fixture.log->close().has_value());
    const std::string before = fixture.batches();
    const base::Bytes index = fixture.content("00000000000000000000.index");
    const auto leave = [&](const char* name, const base::Bytes& bytes) {
      QVERIFY(fixture.memory.writeFileAtomically(std::string("orders-0/") + name, bytes).has_value());
    };
    leave("00000000000000000000.log.swap", log::makeBatch({.count = 20, .leaderEpoch = 0}));
    leave("00000000000000000000.index.swap", base::Bytes(8, 1));
    leave("00000000000000000000.timeindex.cleaned", base::Bytes(12, 1));
    QVERIFY(fixture.open(true).has_value());
    QCOMPARE(fixture.batches(), before);
    QVERIFY(fixture.content("00000000000000000000.index") == index);
    const auto entries = fixture.memory.list("orders-0");
    for (const auto& entry : *entries)
      QVERIFY2(!entry.name.ends_with(".swap") && !entry.name.ends_with(".cleaned"), entry.name.c_str());
  }

  void epochsComeBackFromTheBatches() {
    for (const char* damage : {"", "0\n2\n0 0\n", "rubbish", "1\n0\n"}) {
      LogFixture fixture(smallSegments());
      QVERIFY(fixture.open().has_value());
      for (int i = 0; i < 12; ++i) QVERIFY(fixture.write({.count = 1}, i / 4).has_value());
      QVERIFY(fixture.log->close().has_value());
      QVERIFY(
          fixture.memory.writeFileAtomically("orders-0/leader-epoch-checkpoint", base::asBytes(damage)).has_value());
      QVERIFY(fixture.open(true).has_value());
      QCOMPARE(fixture.log->epochs().size(), size_t{3});
      QCOMPARE(fixture.log->epochs()[2].startOffset, 8);
      QCOMPARE(fixture.report.cuts.empty(), std::string_view(damage).empty());
      QCOMPARE(std::string(base::asText(fixture.content("leader-epoch-checkpoint"))),
               std::string("0\n3\n0 0\n1 4\n2 8\n"));
    }
  }

  void aLogThatEndsBeforeItsStartBeginsThere() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 3}).has_value());
    fixture.logStartOffset = 10;
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->logStartOffset(), 10);
    QCOMPARE(fixture.write({})->firstOffset, 10);
    QCOMPARE(fixture.report.cuts.size(), size_t{1});
  }

  // Faults.

  /// What a killed process left to the system is on no disk yet.
  void aFlushAfterRecoverySyncsWhatWasFound() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 20; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    const std::string before = fixture.batches();
    QVERIFY(fixture.kill().has_value());
    QVERIFY(fixture.log->flush().has_value());
    fixture.recoveryPoint = fixture.log->recoveryPoint();
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.batches(), before);
    QCOMPARE(fixture.log->logEndOffset(), 40);
  }

  /// A segment that recovery removed must not stand beside what was written in its place.
  void removedSegmentsDoNotComeBack() {
    LogFixture fixture(smallSegments());
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 40; ++i) QVERIFY(fixture.write({.count = 2}).has_value());
    QVERIFY(fixture.log->flush().has_value());
    fixture.memory.flipByte("orders-0/00000000000000000000.log", 270, 1);
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.log->logEndOffset(), 4);
    QVERIFY(fixture.write({.count = 30}).has_value());
    QVERIFY(fixture.log->flush().has_value());
    fixture.recoveryPoint = fixture.log->recoveryPoint();
    const std::string before = fixture.batches();
    QVERIFY(fixture.crash().has_value());
    QVERIFY(fixture.report.cuts.empty());
    QCOMPARE(fixture.batches(), before);
  }

  void aCrashAtEveryStorageCallKeepsWhatWasSynced() {
    LogFixture counting(smallSegments());
    QVERIFY(runScript(counting).durable == 14);
    const uint64_t operations = counting.disk.operationCount();
    QVERIFY(operations > 100);
    for (uint64_t stop = 0; stop < operations; ++stop)
      for (int kept = -1; kept < 200; kept = kept < 0 ? 0 : kept + 30) {
        LogFixture fixture(smallSegments());
        fixture.disk.stopAtOperation(stop);
        const History history = runScript(fixture);
        fixture.disk.stopAtOperation(UINT64_MAX);
        fixture.recoveryPoint = history.checkpointedRecoveryPoint;
        const auto opened =
            fixture.crash(kept >= 0 ? std::optional<uint64_t>(static_cast<uint64_t>(kept)) : std::nullopt);
        const std::string where = "stopped at " + std::to_string(stop) + ", kept " + std::to_string(kept);
        QVERIFY2(opened.has_value(), (where + ": " + (opened ? "" : opened.error().message)).c_str());
        const auto batches = readAll(*fixture.log);
        QVERIFY2(isPrefixOfAView(batches, history), where.c_str());
        QVERIFY2(batches.size() >= history.durable, where.c_str());
        QVERIFY2(fixture.write({}, 9).has_value(), where.c_str());
      }
  }

  /// The process goes on or ends, the machine does not lose power: everything acknowledged is there.
  void aFaultAtEveryStorageCallLosesNothingAcknowledged() {
    LogFixture counting(smallSegments());
    QVERIFY(runScript(counting).durable == 14);
    const uint64_t operations = counting.disk.operationCount();
    for (uint64_t failing = 0; failing < operations; ++failing) {
      LogFixture fixture(smallSegments());
      fixture.disk.failOperation(failing);
      const History history = runScript(fixture);
      const std::string where = "failed " + std::to_string(failing);
      if (fixture.log && fixture.disk.operationCount() > failing && history.durable < 14) {
        const auto refused = fixture.write({}, 9);
        QVERIFY2(!refused.has_value(), where.c_str());
        QCOMPARE(refused.error().code, ErrorCode::KAFKA_STORAGE_ERROR);
      }
      fixture.recoveryPoint = history.checkpointedRecoveryPoint;
      QVERIFY2(fixture.open().has_value(), where.c_str());
      const auto batches = readAll(*fixture.log);
      QVERIFY2(isPrefixOfAView(batches, history), where.c_str());
      QVERIFY2(batches.size() >= std::min(history.acknowledged, history.views.back().size()), where.c_str());
    }
  }

  void aTornAppendIsTakenBack() {
    for (size_t written = 0; written < 80; written += 13) {
      LogFixture fixture;
      QVERIFY(fixture.open().has_value());
      QVERIFY(fixture.write({}).has_value());
      const size_t before = fixture.content("00000000000000000000.log").size();
      fixture.disk.tearNextAppend(written);
      QCOMPARE(fixture.write({}).error().code, ErrorCode::KAFKA_STORAGE_ERROR);
      QCOMPARE(fixture.content("00000000000000000000.log").size(), before);
      QCOMPARE(fixture.write({}).error().code, ErrorCode::KAFKA_STORAGE_ERROR);
      QVERIFY(fixture.kill().has_value());
      QVERIFY(fixture.report.cuts.empty());
      QCOMPARE(fixture.batches(), std::string("0-0"));
    }
  }

  void aFullDiskIsSaidAndSurvived() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({}).has_value());
    fixture.disk.setFull(true);
    const auto refused = fixture.write({});
    QCOMPARE(refused.error().code, ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(refused.error().message.find("full") != std::string::npos);
    fixture.disk.setFull(false);
    QVERIFY(!fixture.write({}).has_value());
    QCOMPARE(fixture.batches(), std::string("0-0"));
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.write({})->firstOffset, 1);
  }

  /// Whatever byte of whatever file changes: the log opens or says why not, and reading gives batches or says why not.
  void aFlippedByteAnywhereNeverCrashes() {
    LogFixture closed(smallSegments());
    QVERIFY(runScript(closed).durable == 14);
    closed.log.reset();
    const auto entries = closed.memory.list("orders-0");
    for (const auto& entry : *entries)
      for (uint64_t at = 0; at < entry.size; ++at)
        for (const bool isClean : {true, false}) {
          const std::string path = "orders-0/" + entry.name;
          const auto mask = static_cast<uint8_t>(1u << (at % 8));
          const base::Bytes before = closed.content(entry.name);
          LogFixture fixture(smallSegments());
          copyInto(closed, fixture);
          fixture.memory.flipByte(path, at, mask);
          const auto opened = fixture.open(isClean);
          if (!opened) {
            QVERIFY(!opened.error().message.empty());
            continue;
          }
          const std::string text = fixture.batches();
          QVERIFY2(text.find("not a batch") == std::string::npos || isClean, (path + " " + text).c_str());
          const auto found = fixture.log->offsetForTime(kTestTime + 5, fixture.log->logEndOffset());
          if (!found) QVERIFY(!found.error().message.empty());
          const auto latest = fixture.log->offsetOfMaxTimestamp();
          if (!latest) QVERIFY(!latest.error().message.empty());
        }
  }

 private:
  static void copyInto(LogFixture& from, LogFixture& to) {
    QVERIFY(to.memory.createDirectories("orders-0").has_value());
    const auto entries = from.memory.list("orders-0");
    for (const auto& entry : *entries)
      QVERIFY((*to.memory.open("orders-0/" + entry.name, storage::OpenMode::CreateNew))
                  ->append(from.content(entry.name))
                  .has_value());
  }
};

STREAMSCOPE_TEST(LogLoaderTest);
#include "log_loader_test.moc"
