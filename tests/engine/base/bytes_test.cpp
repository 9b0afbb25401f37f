#include <QTest>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "support/test_registry.h"

using namespace streamscope;

class BytesTest : public QObject {
  Q_OBJECT
 private slots:
  void variableLengthIntegersRoundTripAtTheirEdges() {
    const std::vector<int64_t> values{0, -1, 1, 63, -64, 64, 8191, -8192, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    for (const int64_t value : values) {
      base::ByteWriter writer;
      writer.writeVarlong(value);
      QCOMPARE(writer.size(), base::varlongSize(value));
      base::ByteReader reader(writer.view());
      QCOMPARE(reader.readVarlong(), value);
      QVERIFY(!reader.failed());
    }
    for (const int32_t value : {0, -1, 63, 64, INT32_MAX, INT32_MIN}) {
      base::ByteWriter writer;
      writer.writeVarint(value);
      QCOMPARE(writer.size(), base::varintSize(value));
      base::ByteReader reader(writer.view());
      QCOMPARE(reader.readVarint(), value);
    }
  }

  void fixedWidthNumbersAreBigEndian() {
    base::ByteWriter writer;
    writer.writeInt16(-2);
    writer.writeInt32(0x01020304);
    writer.writeInt64(5);
    writer.writeFloat64(1.0);
    QCOMPARE(base::toHex(writer.view()), std::string("fffe0102030400000000000000053ff0000000000000"));
    base::ByteReader reader(writer.view());
    QCOMPARE(reader.readInt16(), int16_t{-2});
    QCOMPARE(reader.readInt32(), 0x01020304);
    QCOMPARE(reader.readInt64(), int64_t{5});
    QCOMPARE(reader.readFloat64(), 1.0);
    QCOMPARE(reader.remaining(), size_t{0});
  }

  void readingPastTheEndFailsAndStaysFailed() {
    const base::Bytes bytes{1, 2, 3};
    base::ByteReader reader(bytes);
    QCOMPARE(reader.readInt32(), 0);
    QVERIFY(reader.failed());
    QCOMPARE(reader.readInt8(), int8_t{0});
  }

  void varintsLongerThanTheirTypeFail() {
    const base::Bytes endless(11, 0xff);
    base::ByteReader unsignedReader(endless);
    unsignedReader.readUnsignedVarint();
    QVERIFY(unsignedReader.failed());
    base::ByteReader longReader(endless);
    longReader.readVarlong();
    QVERIFY(longReader.failed());
  }

  void slicesShareTheirBuffer() {
    const base::SharedBytes whole(base::Bytes{1, 2, 3, 4});
    const base::SharedBytes part = whole.slice(1, 2);
    QCOMPARE(part.data(), whole.data() + 1);
    QCOMPARE(part, base::SharedBytes(base::Bytes{2, 3}));
  }
};

STREAMSCOPE_TEST(BytesTest);
#include "bytes_test.moc"
