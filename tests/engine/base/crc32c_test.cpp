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
};

STREAMSCOPE_TEST(Crc32cTest);
#include "crc32c_test.moc"
