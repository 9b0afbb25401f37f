#include "aborted_transactions.h"

#include <QTest>

#include "log/end_transaction_marker.h"
#include "support/test_registry.h"

using namespace streamscope;
using client::AbortedTransactions;

namespace {

struct Batch {
  base::Bytes bytes;
  log::BatchHeader header;
};

Batch placed(base::Bytes bytes, base::Offset at) {
  Batch batch{std::move(bytes), {}};
  batch.header = log::scanBatch(batch.bytes, true).header;
  batch.header.baseOffset = at;
  return batch;
}

Batch data(base::Offset at, int64_t producerId, bool isTransactional = true) {
  log::RecordBatchBuilder::Options options;
  options.producerId = producerId;
  options.producerEpoch = producerId < 0 ? -1 : 0;
  options.baseSequence = producerId < 0 ? -1 : 0;
  options.isTransactional = isTransactional;
  log::RecordBatchBuilder builder(options);
  builder.append(0, std::nullopt, std::nullopt);
  return placed(builder.build(), at);
}

Batch marker(base::Offset at, int64_t producerId, bool isCommit) {
  return placed(log::buildEndTransactionMarker(producerId, 0, {isCommit, 0, 0}), at);
}

}  // namespace

class AbortedTransactionsTest : public QObject {
  Q_OBJECT
 private slots:
  void aTransactionIsLeftOutUpToItsMarker() {
    // As a broker lists them: in the order of their markers.
    AbortedTransactions aborted({{1, 4}, {2, 2}, {1, 20}});
    const auto contains = [&](const Batch& batch) { return aborted.contains(batch.header, batch.bytes); };
    QVERIFY(!contains(data(0, 1)));
    QVERIFY(!contains(marker(1, 1, true)));
    QVERIFY(contains(data(2, 2)));
    QVERIFY(!contains(data(3, -1, false)));
    QVERIFY(contains(data(4, 1)));
    QVERIFY(!contains(data(5, 3)));
    QVERIFY(!contains(marker(6, 1, false)));
    // The next transaction of producer 1 was committed.
    QVERIFY(!contains(data(7, 1)));
    QVERIFY(contains(data(8, 2)));
    QVERIFY(!contains(marker(9, 1, true)));
    QVERIFY(!contains(marker(10, 2, false)));
    QVERIFY(!contains(data(11, 2)));
    QVERIFY(contains(data(20, 1)));
  }

  void aFetchFromTheMiddleKnowsItToo() {
    AbortedTransactions aborted({{1, 4}});
    const Batch later = data(9, 1);
    QVERIFY(aborted.contains(later.header, later.bytes));
    // What a producer writes outside of transactions counts.
    const Batch plain = data(10, 1, false);
    QVERIFY(!aborted.contains(plain.header, plain.bytes));
  }

  void withoutAListEverythingCounts() {
    AbortedTransactions none({});
    const Batch batch = data(9, 1);
    QVERIFY(!none.contains(batch.header, batch.bytes));
  }
};

STREAMSCOPE_TEST(AbortedTransactionsTest);
#include "aborted_transactions_test.moc"
