#include <QTest>

#include "log/end_transaction_marker.h"
#include "log/partition_log.h"
#include "log_fixture.h"
#include "support/test_registry.h"
#include "transaction_vectors.h"

using namespace streamscope;
using base::ErrorCode;
using log::AbortedTransaction;
using log::AppendOrigin;
using log::fromHex;
using log::kTestTime;
using log::LogFixture;

namespace {

/// Transactional producers that write to one log.
struct Fixture : LogFixture {
  std::map<int64_t, int32_t> nextSequence;

  explicit Fixture(const log::LogConfig& withConfig = {}) : LogFixture(withConfig) {
    STREAMSCOPE_ASSERT(open().has_value());
  }

  base::Offset send(int64_t producerId, int32_t count = 1, size_t valueSize = 10) {
    log::BatchSpec spec;
    spec.count = count;
    spec.valueSize = valueSize;
    spec.producerId = producerId;
    spec.producerEpoch = 0;
    spec.baseSequence = nextSequence[producerId];
    spec.isTransactional = true;
    nextSequence[producerId] += count;
    return write(spec)->firstOffset;
  }
  base::Result<log::AppendInfo> end(int64_t producerId, bool isCommit, int32_t coordinatorEpoch = 0) {
    return log->appendAsLeader(
        base::SharedBytes(log::buildEndTransactionMarker(producerId, 0, {isCommit, coordinatorEpoch, nowMs})), 0, nowMs,
        AppendOrigin::Coordinator);
  }
  void commit(int64_t producerId) { STREAMSCOPE_ASSERT(end(producerId, true).has_value()); }
  void abort(int64_t producerId) { STREAMSCOPE_ASSERT(end(producerId, false).has_value()); }
  base::Offset stable(base::Offset highWatermark) {
    log->setHighWatermark(highWatermark);
    return log->lastStableOffset();
  }
  base::Offset stableAtEnd() { return stable(log->logEndOffset()); }

  /// "1:0-5<6": producer, first and last offset, last stable offset.
  std::string aborted(base::Offset from, base::Offset endExclusive) const {
    const auto found = log->abortedTransactions(from, endExclusive);
    if (!found) return found.error().message;
    std::string text;
    for (const AbortedTransaction& transaction : *found)
      text += (text.empty() ? "" : " ") + std::to_string(transaction.producerId) + ":" +
              std::to_string(transaction.firstOffset) + "-" + std::to_string(transaction.lastOffset) + "<" +
              std::to_string(transaction.lastStableOffset);
    return text;
  }
  std::string allAborted() const { return aborted(0, log->logEndOffset()); }
  /// Open transactions "producer:first offset".
  std::string open_() const {
    std::string text;
    for (const auto& producer : log->producers())
      if (producer.currentTxnFirstOffset >= 0)
        text += std::to_string(producer.producerId) + ":" + std::to_string(producer.currentTxnFirstOffset) + " ";
    return text;
  }
  std::vector<std::string> files(std::string_view suffix) {
    std::vector<std::string> names;
    const auto entries = memory.list("orders-0");
    for (const auto& entry : *entries)
      if (entry.name.ends_with(suffix)) names.push_back(entry.name);
    return names;
  }
};

/// Small segments: every batch of `bigValue` bytes opens one.
constexpr size_t kBigValue = 700;
log::LogConfig smallSegments() {
  log::LogConfig config;
  config.segmentBytes = 1000;
  return config;
}

/// Producer 1 aborts over several segments while 2 aborts and 3 commits; 4 stays open.
void writeOverSegments(Fixture& fixture) {
  fixture.send(1, 1, kBigValue);  // 0
  fixture.send(2, 1, kBigValue);  // 1
  fixture.abort(2);               // 2
  fixture.send(3, 1, kBigValue);  // 3
  fixture.commit(3);              // 4
  fixture.send(1, 1, kBigValue);  // 5
  fixture.abort(1);               // 6
  fixture.send(4, 1, kBigValue);  // 7
  fixture.send(2, 1, kBigValue);  // 8
  fixture.abort(2);               // 9
  fixture.send(3, 1, kBigValue);  // 10
}
constexpr const char* kAbortedOverSegments = "2:1-2<0 1:0-6<7 2:8-9<7";

}  // namespace

