#include "idempotence_state.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using client::IdempotenceState;
using client::ProducerBatch;
using client::ProducerBatchPtr;

namespace {

ProducerBatchPtr makeBatch(int records, base::PartitionId partition = 0) {
  auto batch = std::make_shared<ProducerBatch>(partition, base::VirtualTime{}, 100);
  for (int i = 0; i < records; ++i) batch->append(i, std::nullopt, base::asBytes("v"));
  return batch;
}

void drain(IdempotenceState& state, const ProducerBatchPtr& batch) {
  state.onDrained(batch);
  batch->close();
}

}  // namespace

class IdempotenceStateTest : public QObject {
  Q_OBJECT
 private slots:
  void nothingGoesBeforeThereIsAProducerId() {
    IdempotenceState state;
    QVERIFY(!state.mayDrain(*makeBatch(1)));
    state.setProducer({5, 0});
    QVERIFY(state.mayDrain(*makeBatch(1)));
  }

  void sequencesFollowOneAnotherForEachPartition() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto a = makeBatch(3), b = makeBatch(2), other = makeBatch(1, 1);
    drain(state, a);
    drain(state, b);
    drain(state, other);
    QCOMPARE(a->baseSequence(), 0);
    QCOMPARE(b->baseSequence(), 3);
    QCOMPARE(other->baseSequence(), 0);
  }

  void onARetryOnlyTheFirstUnacknowledgedGoes() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto a = makeBatch(1), b = makeBatch(1);
    drain(state, a);
    drain(state, b);
    state.onAnswered(*a);
    state.onAnswered(*b);
    QVERIFY(!state.mayDrain(*b));
    QVERIFY(state.mayDrain(*a));
    state.onDrained(a);
    QCOMPARE(a->baseSequence(), 0);
    state.onAnswered(*a);
    state.onAcknowledged(a);
    QVERIFY(state.mayDrain(*b));
  }

  void afterALossTheEpochIsRaisedAndSequencesBeginAnew() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto lost = makeBatch(2), waiting = makeBatch(3);
    drain(state, lost);
    drain(state, waiting);
    state.onAnswered(*lost);
    state.onFailed(lost);
    QVERIFY(!state.mayDrain(*waiting));
    // Not while a request is on its way.
    state.maybeRaiseEpoch();
    QCOMPARE(state.producer().epoch, int16_t{0});
    state.onAnswered(*waiting);
    state.maybeRaiseEpoch();
    QCOMPARE(state.producer().epoch, int16_t{1});
    QCOMPARE(waiting->baseSequence(), 0);
    QCOMPARE(waiting->producer().epoch, int16_t{1});
    QVERIFY(state.mayDrain(*waiting));
  }

  void otherPartitionsFollowIntoTheNewEpochWhenTheyAreEmpty() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto lost = makeBatch(1), other = makeBatch(2, 1);
    drain(state, other);
    drain(state, lost);
    state.onAnswered(*lost);
    state.onFailed(lost);
    state.maybeRaiseEpoch();
    const auto next = makeBatch(1, 1);
    QVERIFY(!state.mayDrain(*next));
    state.onAnswered(*other);
    state.onAcknowledged(other);
    QVERIFY(state.mayDrain(*next));
    drain(state, next);
    QCOMPARE(next->baseSequence(), 0);
    QCOMPARE(next->producer().epoch, int16_t{1});
  }

  void anExpiredBatchLeavesItsSequenceUnresolvedUntilAnswersAreIn() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto expired = makeBatch(1);
    drain(state, expired);
    state.onExpired(expired);
    QVERIFY(!state.mayDrain(*makeBatch(1)));
    state.onAnswered(*expired);
    state.maybeRaiseEpoch();
    QCOMPARE(state.producer().epoch, int16_t{1});
    QVERIFY(state.mayDrain(*makeBatch(1)));
  }

  void outOfOrderIsRetriedAndRaisesTheEpochOnlyForTheNextInLine() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto first = makeBatch(1), second = makeBatch(1);
    drain(state, first);
    drain(state, second);
    state.onAnswered(*second);
    QVERIFY(state.canRetry(*second, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER));
    state.onAnswered(*first);
    state.maybeRaiseEpoch();
    QCOMPARE(state.producer().epoch, int16_t{0});
    QVERIFY(state.canRetry(*first, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER));
    state.maybeRaiseEpoch();
    QCOMPARE(state.producer().epoch, int16_t{1});
  }

  void onlyRetriableErrorsAreRetried() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto batch = makeBatch(1);
    QVERIFY(state.canRetry(*batch, ErrorCode::NOT_LEADER_OR_FOLLOWER));
    QVERIFY(state.canRetry(*batch, ErrorCode::NOT_ENOUGH_REPLICAS));
    QVERIFY(!state.canRetry(*batch, ErrorCode::INVALID_RECORD));
    QVERIFY(!state.canRetry(*batch, ErrorCode::TOPIC_AUTHORIZATION_FAILED));
  }

  void partsOfASplitTakeTheSequencesOfTheWhole() {
    IdempotenceState state;
    state.setProducer({5, 0});
    const auto before = makeBatch(4), whole = makeBatch(10), after = makeBatch(1);
    drain(state, before);
    drain(state, whole);
    drain(state, after);
    const auto parts = whole->split(80);
    QVERIFY(parts.size() > 1);
    state.onSplit(whole, parts);
    int32_t expected = 4;
    for (const auto& part : parts) {
      QCOMPARE(part->baseSequence(), expected);
      expected += part->recordCount();
    }
    QCOMPARE(expected, 14);
  }
};

STREAMSCOPE_TEST(IdempotenceStateTest);
#include "idempotence_state_test.moc"
