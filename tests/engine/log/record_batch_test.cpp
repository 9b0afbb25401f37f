#include "log/record_batch.h"

#include <QTest>

#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::BatchEnd;
using log::Compression;
using log::fromHex;
using log::kTestTime;

namespace {

/// Bytes of Kafka's format, computed by an independent encoder.
const base::Bytes kOneRecord = fromHex(
    "00000000000000000000003a0000000002e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffffffffffffffff"
    "0000000110000000026b027600");
const base::Bytes kTwoRecords = fromHex(
    "00000000000000050000004600000003026a90898f0010000000010000018bcfe568000000018bcfe5680a00000000000003e8000000000000"
    "00000002100000000261024100160014020102620202680278");
const base::Bytes kCommitMarker = fromHex(
    "0000000000000007000000420000000302ef2628430030000000000000018bcfe568000000018bcfe5680000000000000003e80000ffffffff"
    "000000012000000008000000010c00000000000400");
const base::Bytes kEmptyBatch = fromHex(
    "000000000000000a0000003100000003028f47fd78000000000004ffffffffffffffff0000018bcfe5680000000000000003e8000000000003"
    "00000000");

base::Bytes oneRecordBuilt() {
  log::RecordBatchBuilder::Options options;
  options.partitionLeaderEpoch = 0;
  log::RecordBatchBuilder builder(options);
  builder.append(kTestTime, base::asBytes("k"), base::asBytes("v"));
  return builder.build();
}

/// "5 @1700000000000 #0 a=A" for each record.
std::string describe(base::ByteView batch) {
  std::string text;
  const auto status = log::forEachRecord(batch, [&](const log::RecordView& record) {
    text += std::to_string(record.offset) + " @" + std::to_string(record.timestamp) + " #" +
            std::to_string(record.sequence) + " ";
    text += record.key ? std::string(base::asText(*record.key)) : "(null)";
    text += "=";
    text += record.value ? std::string(base::asText(*record.value)) : "(null)";
    for (const auto& header : record.headers)
      text += " [" + std::string(header.key) + ":" +
              (header.value ? std::string(base::asText(*header.value)) : "(null)") + "]";
    text += "\n";
    return true;
  });
  return status ? text : "refused: " + status.error().message;
}

}  // namespace

class RecordBatchTest : public QObject {
  Q_OBJECT
 private slots:
  void buildsOneRecordAsKafka() { QCOMPARE(base::toHex(oneRecordBuilt()), base::toHex(kOneRecord)); }

  void buildsAnIdempotentBatchWithHeadersAsKafka() {
    log::RecordBatchBuilder::Options options;
    options.baseOffset = 5;
    options.partitionLeaderEpoch = 3;
    options.isTransactional = true;
    log::RecordBatchBuilder builder(options);
    builder.append(kTestTime, base::asBytes("a"), base::asBytes("A"));
    const base::ByteView x = base::asBytes("x");
    builder.append(kTestTime + 10, std::nullopt, base::asBytes("b"), {{"h", base::Bytes(x.begin(), x.end())}});
    builder.setProducerState(1000, 0, 0);
    QCOMPARE(builder.recordCount(), 2);
    const base::Bytes batch = builder.build();
    QCOMPARE(base::toHex(batch), base::toHex(kTwoRecords));
    QCOMPARE(builder.sizeInBytes(), batch.size());
  }

  void buildsATransactionMarkerAsKafka() {
    log::RecordBatchBuilder::Options options;
    options.baseOffset = 7;
    options.partitionLeaderEpoch = 3;
    options.producerId = 1000;
    options.producerEpoch = 0;
    options.isTransactional = true;
    options.isControl = true;
    log::RecordBatchBuilder builder(options);
    builder.append(kTestTime, fromHex("00000001"), fromHex("000000000004"));
    QCOMPARE(base::toHex(builder.build()), base::toHex(kCommitMarker));
  }

  void readsAHeader() {
    const log::BatchScan scan = log::scanBatch(kTwoRecords, true);
    QVERIFY(scan.end == BatchEnd::Complete);
    QCOMPARE(scan.header.baseOffset, 5);
    QCOMPARE(scan.header.lastOffset(), 6);
    QCOMPARE(scan.header.nextOffset(), 7);
    QCOMPARE(scan.header.sizeInBytes, 82u);
    QCOMPARE(scan.header.partitionLeaderEpoch, 3);
    QCOMPARE(scan.header.crc, 0x6a90898fu);
    QCOMPARE(scan.header.baseTimestamp, kTestTime);
    QCOMPARE(scan.header.maxTimestamp, kTestTime + 10);
    QCOMPARE(scan.header.producerId, 1000);
    QCOMPARE(scan.header.producerEpoch, int16_t{0});
    QCOMPARE(scan.header.baseSequence, 0);
    QCOMPARE(scan.header.lastSequence(), 1);
    QCOMPARE(scan.header.recordCount, 2);
    QVERIFY(scan.header.isTransactional());
    QVERIFY(!scan.header.isControl());
    QVERIFY(!scan.header.isLogAppendTime());
  }

