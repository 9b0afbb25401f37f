#include "record_filter.h"

#include <QTest>
#include <set>

#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::BatchRetention;
using log::Compression;
using Outcome = log::FilteredBatch::Outcome;

namespace {

constexpr base::TimestampMs kHorizon = 7000;

/// k0 (1000), k1 with a header (1500), the tombstone k2 (1200), k3 (1700), from offset 100 on, of a transaction.
constexpr std::string_view kFour =
    "00000000000000640000006200000003021bc1cae700100000000300000000000003e800000000000006a40000000000000007000100000032"
    "00"
    "00000414000000046b30047630001e00e80702046b3104763102026802781200900304046b3201001600f80a06046b3304763300";

base::Result<log::FilteredBatch> filter(base::ByteView batch, const std::set<std::string>& keys,
                                        BatchRetention retention = BatchRetention::DeleteEmpty, bool isMarker = false) {
  log::BatchFilter how;
  how.retention = retention;
  how.isMarkerOfEmptyTransaction = isMarker;
  how.newDeleteHorizonMs = kHorizon;
  how.retains = [&](const log::RecordView& record) { return keys.contains(std::string(base::asText(*record.key))); };
  return log::filterBatch(batch, log::scanBatch(batch, true).header, how);
}

/// "101 k1=v1@1500 ..." and the header's view of the batch.
std::string told(base::ByteView batch) {
  const log::BatchScan scan = log::scanBatch(batch, true);
  if (scan.end != log::BatchEnd::Complete) return scan.reason;
  const log::BatchHeader& header = scan.header;
  std::string text = std::to_string(header.baseOffset) + "-" + std::to_string(header.lastOffset()) + " max " +
                     std::to_string(header.maxTimestamp) +
                     (header.hasDeleteHorizon() ? " horizon " + std::to_string(header.baseTimestamp) : "") + ":";
  const auto status = log::forEachRecord(batch, [&](const log::RecordView& record) {
    text += " " + std::to_string(record.offset) + "=" + std::string(base::asText(*record.key)) + "@" +
            std::to_string(record.timestamp) + (record.value ? "" : "x") + (record.headers.empty() ? "" : "h");
    return true;
  });
  return status ? text : status.error().message;
}

}  // namespace

class RecordFilterTest : public QObject {
  Q_OBJECT
 private slots:
  /// What Kafka 4.3.1's MemoryRecords.filterTo makes of the same batch.
  void theBytesAreThoseKafkaWrites() {
    const base::Bytes four = log::fromHex(kFour);
    const auto oddKeys = filter(four, {"k1", "k3"});
    QVERIFY(oddKeys->outcome == Outcome::Rewritten);
    QCOMPARE(oddKeys->recordsRead, 4);
    QCOMPARE(oddKeys->recordsKept, 2);
    QCOMPARE(
        base::toHex(oddKeys->bytes),
        std::string("00000000000000640000004c0000000302d5b20d0300100000000300000000000005dc00000000000006a40000000000"
                    "000007000100000032000000021c000002046b3104763102026802781600900306046b3304763300"));
    const auto withTombstone = filter(four, {"k1", "k2"});
    QCOMPARE(
        base::toHex(withTombstone->bytes),
        std::string("00000000000000640000004b0000000302a24ef6770050000000030000000000001b5800000000000005dc0000000000"
                    "000007000100000032000000021e00f75502046b3104763102026802781200cf5a04046b320100"));
    const auto later = filter(withTombstone->bytes, {"k1"});
    QCOMPARE(
        base::toHex(later->bytes),
        std::string("00000000000000640000004100000003020ea223a40050000000030000000000001b5800000000000005dc0000000000"
                    "000007000100000032000000011e00f75502046b310476310202680278"));
    const auto allKept = filter(four, {"k0", "k1", "k2", "k3"});
    QVERIFY(allKept->outcome == Outcome::Rewritten);
    QCOMPARE(
        base::toHex(allKept->bytes),
        std::string("0000000000000064000000630000000302cc84fd830050000000030000000000001b5800000000000006a40000000000"
                    "000007000100000032000000041600df5d00046b30047630001e00f75502046b3104763102026802781200cf5a0404"
                    "6b3201001600e75206046b3304763300"));
    const auto empty = filter(four, {}, BatchRetention::RetainEmpty);
    QCOMPARE(
        base::toHex(empty->bytes),
        std::string("00000000000000640000003100000003024d39958a001000000003ffffffffffffffff00000000000006a40000000000"
                    "00000700010000003200000000"));
    const auto emptyOfHorizon = filter(withTombstone->bytes, {}, BatchRetention::RetainEmpty);
    QCOMPARE(
        base::toHex(emptyOfHorizon->bytes),
        std::string("0000000000000064000000310000000302dde570c2001000000003ffffffffffffffff00000000000005dc0000000000"
                    "00000700010000003200000000"));
  }

