#include "producer_state_manager.h"

#include <QTest>

#include "batches.h"
#include "log/end_transaction_marker.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::AppendOrigin;

namespace {

/// Batches of one producer, three records each.
struct Fixture {
  log::ProducerStateManager state;
  base::Offset end = 0;

  static log::BatchHeader header(int32_t sequence, int16_t epoch = 0, bool isTransactional = false,
                                 base::Offset at = 0) {
    return log::scanBatch(log::makeBatch({.count = 3,
                                          .producerId = 1,
                                          .producerEpoch = epoch,
                                          .baseSequence = sequence,
                                          .isTransactional = isTransactional,
                                          .baseOffset = at}),
                          true)
        .header;
  }
  ErrorCode check(int32_t sequence, int16_t epoch = 0, bool isTransactional = false) const {
    const auto status = state.check(header(sequence, epoch, isTransactional), {}, AppendOrigin::Client, 0, "orders-0");
    return status ? ErrorCode::NONE : status.error().code;
  }
  void add(int32_t sequence, int16_t epoch = 0, bool isTransactional = false) {
    state.update(header(sequence, epoch, isTransactional, end), {});
    end += 3;
  }
  /// A marker for producer 1.
  struct Marker {
    base::Bytes bytes;
    log::BatchHeader header;
  };
  Marker marker(bool isCommit, int16_t epoch = 0, int32_t coordinatorEpoch = 4) const {
    Marker made{log::buildEndTransactionMarker(1, epoch, {isCommit, coordinatorEpoch, log::kTestTime + 9}), {}};
    made.header = log::scanBatch(made.bytes, true).header;
    made.header.baseOffset = end;
    return made;
  }
  ErrorCode checkMarker(int16_t epoch, int32_t coordinatorEpoch = 4, int16_t transactionVersion = 0) const {
    const Marker made = marker(true, epoch, coordinatorEpoch);
    const auto status = state.check(made.header, made.bytes, AppendOrigin::Coordinator, transactionVersion, "orders-0");
    return status ? ErrorCode::NONE : status.error().code;
  }
  std::optional<log::AbortedTransaction> endTransaction(bool isCommit, int16_t epoch = 0) {
    const Marker made = marker(isCommit, epoch);
    ++end;
    return state.update(made.header, made.bytes);
  }
  /// One record in a transaction of another producer.
  void addOther(int64_t producerId) {
    const base::Bytes batch = log::makeBatch(
        {.producerId = producerId, .producerEpoch = 0, .baseSequence = 0, .isTransactional = true, .baseOffset = end});
    state.update(log::scanBatch(batch, true).header, batch);
    ++end;
  }
};

}  // namespace

class ProducerStateManagerTest : public QObject {
  Q_OBJECT
 private slots:
  void anUnknownProducerMayBeginAnywhere() {
    Fixture fixture;
    QCOMPARE(fixture.check(0), ErrorCode::NONE);
    QCOMPARE(fixture.check(77), ErrorCode::NONE);
  }