  void readsRecords() {
    QCOMPARE(describe(kTwoRecords), std::string("5 @1700000000000 #0 a=A\n6 @1700000000010 #1 (null)=b [h:x]\n"));
  }

  void aBatchThatCompactionEmptiedHasNoRecords() {
    const log::BatchScan scan = log::scanBatch(kEmptyBatch, true);
    QVERIFY(scan.end == BatchEnd::Complete);
    QCOMPARE(scan.header.lastOffset(), 14);
    QCOMPARE(scan.header.lastSequence(), 7);
    QCOMPARE(describe(kEmptyBatch), std::string());
  }

  void everyCodecKeepsTheRecords() {
    const std::string plain = describe(log::makeBatch({.count = 50, .valueSize = 300}));
    for (const Compression codec : {Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd}) {
      const base::Bytes batch = log::makeBatch({.count = 50, .valueSize = 300, .compression = codec});
      QVERIFY(batch.size() < 15000);
      QVERIFY(log::scanBatch(batch, true).end == BatchEnd::Complete);
      QVERIFY(log::scanBatch(batch, true).header.compression() == codec);
      QVERIFY(describe(batch) == plain);
    }
  }

  void stoppingEarlyIsNoError() {
    int seen = 0;
    QVERIFY(log::forEachRecord(log::makeBatch({.count = 5}), [&](const log::RecordView&) {
              return ++seen < 2;
            }).has_value());
    QCOMPARE(seen, 2);
  }

  void recordsOfALogAppendTimeBatchHaveItsMaxTimestamp() {
    log::RecordBatchBuilder::Options options;
    options.isLogAppendTime = true;
    log::RecordBatchBuilder builder(options);
    builder.append(kTestTime, std::nullopt, base::asBytes("a"));
    builder.append(kTestTime + 5, std::nullopt, base::asBytes("b"));
    QCOMPARE(describe(builder.build()), std::string("0 @1700000000005 #-1 (null)=a\n1 @1700000000005 #-1 (null)=b\n"));
  }

  void sequencesWrapToZero() {
    const base::Bytes batch =
        log::makeBatch({.count = 3, .producerId = 1, .producerEpoch = 0, .baseSequence = INT32_MAX - 1});
    QCOMPARE(log::scanBatch(batch, true).header.lastSequence(), 0);
    int32_t last = -1;
    QVERIFY(log::forEachRecord(batch, [&](const log::RecordView& record) {
              last = record.sequence;
              return true;
            }).has_value());
    QCOMPARE(last, 0);
  }

  void everyPrefixIsTornOrDamaged() {
    for (size_t length = 0; length < kTwoRecords.size(); ++length) {
      const log::BatchScan scan = log::scanBatch(base::ByteView(kTwoRecords).first(length), true);
      QVERIFY(scan.end == BatchEnd::Torn);
      QVERIFY(!scan.reason.empty());
    }
  }

  void bytesBehindTheBatchDoNotMatter() {
    base::Bytes more = kTwoRecords;
    more.resize(more.size() + 7, 0xee);
    const log::BatchScan scan = log::scanBatch(more, true);
    QVERIFY(scan.end == BatchEnd::Complete);
    QCOMPARE(size_t{scan.header.sizeInBytes}, kTwoRecords.size());
  }

  /// The checksum covers everything from the attributes on; before it only offset, length, epoch and magic stand.
  void everyFlippedBitIsSeenOrHarmless() {
    for (size_t bit = 0; bit < kTwoRecords.size() * 8; ++bit) {
      base::Bytes damaged = kTwoRecords;
      damaged[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
      const log::BatchScan scan = log::scanBatch(damaged, true);
      const size_t at = bit / 8;
      const bool isCovered = at == log::batch_layout::kMagic || at >= log::batch_layout::kCrc;
      if (isCovered) QVERIFY2(scan.end == BatchEnd::Damaged, std::to_string(at).c_str());
      if (scan.end == BatchEnd::Complete)
        QVERIFY(at < log::batch_layout::kBatchLength ||
                (at >= log::batch_layout::kPartitionLeaderEpoch && at < log::batch_layout::kMagic));
      const std::string text = describe(damaged);
      Q_UNUSED(text)
    }
  }

  void impossibleLengthsAndOffsetsAreDamage() {
    for (const char* prefix : {"0000000000000000ffffffff", "000000000000000000000030", "00000000000000007fffffff",
                               "ffffffffffffffff00000046", "7fffffffffffffff00000046"})
      QVERIFY2(log::scanBatch(fromHex(prefix), true).end == BatchEnd::Damaged, prefix);
  }
};

STREAMSCOPE_TEST(RecordBatchTest);
#include "record_batch_test.moc"
