#include "producer_state_manager.h"

#include <QTest>

#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::fromHex;

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
    const auto status = state.check(header(sequence, epoch, isTransactional), "orders-0");
    return status ? ErrorCode::NONE : status.error().code;
  }
  void add(int32_t sequence, int16_t epoch = 0, bool isTransactional = false) {
    state.update(header(sequence, epoch, isTransactional, end), {});
    end += 3;
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

    log::RecordBatchBuilder::Options options;
    options.baseOffset = 6;
    options.producerId = 1;
    options.producerEpoch = 0;
    options.isTransactional = true;
    options.isControl = true;
    log::RecordBatchBuilder marker(options);
    marker.append(log::kTestTime + 9, fromHex("00000001"), fromHex("000000000004"));
    const base::Bytes bytes = marker.build();
    fixture.state.update(log::scanBatch(bytes, true).header, bytes);
    const auto entry = fixture.state.snapshot()[0];
    QCOMPARE(entry.currentTxnFirstOffset, -1);
    QCOMPARE(entry.coordinatorEpoch, 4);
    QCOMPARE(entry.lastSequence, 5);
    QCOMPARE(fixture.state.endOffset(), 7);
    QCOMPARE(fixture.check(6), ErrorCode::NONE);
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
    QVERIFY(loaded.check(Fixture::header(9), "orders-0").has_value());
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
