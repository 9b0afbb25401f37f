#include "base/crc32c.h"

#include <QTest>

#include "base/random.h"
#include "support/test_registry.h"

using namespace streamscope;

class Crc32cTest : public QObject {
  Q_OBJECT
 private slots:
  void checkValueOfTheStandard() {
    QCOMPARE(base::crc32c(base::asBytes("123456789")), 0xE3069283u);
    QCOMPARE(base::crc32cPortable(base::asBytes("123456789")), 0xE3069283u);
    QCOMPARE(base::crc32c({}), 0u);
  }

  void bothImplementationsAgreeAtEveryLength() {
    base::Random random(7);
    base::Bytes bytes;
    for (int length = 0; length < 600; ++length) {
      QCOMPARE(base::crc32c(bytes), base::crc32cPortable(bytes));
      bytes.push_back(static_cast<uint8_t>(random.below(256)));
    }
  }

  void bothImplementationsAgreeOnLongRuns() {
    base::Random random(8);
    base::Bytes bytes;
    // Around one, two and three times the length the fast one works through at once, and unaligned.
    while (bytes.size() < 10'000) bytes.push_back(static_cast<uint8_t>(random.below(256)));
    for (size_t length = 1000; length < bytes.size(); length += 509)
      for (size_t begin : {0u, 1u, 7u}) {
        const auto part = base::ByteView(bytes).subspan(begin, length - begin);
        QCOMPARE(base::crc32c(part), base::crc32cPortable(part));
      }
  }
};

STREAMSCOPE_TEST(Crc32cTest);
#include "crc32c_test.moc"
