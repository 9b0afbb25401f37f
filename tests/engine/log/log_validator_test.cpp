#include "log_validator.h"

#include <QTest>
#include <functional>

#include "base/crc32c.h"
#include "batches.h"
#include "compression.h"
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

constexpr Compression kCodecs[] = {Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4,
                                   Compression::Zstd};

/// Three records, the second with the offset of the first.
base::Bytes withRepeatedOffset(Compression codec) {
  // The second record's offset delta, after its length, attributes and timestamp delta.
  const base::Bytes plain = changed([](base::Bytes& b) {
    const size_t first = layout::kRecords;
    b[first + 1 + b[first] / 2 + 3] = 0;
  });
  if (codec == Compression::None) return plain;
  const base::Bytes packed = log::compress(codec, base::ByteView(plain).subspan(layout::kRecords));
  return changed([&](base::Bytes& b) {
    b.resize(layout::kRecords);
    b.insert(b.end(), packed.begin(), packed.end());
    b[layout::kAttributes + 1] = static_cast<uint8_t>(codec);
    b[layout::kBatchLength + 3] = static_cast<uint8_t>(b.size() - layout::kLogOverhead);
  });
}

/// Five records, the second and fourth without a key.
base::Bytes withoutSomeKeys() {
  log::RecordBatchBuilder builder({});
  for (int i = 0; i < 5; ++i) {
    std::optional<base::ByteView> key;
    if (i % 2 == 0) key = base::asBytes("key");
    builder.append(kTestTime, key, base::asBytes("value"));
  }
  return builder.build();
}

std::vector<std::string> recordsOf(const log::ValidatedBatches& batches) {
  std::vector<std::string> records;
  const auto read = log::forEachRecord(batches.bytes.view(), [&](const log::RecordView& record) {
    records.push_back(std::to_string(record.offset) + ' ' + std::string(base::asText(record.key.value())));
    return true;
  });
  if (!read) records.push_back(read.error().message);
  return records;
}

struct Fixture {
  log::LogConfig config;
  std::string name = "orders-0";