class PartitionLogTransactionsTest : public QObject {
  Q_OBJECT
 private slots:
  void anOpenTransactionKeepsReadersBack() {
    Fixture fixture;
    QVERIFY(fixture.write().has_value());
    QCOMPARE(fixture.stableAtEnd(), 1);
    QCOMPARE(fixture.send(1, 2), 1);
    QVERIFY(fixture.write().has_value());
    QCOMPARE(fixture.send(2), 4);
    QCOMPARE(fixture.stableAtEnd(), 1);
    QCOMPARE(*fixture.log->firstUndecidedOffset(), 1);
    fixture.commit(1);
    // Decided, but the marker is not below the high watermark.
    QCOMPARE(fixture.log->lastStableOffset(), 1);
    QCOMPARE(fixture.stable(5), 1);
    QCOMPARE(fixture.stable(6), 4);
    fixture.abort(2);
    QCOMPARE(fixture.stableAtEnd(), 7);
    QVERIFY(!fixture.log->firstUndecidedOffset().has_value());
    QCOMPARE(fixture.stable(3), 3);
  }

  void onlyAbortedTransactionsAreListed() {
    Fixture fixture;
    fixture.send(1, 3);
    fixture.commit(1);
    QVERIFY(fixture.files(".txnindex").empty());
    fixture.send(1, 2);  // 4-5
    fixture.send(2);     // 6
    fixture.abort(1);    // 7
    fixture.abort(2);    // 8
    QCOMPARE(fixture.allAborted(), std::string("1:4-7<6 2:6-8<9"));
    QCOMPARE(fixture.aborted(0, 4), std::string());
    QCOMPARE(fixture.aborted(4, 5), std::string("1:4-7<6"));
    QCOMPARE(fixture.aborted(8, 9), std::string("2:6-8<9"));
    QCOMPARE(fixture.aborted(9, 9), std::string());
    QCOMPARE(fixture.log->segments().front().transactionIndexBytes, uint64_t{68});
  }

  void aMarkerHasTheTimeOfItsAppendWhereTheTopicWantsThat() {
    for (const bool isAppendTime : {false, true}) {
      log::LogConfig config;
      config.logAppendTime = isAppendTime;
      Fixture fixture(config);
      fixture.send(1);
      fixture.commit(1);
      const base::TimestampMs markedAt = fixture.nowMs;
      fixture.nowMs += 5000;
      fixture.send(1);
      const base::Bytes marker = log::buildEndTransactionMarker(1, 0, {false, 0, markedAt});
      QVERIFY(fixture.log->appendAsLeader(base::SharedBytes(marker), 0, fixture.nowMs, AppendOrigin::Coordinator)
                  .has_value());
      const auto read = fixture.log->read(3, 4, 1000, true);
      const log::BatchScan scan = log::scanBatch(read->records.view(), true);
      QVERIFY(scan.end == log::BatchEnd::Complete && scan.header.isControl());
      QCOMPARE(scan.header.isLogAppendTime(), isAppendTime);
      QCOMPARE(scan.header.maxTimestamp, isAppendTime ? fixture.nowMs : markedAt);
    }
  }

  void markersComeFromCoordinatorsOnly() {
    Fixture fixture;
    fixture.send(1);
    const base::Bytes marker = log::buildEndTransactionMarker(1, 0, {true, 0, kTestTime});
    QCOMPARE(fixture.writeBytes(marker).error().code, ErrorCode::INVALID_RECORD);
    QVERIFY(fixture.end(1, true, 5).has_value());
    fixture.send(1);
    QCOMPARE(fixture.end(1, true, 4).error().code, ErrorCode::TRANSACTION_COORDINATOR_FENCED);
    QCOMPARE(fixture.open_(), std::string("1:2 "));
    QCOMPARE(fixture.log->logEndOffset(), 3);
  }

