#include "record_reader.h"

#include <QTest>

#include "base/byte_writer.h"
#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

/// A batch header in front of `records`, said to be `count`; the checksum is not looked at here.
std::string readingGives(const base::Bytes& records, int32_t count) {
  base::Bytes batch = log::makeBatch();
  batch.resize(log::batch_layout::kRecords);
  batch.insert(batch.end(), records.begin(), records.end());
  log::BatchHeader header;
  header.sizeInBytes = static_cast<uint32_t>(batch.size());
  header.recordCount = count;
  auto reader = log::RecordReader::open(batch, header);
  if (!reader) return reader.error().message;
  log::RecordView record;
  while (reader->hasNext())
    if (const auto status = reader->next(record, true); !status) return status.error().message;
  const auto status = reader->finish();
  return status ? "fine" : status.error().message;
}

bool mentions(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

class RecordReaderTest : public QObject {
  Q_OBJECT
 private slots:
  void damagedRecordsAreNamed() {
    using log::fromHex;
    // length 8: attributes, timestamp delta, offset delta, key 'k', value 'v', no headers.
    QCOMPARE(readingGives(fromHex("10 00 00 00 026b 0276 00"), 1), std::string("fine"));
    QVERIFY(mentions(readingGives(fromHex(""), 1), "its length is damaged"));
    QVERIFY(mentions(readingGives(fromHex("01"), 1), "its length is damaged"));
    QVERIFY(mentions(readingGives(fromHex("ffffffffffff"), 1), "its length is damaged"));
    QVERIFY(mentions(readingGives(fromHex("12 00 00 00 026b 0276 00"), 1), "beyond the end of the batch"));
    QVERIFY(mentions(readingGives(fromHex("12 00 00 00 026b 0276 00 00"), 1), "more than its fields"));
    QVERIFY(mentions(readingGives(fromHex("10 00 00 00 106b 0276 00"), 1), "a field reaches beyond its end"));
    QVERIFY(mentions(readingGives(fromHex("10 00 00 00 026b 0276 01"), 1), "headers is negative"));
    QVERIFY(mentions(readingGives(fromHex("14 00 00 00 026b 0276 02 01 01"), 1), "a header has no key"));
    QVERIFY(mentions(readingGives(fromHex("10 00 00 00 026b 0276 7e"), 1), "a field reaches beyond its end"));
    QVERIFY(mentions(readingGives(fromHex("10 00 00 00 026b 0276 00"), 0), "8 bytes after its last record") ||
            mentions(readingGives(fromHex("10 00 00 00 026b 0276 00"), 0), "9 bytes after its last record"));
  }

  void hugeCountsEndAtTheFirstMissingRecord() {
    QVERIFY(mentions(readingGives(log::fromHex("10 00 00 00 026b 0276 00"), INT32_MAX), "Record 1 of the batch"));
    QVERIFY(mentions(readingGives(log::fromHex("14 00 00 00 026b 0276 feffffff0f"), 1), "reaches beyond"));
  }

  void hostileDeltasDoNotOverflow() {
    base::ByteWriter record;
    record.writeInt8(0);
    record.writeVarlong(INT64_MIN);
    record.writeVarint(INT32_MIN);
    record.writeVarint(-7);
    record.writeVarint(-1);
    record.writeVarint(0);
    base::ByteWriter records;
    records.writeVarint(static_cast<int32_t>(record.size()));
    records.writeBytes(record.view());
    QCOMPARE(readingGives(records.take(), 1), std::string("fine"));
  }
};

STREAMSCOPE_TEST(RecordReaderTest);
#include "record_reader_test.moc"
