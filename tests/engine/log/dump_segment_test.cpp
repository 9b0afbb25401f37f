#include "log/dump_segment.h"

#include <QTest>

#include "base/crc32c.h"
#include "compression.h"
#include "dump_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::LogFixture;
using log::makeBatch;

namespace {

const std::string kFile = "00000000000000000000.log";

bool goOn(const log::DumpedBatch&) {
  return true;
}

/// Batches of two records each, one after the other.
base::Bytes batches(int count, log::Compression compression = log::Compression::None) {
  base::Bytes bytes;
  for (int i = 0; i < count; ++i) {
    const base::Bytes batch = makeBatch({.count = 2, .compression = compression, .baseOffset = 2 * i});
    bytes.insert(bytes.end(), batch.begin(), batch.end());
  }
  return bytes;
}

struct Outcome {
  log::SegmentDump dump;
  std::vector<log::DumpedBatch> batches;
};

Outcome dumped(base::ByteView bytes, const log::SegmentDumpOptions& options = {}) {
  storage::MemoryStorage storage;
  log::writeFile(storage, kFile, bytes);
  Outcome outcome;
  outcome.dump = *log::dumpSegment(storage, kFile, options, [&](const log::DumpedBatch& batch) {
    outcome.batches.push_back(batch);
    return true;
  });
  return outcome;
}

std::string textOf(base::ByteView bytes, const log::DumpedField& field) {
  return std::string(base::asText(bytes.subspan(field.begin, field.end - field.begin)));
}

}  // namespace

class DumpSegmentTest : public QObject {
  Q_OBJECT
 private slots:
  void everySegmentOfALogIsReadWhole() {
    LogFixture fixture;
    log::fillForDump(fixture);
    uint64_t batchCount = 0;
    base::Offset end = 0;
    const auto files = log::filesIn(fixture.memory, "");
    for (const auto& path : *files) {
      if (log::fileKindOf(path) != log::FileKind::Segment) continue;
      const auto dump = log::dumpSegment(fixture.memory, path, {.withRecords = true}, [&](const auto& batch) {
        const bool isExpected = batch.isChecksumValid && batch.records.size() == 2 && batch.header.baseOffset == end;
        end = batch.header.nextOffset();
        return isExpected;
      });
      QVERIFY(dump->problems.empty());
      QCOMPARE(dump->offsetGapCount, uint64_t{0});
      batchCount += dump->batchCount;
    }
    QCOMPARE(batchCount, uint64_t{30});
    QCOMPARE(end, 60);
  }

  void headerFieldsCoverTheHeader() {
    const auto fields = log::headerFields(1000);
    QCOMPARE(fields.size(), size_t{13});
    uint64_t at = 1000;
    for (const auto& field : fields) {
      QCOMPARE(field.begin, at);
      at = field.end;
    }
    QCOMPARE(at, uint64_t{1061});
    QCOMPARE(std::string(fields[4].name), std::string("crc"));
  }

  /// The fields of the records cover every byte behind the header, in the file or in the decompressed records.
  void recordFieldsCoverTheRecords_data() {
    QTest::addColumn<int>("codec");
    QTest::newRow("none") << 0;
    QTest::newRow("gzip") << 1;
    QTest::newRow("zstd") << 4;
  }
  void recordFieldsCoverTheRecords() {
    QFETCH(int, codec);
    log::RecordBatchBuilder::Options options;
    options.compression = static_cast<log::Compression>(codec);
    log::RecordBatchBuilder builder(options);
    builder.append(log::kTestTime, base::asBytes("key"), std::nullopt, {{"first", std::nullopt}, {"second", {{'x'}}}});
    builder.append(log::kTestTime + 300, std::nullopt, base::asBytes("value"));
    base::Bytes file = batches(1);
    const uint64_t begin = file.size();
    const base::Bytes batch = builder.build();
    file.insert(file.end(), batch.begin(), batch.end());
    const Outcome outcome = dumped(file, {.withRecords = true, .withRecordFields = true});
    const log::DumpedBatch& second = outcome.batches.at(1);
    QCOMPARE(second.areRecordFieldsInFile, codec == 0);
    base::Bytes block = file;
    uint64_t at = begin + log::batch_layout::kRecords;
    if (codec != 0) {
      block = *log::decompress(options.compression, base::ByteView(batch).subspan(log::batch_layout::kRecords));
      at = 0;
    }
    std::string names;
    for (const log::DumpedRecord& record : second.records) {
      for (const log::DumpedField& field : record.fields) {
        QCOMPARE(field.begin, at);
        at = field.end;
        names += std::string(field.name) + ' ';
      }
      names += "| ";
    }
    QCOMPARE(at, uint64_t{block.size()});
    QCOMPARE(names,
             std::string("length attributes timestampDelta offsetDelta keyLength key valueLength headerCount "
                         "headerKeyLength headerKey headerValueLength headerKeyLength headerKey "
                         "headerValueLength headerValue | length attributes timestampDelta offsetDelta keyLength "
                         "valueLength value headerCount | "));
    QCOMPARE(textOf(block, second.records[0].fields[5]), std::string("key"));
    QCOMPARE(textOf(block, second.records[0].fields[12]), std::string("second"));
    QCOMPARE(textOf(block, second.records[1].fields[6]), std::string("value"));
  }

