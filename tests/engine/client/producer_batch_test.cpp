#include "producer_batch.h"

#include <QTest>
#include <limits>

#include "support/test_registry.h"

using namespace streamscope;
using client::ProducerBatch;

namespace {

std::vector<std::string> valuesOf(const base::SharedBytes& records) {
  std::vector<std::string> values;
  const base::Status read = log::forEachRecord(records.view(), [&](const log::RecordView& record) {
    values.emplace_back(base::asText(*record.value));
    return true;
  });
  return read ? values : std::vector<std::string>{"unreadable: " + read.error().message};
}

}  // namespace

class ProducerBatchTest : public QObject {
  Q_OBJECT
 private slots:
  void sequencesWrapToZero() {
    constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
    QCOMPARE(client::incrementSequence(5, 3), 8);
    QCOMPARE(client::incrementSequence(kMax, 1), 0);
    QCOMPARE(client::incrementSequence(kMax - 1, 3), 1);
  }

  void theFirstRecordAlwaysFits() {
    ProducerBatch batch(0, {}, 100);
    QVERIFY(batch.hasRoomFor(5000, 100));
    batch.append(1, std::nullopt, base::asBytes("a"));
    QVERIFY(!batch.hasRoomFor(5000, 100));
  }

  void aRaisedEpochRewritesTheBytesAndKeepsTheRecords() {
    ProducerBatch batch(0, {}, 100);
    batch.append(1, std::nullopt, base::asBytes("a"));
    batch.append(2, std::nullopt, base::asBytes("b"));
    batch.setProducerState({7, 0}, 12);
    batch.close();
    QVERIFY(!batch.sequenceHasBeenReset());
    batch.setProducerState({7, 1}, 0);
    QVERIFY(batch.sequenceHasBeenReset());
    const log::BatchScan scan = log::scanBatch(batch.records().view(), true);
    QCOMPARE(static_cast<int>(scan.end), static_cast<int>(log::BatchEnd::Complete));
    QCOMPARE(scan.header.producerId, int64_t{7});
    QCOMPARE(scan.header.producerEpoch, int16_t{1});
    QCOMPARE(scan.header.baseSequence, 0);
    QVERIFY(valuesOf(batch.records()) == (std::vector<std::string>{"a", "b"}));
  }

  void splitKeepsOrderAndMemory() {
    ProducerBatch batch(3, {}, 400);
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
      expected.push_back("value-" + std::to_string(i));
      batch.append(i, std::nullopt, base::asBytes(expected.back()));
    }
    batch.close();
    const auto parts = batch.split(200);
    QVERIFY(parts.size() > 1);
    std::vector<std::string> found;
    int64_t memory = 0;
    for (const auto& part : parts) {
      part->close();
      QVERIFY(part->sizeInBytes() <= 200);
      QCOMPARE(part->partition(), 3);
      memory += part->bufferBytes();
      for (const std::string& value : valuesOf(part->records())) found.push_back(value);
    }
    QVERIFY(found == expected);
    QCOMPARE(memory, int64_t{400});
  }
};

STREAMSCOPE_TEST(ProducerBatchTest);
#include "producer_batch_test.moc"