  void theBrokersTimeStaysThatOfTheBatch() {
    const base::Bytes batch = log::fromHex(
        "00000000000000640000006200000003 02a397a37800180000000300000000000003e80000000000000fa00000000000000007000100"
        "0000320000000414000000046b30047630001e00e80702046b3104763102026802781200900304046b3201001600f80a06046b33047633"
        "00");
    QCOMPARE(
        base::toHex(filter(batch, {"k1", "k2"})->bytes),
        std::string("00000000000000640000004b0000000302ecd174380058000000030000000000001b580000000000000fa00000000000"
                    "000007000100000032000000021e00ef2e02046b3104763102026802781200ef2e04046b320100"));
    QCOMPARE(
        base::toHex(filter(batch, {"k3"})->bytes),
        std::string("00000000000000640000003c0000000302d31e8d520018000000030000000000000fa00000000000000fa00000000000"
                    "0000070001000000320000000114000006046b3304763300"));
  }

  void everyCodecIsKept() {
    for (const Compression codec :
         {Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd}) {
      const base::Bytes batch = log::makeBatch({.count = 4, .timestamp = 1000, .compression = codec, .baseOffset = 10});
      const auto filtered = filter(batch, {"k1", "k3"});
      QVERIFY(log::scanBatch(filtered->bytes, true).header.compression() == codec);
      QCOMPARE(told(filtered->bytes), std::string("10-13 max 1003: 11=k1@1001 13=k3@1003"));
      const auto emptied = filter(batch, {}, BatchRetention::RetainEmpty);
      QVERIFY(log::scanBatch(emptied->bytes, true).header.compression() == Compression::None);
      QCOMPARE(told(emptied->bytes), std::string("10-13 max 1003:"));
      // And what is empty already can be read and filtered again.
      QCOMPARE(base::toHex(filter(emptied->bytes, {}, BatchRetention::RetainEmpty)->bytes),
               base::toHex(emptied->bytes));
      QVERIFY(filter(emptied->bytes, {})->outcome == Outcome::Removed);
    }
  }

  void nothingLostNothingChanged() {
    const base::Bytes batch = log::makeBatch({.count = 3, .compression = Compression::Gzip});
    const auto filtered = filter(batch, {"k0", "k1", "k2"});
    QVERIFY(filtered->outcome == Outcome::Unchanged);
    QCOMPARE(filtered->recordsKept, 3);
  }

  void aBatchWithoutRecordsGoes() {
    const base::Bytes batch = log::makeBatch({.count = 3});
    const auto emptied = filter(batch, {});
    QVERIFY(emptied->outcome == Outcome::Removed);
    QCOMPARE(emptied->recordsRead, 3);
    const auto unread = filter(batch, {"k1"}, BatchRetention::Delete);
    QVERIFY(unread->outcome == Outcome::Removed);
    QCOMPARE(unread->recordsRead, 0);
  }

  /// The horizon is set once: tombstones that stay for another round do not live longer for it.
  void theDeleteHorizonIsSetOnce() {
    const auto first = filter(log::fromHex(kFour), {"k1", "k2", "k3"});
    QCOMPARE(told(first->bytes), std::string("100-103 max 1700 horizon 7000: 101=k1@1500h 102=k2@1200x 103=k3@1700"));
    log::BatchFilter later;
    later.newDeleteHorizonMs = 99'000;
    later.retains = [](const log::RecordView& record) { return record.offset != 103; };
    const auto second = log::filterBatch(first->bytes, log::scanBatch(first->bytes, true).header, later);
    QCOMPARE(told(second->bytes), std::string("100-103 max 1500 horizon 7000: 101=k1@1500h 102=k2@1200x"));
    later.retains = [](const log::RecordView&) { return true; };
    QVERIFY(log::filterBatch(first->bytes, log::scanBatch(first->bytes, true).header, later)->outcome ==
            Outcome::Unchanged);
  }

  void aMarkerOfAnEmptyTransactionGetsAHorizon() {
    const base::Bytes batch = log::makeBatch({.timestamp = 1000, .isControl = true, .isTransactional = true});
    const auto filtered = filter(batch, {"k0"}, BatchRetention::DeleteEmpty, true);
    QCOMPARE(told(filtered->bytes), std::string("0-0 max 1000 horizon 7000: 0=k0@1000"));
    QVERIFY(log::scanBatch(filtered->bytes, true).header.isControl());
  }

  void damagedRecordsAreRefused() {
    base::Bytes batch = log::makeBatch({.count = 3, .compression = Compression::Gzip});
    batch[log::batch_layout::kRecords + 12] ^= 0xff;
    QVERIFY(!filter(batch, {"k1"}).has_value());
  }
};

STREAMSCOPE_TEST(RecordFilterTest);
#include "record_filter_test.moc"