  base::Result<log::ValidatedBatches> validate(const base::Bytes& bytes,
                                               std::vector<log::RecordError>* errors = nullptr) const {
    return log::LogValidator(config, name).validateClientBatch(bytes, 100, 7, kTestTime + 1000, errors);
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
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kMagic] = 1; })), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kMagic] = 3; })), ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[7] = 1; })), ErrorCode::INVALID_RECORD);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[0] = 0xff; })), ErrorCode::INVALID_RECORD);
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
             ErrorCode::UNKNOWN_SERVER_ERROR);
    QCOMPARE(fixture.code(changed([](base::Bytes& b) { b[layout::kAttributes + 1] |= 1; })),
             ErrorCode::UNKNOWN_SERVER_ERROR);
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

  /// Kafka looks at them only where a batch is compressed, and then cannot renumber them.
  void offsetsInsideCountWhereBatchesAreCompressed() {
    QCOMPARE(Fixture().code(withRepeatedOffset(Compression::None)), ErrorCode::NONE);
    QCOMPARE(Fixture().code(withRepeatedOffset(Compression::Lz4)), ErrorCode::UNKNOWN_SERVER_ERROR);
    Fixture recompressing;
    recompressing.config.compressionType = Compression::Zstd;
    const auto validated = recompressing.validate(withRepeatedOffset(Compression::Lz4));
    QVERIFY(validated.has_value());
    QCOMPARE(recordsOf(*validated), (std::vector<std::string>{"100 k0", "101 k1", "102 k2"}));
  }

  void aBatchIsCompressedAsTheTopicWants() {
    for (const Compression from : kCodecs) {
      for (const Compression to : kCodecs) {
        Fixture fixture;
        fixture.config.compressionType = to;
        const base::Bytes batch = log::makeBatch({.count = 3,
                                                  .valueSize = 500,
                                                  .compression = from,
                                                  .producerId = 7,
                                                  .producerEpoch = 2,
                                                  .baseSequence = 40,
                                                  .isTransactional = true});
        const auto validated = fixture.validate(batch);
        QVERIFY(validated.has_value());
        const log::BatchScan scan = log::scanBatch(validated->bytes.view(), true);
        QVERIFY(scan.end == log::BatchEnd::Complete);
        QCOMPARE(scan.header.sizeInBytes, validated->bytes.size());
        QVERIFY(scan.header.compression() == to && validated->headers[0].compression() == to);
        QCOMPARE(scan.header.baseOffset, 100);
        QCOMPARE(scan.header.partitionLeaderEpoch, 7);
        QCOMPARE(scan.header.producerId, 7);
        QCOMPARE(scan.header.producerEpoch, 2);
        QCOMPARE(scan.header.baseSequence, 40);
        QVERIFY(scan.header.isTransactional());
        QCOMPARE(scan.header.maxTimestamp, kTestTime + 2);
        QCOMPARE(recordsOf(*validated), (std::vector<std::string>{"100 k0", "101 k1", "102 k2"}));
        // Who has it right already keeps the very bytes.
        if (from == to) QVERIFY(std::equal(batch.begin() + 16, batch.end(), validated->bytes.data() + 16));
      }
    }
  }

  void headersAndNullsOutliveRecompression() {
    log::RecordBatchBuilder builder({});
    builder.append(kTestTime, std::nullopt, base::asBytes("value"), {{"trace", base::Bytes{1, 2}}, {"none", {}}});
    builder.append(kTestTime + 9, base::asBytes("key"), std::nullopt);
    Fixture fixture;
    fixture.config.compressionType = Compression::Gzip;
    fixture.config.logAppendTime = true;
    const auto validated = fixture.validate(builder.build());
    QVERIFY(validated.has_value());
    QVERIFY(log::scanBatch(validated->bytes.view(), true).end == log::BatchEnd::Complete);
    std::vector<std::string> said;
    QVERIFY(log::forEachRecord(validated->bytes.view(), [&](const log::RecordView& record) {
      std::string text = record.key ? "key" : "null";
      text += record.value ? " value" : " null";
      for (const auto& header : record.headers) text += ' ' + std::string(header.key) + (header.value ? "=" : "");
      said.push_back(text + (record.timestamp == kTestTime + 1000 ? " now" : ""));
      return true;
    }));
    QCOMPARE(said, (std::vector<std::string>{"null value trace= none now", "key null now"}));
  }

  void aBatchMayGrowTooLargeByRecompression() {
    Fixture fixture;
    const base::Bytes batch = log::makeBatch({.valueSize = 5000, .compression = Compression::Zstd});
    fixture.config.maxMessageBytes = 1000;
    QCOMPARE(fixture.code(batch), ErrorCode::NONE);
    fixture.config.compressionType = Compression::None;
    QCOMPARE(fixture.code(batch), ErrorCode::MESSAGE_TOO_LARGE);
  }

  void theLevelIsTheTopics() {
    Fixture fixture;
    const base::Bytes batch = log::makeBatch({.count = 200, .valueSize = 300});
    fixture.config.compressionType = Compression::Gzip;
    const auto sizeAt = [&](int32_t level) {
      fixture.config.compressionGzipLevel = level;
      return fixture.validate(batch)->bytes.size();
    };
    QVERIFY(sizeAt(9) < sizeAt(1));
  }

  void compactedTopicsNeedKeys() {
    Fixture fixture;
    for (const auto& target : {std::optional<Compression>(), std::optional(Compression::Lz4)}) {
      fixture.config.compressionType = target;
      fixture.config.cleanupCompact = false;
      QCOMPARE(fixture.code(withoutSomeKeys()), ErrorCode::NONE);
      fixture.config.cleanupCompact = true;
      std::vector<log::RecordError> errors;
      QCOMPARE(fixture.validate(withoutSomeKeys(), &errors).error().code, ErrorCode::INVALID_RECORD);
      QCOMPARE(errors.size(), 2U);
      QCOMPARE(errors[0].batchIndex, 1);
      QCOMPARE(errors[1].batchIndex, 3);
      QVERIFY(!errors[0].message.empty());
    }
  }

  void aBadTimestampOutweighsAMissingKey() {
    Fixture fixture;
    fixture.config.cleanupCompact = true;
    fixture.config.messageTimestampBeforeMaxMs = 1001;
    std::vector<log::RecordError> errors;
    log::RecordBatchBuilder builder({});
    builder.append(kTestTime, base::asBytes("good"), std::nullopt);
    builder.append(kTestTime, std::nullopt, std::nullopt);
    builder.append(kTestTime - 5, base::asBytes("old"), std::nullopt);
    QCOMPARE(fixture.validate(builder.build(), &errors).error().code, ErrorCode::INVALID_TIMESTAMP);
    QCOMPARE(errors.size(), 2U);
    QCOMPARE(errors[0].batchIndex, 1);
    QCOMPARE(errors[1].batchIndex, 2);
  }

  void theTimestampTypeIsTheBrokers() {
    const base::Bytes batch = changed([](base::Bytes& b) { b[layout::kAttributes + 1] |= 8; });
    Fixture fixture;
    const auto validated = fixture.validate(batch);
    QVERIFY(validated.has_value() && !validated->headers[0].isLogAppendTime());
    fixture.config.logAppendTime = true;
    QCOMPARE(fixture.code(batch), ErrorCode::INVALID_TIMESTAMP);
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
