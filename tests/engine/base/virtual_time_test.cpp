#include "base/virtual_time.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

class VirtualTimeTest : public QObject {
  Q_OBJECT
 private slots:
  void textShowsHoursToMilliseconds() {
    QCOMPARE(base::formatVirtualTime(base::VirtualTime(83s + 456ms + 999us)), std::string("00:01:23.456"));
    QCOMPARE(base::formatVirtualTime(base::VirtualTime(101h)), std::string("101:00:00.000"));
  }
};

STREAMSCOPE_TEST(VirtualTimeTest);
#include "virtual_time_test.moc"