  void abortsSpanSegments() {
    Fixture fixture(smallSegments());
    writeOverSegments(fixture);
    QVERIFY(fixture.log->segments().size() > 4);
    QCOMPARE(fixture.allAborted(), std::string(kAbortedOverSegments));
    QCOMPARE(fixture.stableAtEnd(), 7);
    // Its marker is segments later.
    QCOMPARE(fixture.aborted(0, 1), std::string("1:0-6<7"));
    QCOMPARE(fixture.aborted(3, 6), std::string("1:0-6<7"));
    QCOMPARE(fixture.aborted(7, 9), std::string("2:8-9<7"));
  }

  void aCleanRestartKeepsTheState() {
    Fixture fixture(smallSegments());
    writeOverSegments(fixture);
    const auto before = fixture.files(".txnindex");
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(fixture.report.segmentsRecovered, 0);
    QCOMPARE(fixture.allAborted(), std::string(kAbortedOverSegments));
    QCOMPARE(fixture.open_(), std::string("3:10 4:7 "));
    QCOMPARE(fixture.stableAtEnd(), 7);
    QVERIFY(fixture.files(".txnindex") == before);
    fixture.abort(4);
    QCOMPARE(fixture.stableAtEnd(), 10);
    QCOMPARE(fixture.aborted(7, 8), std::string("4:7-11<10"));
  }

  void recoveryBuildsTheIndexesAnew() {
    for (const base::Offset flushedAt : {0, 2, 5, 8, 11}) {
      Fixture fixture(smallSegments());
      writeOverSegments(fixture);
      std::map<std::string, base::Bytes> before;
      for (const std::string& name : fixture.files(".txnindex")) before[name] = fixture.content(name);
      fixture.log.reset();
      // What was below the recovery point is trusted, the rest may be anything.
      for (const auto& [name, bytes] : before)
        if (std::stoll(name.substr(0, 20)) > flushedAt) QVERIFY(fixture.memory.remove("orders-0/" + name).has_value());
      fixture.recoveryPoint = flushedAt;
      QVERIFY(fixture.open().has_value());
      QCOMPARE(fixture.allAborted(), std::string(kAbortedOverSegments));
      QCOMPARE(fixture.open_(), std::string("3:10 4:7 "));
      QCOMPARE(fixture.stableAtEnd(), 7);
      for (const auto& [name, bytes] : before) QCOMPARE(base::toHex(fixture.content(name)), base::toHex(bytes));
      QVERIFY(fixture.report.cuts.empty());
    }
  }

  /// The machine stops: the synced part comes back with its transactions.
  void aCrashKeepsWhatWasSynced() {
    Fixture fixture(smallSegments());
    writeOverSegments(fixture);
    QVERIFY(fixture.log->flush().has_value());
    fixture.recoveryPoint = fixture.log->recoveryPoint();
    fixture.abort(4);
    QVERIFY(fixture.crash().has_value());
    QCOMPARE(fixture.log->logEndOffset(), 11);
    QCOMPARE(fixture.allAborted(), std::string(kAbortedOverSegments));
    QCOMPARE(fixture.open_(), std::string("3:10 4:7 "));
  }

  void aDamagedIndexIsBuiltAnew() {
    Fixture fixture(smallSegments());
    writeOverSegments(fixture);
    QVERIFY(fixture.log->close().has_value());
    fixture.recoveryPoint = fixture.log->logEndOffset();
    const std::string name = fixture.files(".txnindex").front();
    const base::Bytes before = fixture.content(name);
    fixture.memory.flipByte("orders-0/" + name, 1, 4);
    QVERIFY(fixture.open(true).has_value());
    QCOMPARE(fixture.report.cuts.size(), size_t{1});
    QVERIFY(fixture.report.cuts.front().file.ends_with(name));
    QCOMPARE(fixture.allAborted(), std::string(kAbortedOverSegments));
    QCOMPARE(base::toHex(fixture.content(name)), base::toHex(before));
    QCOMPARE(fixture.stableAtEnd(), 7);
  }