  void aTornTailIsToldFromDamage() {
    const base::Bytes whole = batches(5);
    const uint64_t size = whole.size() / 5;
    base::Bytes torn = whole;
    torn.resize(whole.size() - 10);
    QCOMPARE(log::shown(dumped(torn).dump.problems), "torn tail@" + std::to_string(4 * size));
    base::Bytes lastBad = whole;
    lastBad[4 * size + 70] ^= 1;
    QCOMPARE(log::shown(dumped(lastBad).dump.problems), "torn tail@" + std::to_string(4 * size));
    base::Bytes middleBad = whole;
    middleBad[size + 70] ^= 1;
    const Outcome middle = dumped(middleBad);
    QCOMPARE(log::shown(middle.dump.problems), "damage@" + std::to_string(size));
    QCOMPARE(middle.dump.batchCount, uint64_t{5});
    QCOMPARE(middle.dump.endOffset, 10);
    QCOMPARE(middle.dump.offsetGapCount, uint64_t{1});
  }

  /// Whatever byte of the second batch is wrong, the third is found again and nothing is called a torn tail.
  void readingGoesOnBehindDamage() {
    const base::Bytes whole = batches(5);
    const size_t size = whole.size() / 5;
    for (size_t at = size; at < 2 * size; ++at) {
      base::Bytes damaged = whole;
      damaged[at] ^= 0x40;
      const Outcome outcome = dumped(damaged, {.withRecords = true});
      const QByteArray where = QByteArray::number(static_cast<int>(at));
      const size_t inBatch = at - size;
      // The checksum covers neither the base offset nor the leader epoch.
      const bool isCovered = inBatch >= log::batch_layout::kMagic || (inBatch >= 8 && inBatch < 12);
      QVERIFY2(!isCovered || !outcome.dump.problems.empty(), where.constData());
      for (const log::DumpProblem& problem : outcome.dump.problems)
        QVERIFY2(problem.kind == log::ProblemKind::Damage, where.constData());
      QVERIFY2(!outcome.batches.empty() && outcome.batches.back().header.baseOffset == 8, where.constData());
      QVERIFY2(outcome.batches.back().isChecksumValid, where.constData());
      size_t good = 0;
      for (const log::DumpedBatch& batch : outcome.batches) good += batch.isChecksumValid ? 1 : 0;
      QVERIFY2(good >= 4, where.constData());
    }
  }

  void zerosBehindTheLastBatchAreNoProblem() {
    base::Bytes bytes = batches(2);
    const size_t end = bytes.size();
    bytes.resize(end + 5000);
    const Outcome padded = dumped(bytes);
    QVERIFY(padded.dump.problems.empty());
    QCOMPARE(padded.dump.paddingBytes, uint64_t{5000});
    bytes.back() = 1;
    QCOMPARE(log::shown(dumped(bytes).dump.problems), "torn tail@" + std::to_string(end));
    bytes.resize(end);
    const base::Bytes next = makeBatch({.count = 2, .baseOffset = 4});
    bytes.resize(end + 300);
    bytes.insert(bytes.end(), next.begin(), next.end());
    const Outcome hole = dumped(bytes);
    QCOMPARE(log::shown(hole.dump.problems), "damage@" + std::to_string(end));
    QCOMPARE(hole.dump.batchCount, uint64_t{3});
  }

  void noMoreThanAskedForIsRead() {
    const base::Bytes whole = batches(5);
    const uint64_t size = whole.size() / 5;
    QCOMPARE(dumped(whole, {.bytesMax = 2 * size}).dump.batchCount, uint64_t{2});
    QCOMPARE(dumped(whole, {.bytesMax = 2 * size + 1}).dump.batchCount, uint64_t{3});
    int seen = 0;
    storage::MemoryStorage storage;
    log::writeFile(storage, kFile, whole);
    QVERIFY(log::dumpSegment(storage, kFile, {}, [&](const auto&) { return ++seen < 2; }).has_value());
    QCOMPARE(seen, 2);
    QVERIFY(!log::dumpSegment(storage, "nothing", {}, goOn).has_value());
  }

  void recordsThatCannotBeReadAreTold() {
    log::RecordBatchBuilder::Options options;
    options.compression = log::Compression::Gzip;
    log::RecordBatchBuilder builder(options);
    builder.append(log::kTestTime, std::nullopt, base::asBytes("value"));
    base::Bytes batch = builder.build();
    // A codec that is none of Kafka's, with the checksum that belongs to it.
    batch[log::batch_layout::kAttributes + 1] = 6;
    const uint32_t crc = base::crc32c(base::ByteView(batch).subspan(log::batch_layout::kAttributes));
    for (size_t i = 0; i < 4; ++i) batch[log::batch_layout::kCrc + i] = static_cast<uint8_t>(crc >> (24 - 8 * i));
    const Outcome outcome = dumped(batch, {.withRecords = true});
    QCOMPARE(log::shown(outcome.dump.problems), std::string("damage@0"));
    QVERIFY(outcome.batches[0].isChecksumValid && outcome.batches[0].recordProblem);
  }
};

STREAMSCOPE_TEST(DumpSegmentTest);
#include "dump_segment_test.moc"
