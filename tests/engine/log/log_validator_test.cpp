#include "log_validator.h"

#include <QTest>
#include <functional>

#include "base/crc32c.h"
#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::Compression;
using log::kTestTime;
namespace layout = log::batch_layout;

namespace {

/// A good batch changed by `change`, with a fresh checksum.
base::Bytes changed(const std::function<void(base::Bytes&)>& change, const log::BatchSpec& spec = {.count = 3}) {
  base::Bytes batch = log::makeBatch(spec);
  change(batch);
  const uint32_t crc = base::crc32c(base::ByteView(batch).subspan(layout::kAttributes));
  for (size_t i = 0; i < 4; ++i) batch[layout::kCrc + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
  return batch;
}

struct Fixture {
  log::LogConfig config;
  std::string name = "orders-0";

  base::Result<log::ValidatedBatches> validate(const base::Bytes& bytes) const {
    return log::LogValidator(config, name).validateClientBatch(bytes, 100, 7, kTestTime + 1000);
  }
  ErrorCode code(const base::Bytes& bytes) const {
    const auto result = validate(bytes);
    return result ? ErrorCode::NONE : result.error().code;
  }
};

}  // namespace

class LogValidatorTest : public QObject {
  Q_OBJECT
 private slots:
  void aGoodBatchGetsOffsetAndEpochOnly() {
    for (const Compression codec :
         {Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd}) {
      const base::Bytes batch = log::makeBatch({.count = 5, .compression = codec});
      const auto validated = Fixture().validate(batch);
      QVERIFY(validated.has_value());
      const log::BatchScan scan = log::scanBatch(validated->bytes.view(), true);
      QVERIFY(scan.end == log::BatchEnd::Complete);
      QCOMPARE(scan.header.baseOffset, 100);
      QCOMPARE(scan.header.lastOffset(), 104);
      QCOMPARE(scan.header.partitionLeaderEpoch, 7);
      QVERIFY(std::equal(batch.begin() + 16, batch.end(), validated->bytes.data() + 16));
    }
  }

  /// Kafka's order: what is wrong in several ways is refused for the first reason.
  void refusalsHaveKafkasCodes() {
    Fixture fixture;
    QCOMPARE(fixture.code({}), ErrorCode::INVALID_RECORD);
    base::Bytes half = log::makeBatch({});
    half.pop_back();
    QCOMPARE(fixture.code(half), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kMagic] = 1; })), ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[7] = 1; })), ErrorCode::INVALID_RECORD);
    base::Bytes wrongCrc = log::makeBatch({});
    wrongCrc.back() ^= 1;
    QCOMPARE(fixture.code(wrongCrc), ErrorCode::CORRUPT_MESSAGE);
    base::Bytes two = log::makeBatch({});
    const base::Bytes second = two;
    two.insert(two.end(), second.begin(), second.end());
    QCOMPARE(fixture.code(two), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kLastOffsetDelta] = 0x80; })),
             ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kLastOffsetDelta + 3] = 3; })),
             ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kRecordCount + 3] = 0; })), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kRecordCount] = 0xff; })), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(log::makeBatch({.isControl = true})), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(log::makeBatch({.producerId = 5, .producerEpoch = 0})), ErrorCode::INVALID_RECORD);
    // Four records counted, three there.
    QCOMPARE(fixture.code(changed([](base::Bytes& b) {
      b[layout::kLastOffsetDelta + 3] = 3;
      b[layout::kRecordCount + 3] = 4;
    })),
             ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kAttributes + 1] |= 5; })),
             ErrorCode::UNSUPPORTED_COMPRESSION_TYPE);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kAttributes + 1] |= 1; })),
             ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kAttributes + 1] |= 8; })),
             ErrorCode::INVALID_TIMESTAMP);
  }

  void sizeComesBeforeTheChecksum() {
    Fixture fixture;
    base::Bytes batch = log::makeBatch({});
    fixture.config.maxMessageBytes = static_cast<int32_t>(batch.size());
    QCOMPARE(fixture.code(batch), ErrorCode::NONE);
    fixture.config.maxMessageBytes -= 1;
    batch.back() ^= 1;
    QCOMPARE(fixture.code(batch), ErrorCode::MESSAGE_TOO_LARGE);
  }

  void offsetsInsideMustCount() {
    // The second record's offset delta, after its length, attributes and timestamp delta.
    const base::Bytes batch = changed([](base::Bytes& b) {
      const size_t first = layout::kRecords;
      const size_t second = first + 1 + b[first] / 2;
      b[second + 3] = 6;
    });
    QCOMPARE(Fixture().code(batch), ErrorCode::INVALID_RECORD);
  }

  void timestampsHaveBounds() {
    Fixture fixture;
    fixture.config.messageTimestampBeforeMaxMs = 5000;
    fixture.config.messageTimestampAfterMaxMs = 100;
    const auto at = [&](base::TimestampMs delta) {
      return fixture.code(log::makeBatch({.timestamp = kTestTime + 1000 + delta}));
    };
    QCOMPARE(at(0), ErrorCode::NONE);
    QCOMPARE(at(100), ErrorCode::NONE);
    QCOMPARE(at(101), ErrorCode::INVALID_TIMESTAMP);
    QCOMPARE(at(-5000), ErrorCode::NONE);
    QCOMPARE(at(-5001), ErrorCode::INVALID_TIMESTAMP);
    QCOMPARE(fixture.code(log::makeBatch({.timestamp = -1})), ErrorCode::NONE);
    // The broker's own time needs no bounds.
    fixture.config.logAppendTime = true;
    QCOMPARE(at(101), ErrorCode::NONE);
  }

  /// A client that says a wrong largest timestamp gets the right one, and a new checksum.
  void theLargestTimestampIsCorrected() {
    const base::Bytes batch = changed([](base::Bytes& b) { b[layout::kMaxTimestamp + 7] ^= 0x40; });
    const auto validated = Fixture().validate(batch);
    QVERIFY(validated.has_value());
    const log::BatchScan scan = log::scanBatch(validated->bytes.view(), true);
    QVERIFY(scan.end == log::BatchEnd::Complete);
    QCOMPARE(scan.header.maxTimestamp, kTestTime + 2);
  }

  void everyFlippedBitIsRefusedOrHarmless() {
    const base::Bytes batch = log::makeBatch({.count = 2, .valueSize = 3});
    for (size_t bit = 0; bit < batch.size() * 8; ++bit) {
      const base::Bytes damaged = changed([&](base::Bytes& b) { b[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8)); },
                                          {.count = 2, .valueSize = 3});
      const auto result = Fixture().validate(damaged);
      if (result)
        QVERIFY(log::scanBatch(result->bytes.view(), true).end == log::BatchEnd::Complete);
      else
        QVERIFY(!result.error().message.empty());
    }
  }
};

STREAMSCOPE_TEST(LogValidatorTest);
#include "log_validator_test.moc"