  void truncationOpensTransactionsAgain() {
    Fixture fixture(smallSegments());
    writeOverSegments(fixture);
    QCOMPARE(fixture.stableAtEnd(), 7);
    QVERIFY(fixture.log->truncateTo(9, fixture.nowMs).has_value());
    QCOMPARE(fixture.open_(), std::string("2:8 4:7 "));
    QCOMPARE(fixture.allAborted(), std::string("2:1-2<0 1:0-6<7"));
    QVERIFY(fixture.log->truncateTo(6, fixture.nowMs).has_value());
    QCOMPARE(fixture.open_(), std::string("1:0 "));
    QCOMPARE(fixture.allAborted(), std::string("2:1-2<0"));
    QCOMPARE(fixture.stableAtEnd(), 0);
    fixture.commit(1);
    QCOMPARE(fixture.stableAtEnd(), 7);
    QVERIFY(fixture.log->truncateTo(2, fixture.nowMs).has_value());
    QCOMPARE(fixture.open_(), std::string("1:0 2:1 "));
    QCOMPARE(fixture.allAborted(), std::string());
    QVERIFY(fixture.log->truncateFullyAndStartAt(40, fixture.nowMs).has_value());
    QCOMPARE(fixture.open_(), std::string());
    QCOMPARE(fixture.stableAtEnd(), 40);
    QVERIFY(fixture.files(".txnindex").empty());
  }

  void theLogStartBoundsWhatIsStable() {
    Fixture fixture;
    fixture.send(1, 2);
    QVERIFY(fixture.write().has_value());
    fixture.log->setHighWatermark(3);
    QVERIFY(fixture.log->incrementLogStartOffset(1).has_value());
    QCOMPARE(fixture.log->lastStableOffset(), 1);
    fixture.abort(1);
    QCOMPARE(fixture.stableAtEnd(), 4);
    QCOMPARE(fixture.aborted(1, 4), std::string("1:0-3<4"));
    // Recovery reads the segment from its start, below the log's.
    const base::Bytes before = fixture.content("00000000000000000000.txnindex");
    fixture.logStartOffset = 1;
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.txnindex")), base::toHex(before));
  }

  void aFollowerKnowsTheSame() {
    Fixture leader;
    leader.send(1, 2);
    leader.send(2);
    leader.abort(1);
    leader.send(1);
    leader.commit(1);
    Fixture follower;
    const auto read = leader.log->read(0, leader.log->logEndOffset(), 1 << 20, true);
    QCOMPARE(read->endOffset, leader.log->logEndOffset());
    QVERIFY(follower.log->appendAsFollower(read->records, follower.nowMs).has_value());
    QCOMPARE(follower.allAborted(), leader.allAborted());
    QCOMPARE(follower.open_(), leader.open_());
    QCOMPARE(follower.stableAtEnd(), leader.stableAtEnd());
    QCOMPARE(base::toHex(follower.content("00000000000000000000.txnindex")),
             base::toHex(leader.content("00000000000000000000.txnindex")));
  }

  void anOpenTransactionOutlivesTheExpirationOfProducers() {
    Fixture fixture;
    fixture.send(1);
    fixture.send(2);
    fixture.commit(2);
    fixture.nowMs += fixture.config.producerIdExpirationMs * 2;
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(fixture.log->producers().size(), size_t{1});
    QCOMPARE(fixture.stableAtEnd(), 0);
  }

  /// The log a real broker wrote, without its index and snapshot: what recovery and a clean shutdown write are Kafka's
  /// bytes.
  void recoveryWritesWhatKafkaWrote() {
    LogFixture fixture;
    fixture.nowMs = 0x1a20cc3b4f7;
    QVERIFY(fixture.memory.createDirectories("orders-0").has_value());
    const auto file = fixture.memory.open("orders-0/00000000000000000000.log", storage::OpenMode::ReadWrite);
    QVERIFY((*file)->append(fromHex(log::kKafkaTransactionsLog)).has_value());
    QVERIFY(fixture.open().has_value());
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.txnindex")), std::string(log::kKafkaTransactionsIndex));
    // What Kafka's brokers answer to ListOffsets with both isolation levels.
    fixture.log->setHighWatermark(12);
    QCOMPARE(fixture.log->lastStableOffset(), 12);
    QVERIFY(fixture.log->close().has_value());
    QCOMPARE(base::toHex(fixture.content("00000000000000000012.snapshot")),
             std::string(log::kKafkaTransactionsSnapshot));
  }
};

STREAMSCOPE_TEST(PartitionLogTransactionsTest);
#include "partition_log_transactions_test.moc"