  void sequencesFollowEachOtherPastTheEnd() {
    Fixture fixture;
    fixture.add(INT32_MAX - 2);
    QCOMPARE(fixture.check(0), ErrorCode::NONE);
    QCOMPARE(fixture.check(1), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    Fixture wrapping;
    wrapping.add(INT32_MAX - 1);
    QCOMPARE(wrapping.check(1), ErrorCode::NONE);
    const auto duplicate = wrapping.state.findDuplicate(Fixture::header(INT32_MAX - 1));
    QVERIFY(duplicate.has_value());
    QCOMPARE(duplicate->firstSequence(), INT32_MAX - 1);
  }

  void fiveBatchesAreKnownAgain() {
    Fixture fixture;
    for (int i = 0; i < 7; ++i) fixture.add(3 * i);
    for (int i = 0; i < 7; ++i) {
      const auto duplicate = fixture.state.findDuplicate(Fixture::header(3 * i));
      QCOMPARE(duplicate.has_value(), i >= 2);
      if (duplicate) QCOMPARE(duplicate->firstOffset(), 3 * i);
    }
    QVERIFY(!fixture.state.findDuplicate(Fixture::header(18, 1)));
    QVERIFY(!fixture.state.findDuplicate(Fixture::header(19)));
  }

  void aNewEpochBeginsAtZero() {
    Fixture fixture;
    fixture.add(0);
    QCOMPARE(fixture.check(3, 1), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    QCOMPARE(fixture.check(0, 1), ErrorCode::NONE);
    fixture.add(0, 1);
    QCOMPARE(fixture.check(3, 0), ErrorCode::INVALID_PRODUCER_EPOCH);
    QCOMPARE(fixture.state.producers().at(1).batchCount, size_t{1});
  }

  void aTransactionIsOpenUntilItsMarker() {
    Fixture fixture;
    fixture.add(0, 0, true);
    QCOMPARE(fixture.check(3), ErrorCode::INVALID_TXN_STATE);
    QCOMPARE(fixture.check(3, 0, true), ErrorCode::NONE);
    fixture.add(3, 0, true);
    QCOMPARE(fixture.state.snapshot()[0].currentTxnFirstOffset, 0);
    fixture.state.removeExpired(INT64_MAX, 1);
    QCOMPARE(fixture.state.producers().size(), size_t{1});

    QVERIFY(!fixture.endTransaction(true).has_value());
    const auto entry = fixture.state.snapshot()[0];
    QCOMPARE(entry.currentTxnFirstOffset, -1);
    QCOMPARE(entry.coordinatorEpoch, 4);
    QCOMPARE(entry.lastSequence, 5);
    QCOMPARE(fixture.state.endOffset(), 7);
    QCOMPARE(fixture.check(6), ErrorCode::NONE);
  }

  void whatIsNotDecidedIsUnstable() {
    Fixture fixture;
    fixture.add(0);
    QVERIFY(!fixture.state.firstUnstableOffset().has_value());
    fixture.add(3, 0, true);
    fixture.add(6, 0, true);
    QCOMPARE(*fixture.state.firstUnstableOffset(), 3);
    QCOMPARE(*fixture.state.firstUndecidedOffset(), 3);
    QVERIFY(!fixture.endTransaction(true).has_value());
    // Decided, but the marker at 9 may be lost with this leader.
    QVERIFY(!fixture.state.firstUndecidedOffset().has_value());
    QCOMPARE(*fixture.state.firstUnstableOffset(), 3);
    fixture.state.forgetDecidedBelow(9);
    QCOMPARE(*fixture.state.firstUnstableOffset(), 3);
    fixture.state.forgetDecidedBelow(10);
    QVERIFY(!fixture.state.firstUnstableOffset().has_value());
  }

  void anAbortTellsWhereTheLogWasStable() {
    Fixture fixture;
    fixture.add(0, 0, true);
    const auto alone = fixture.endTransaction(false);
    QVERIFY(alone.has_value());
    QVERIFY((*alone == log::AbortedTransaction{1, 0, 3, 4}));
    fixture.addOther(2);
    fixture.add(3, 0, true);
    fixture.addOther(3);
    const auto beside = fixture.endTransaction(false);
    QVERIFY(beside.has_value());
    QVERIFY((*beside == log::AbortedTransaction{1, 5, 9, 4}));
    // A marker without a transaction says nothing.
    QVERIFY(!fixture.endTransaction(false).has_value());
  }

  void markersOfOldEpochsAreRefused() {
    Fixture fixture;
    QCOMPARE(fixture.checkMarker(0), ErrorCode::NONE);
    fixture.add(0, 3, true);
    QCOMPARE(fixture.checkMarker(2), ErrorCode::INVALID_PRODUCER_EPOCH);
    QCOMPARE(fixture.checkMarker(3), ErrorCode::NONE);
    // transaction.version 2: the marker's epoch is above the open transaction's.
    QCOMPARE(fixture.checkMarker(3, 4, 2), ErrorCode::INVALID_PRODUCER_EPOCH);
    QCOMPARE(fixture.checkMarker(4, 4, 2), ErrorCode::NONE);
    QVERIFY(!fixture.endTransaction(true, 4).has_value());
    // Sent again after it was written.
    QCOMPARE(fixture.checkMarker(4, 4, 2), ErrorCode::NONE);
    QCOMPARE(fixture.checkMarker(3, 4, 2), ErrorCode::INVALID_PRODUCER_EPOCH);
    // Another coordinator has written since.
    QCOMPARE(fixture.checkMarker(4, 3), ErrorCode::TRANSACTION_COORDINATOR_FENCED);
    QCOMPARE(fixture.checkMarker(5, 3, 2), ErrorCode::TRANSACTION_COORDINATOR_FENCED);
    QCOMPARE(fixture.checkMarker(4, 5), ErrorCode::NONE);
    // The next transaction begins with the marker's epoch and sequence 0.
    QCOMPARE(fixture.check(0, 4, true), ErrorCode::NONE);
    QCOMPARE(fixture.check(1, 4, true), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  void coordinatorsWriteWithoutSequences() {
    Fixture fixture;
    fixture.add(0);
    const log::BatchHeader header = Fixture::header(50);
    QVERIFY(!fixture.state.check(header, {}, AppendOrigin::Client, 0, "orders-0").has_value());
    QVERIFY(fixture.state.check(header, {}, AppendOrigin::Coordinator, 0, "orders-0").has_value());
  }

  void aSnapshotKeepsOpenTransactions() {
    Fixture fixture;
    fixture.addOther(2);
    fixture.add(0, 0, true);
    fixture.endTransaction(true);
    log::ProducerStateManager loaded;
    loaded.load(fixture.state.snapshot(), fixture.end);
    QCOMPARE(*loaded.firstUnstableOffset(), 0);
    loaded.clear(5);
    QVERIFY(!loaded.firstUnstableOffset().has_value());
  }

  void aSnapshotKeepsTheLastBatch() {
    Fixture fixture;
    for (int i = 0; i < 3; ++i) fixture.add(3 * i);
    log::ProducerStateManager loaded;
    loaded.load(fixture.state.snapshot(), 9);
    QCOMPARE(loaded.endOffset(), 9);
    QVERIFY(loaded.snapshot() == fixture.state.snapshot());
    QVERIFY(loaded.findDuplicate(Fixture::header(6)).has_value());
    QVERIFY(!loaded.findDuplicate(Fixture::header(3)).has_value());
    QVERIFY(loaded.check(Fixture::header(9), {}, AppendOrigin::Client, 0, "orders-0").has_value());
  }

  void idleProducersAreForgotten() {
    Fixture fixture;
    fixture.add(0);
    const auto last = fixture.state.producers().at(1).lastTimestamp;
    fixture.state.removeExpired(last + 999, 1000);
    QCOMPARE(fixture.state.producers().size(), size_t{1});
    fixture.state.removeExpired(last + 1000, 1000);
    QVERIFY(fixture.state.producers().empty());
  }
};

STREAMSCOPE_TEST(ProducerStateManagerTest);
#include "producer_state_manager_test.moc"
