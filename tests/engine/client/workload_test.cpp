#include "workload.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using client::Workload;

class WorkloadTest : public QObject {
  Q_OBJECT
 private slots:
  void recordsAreEvenlyTimed() {
    Workload workload({3, 50, 0, 0}, base::VirtualTime{});
    std::vector<int64_t> due;
    for (int i = 0; i < 4; ++i) {
      due.push_back(base::microseconds(workload.nextDue()));
      workload.advance();
    }
    QVERIFY(due == (std::vector<int64_t>{0, 333'333, 666'666, 1'000'000}));
  }

  void anHourAtAnOddRateDriftsNotByAMicrosecond() {
    Workload workload({7, 50, 0, 0}, base::VirtualTime{});
    for (int i = 0; i < 7 * 3600; ++i) workload.advance();
    QCOMPARE(base::microseconds(workload.nextDue()), int64_t{3'600'000'000});
  }

  void highRatesTickEveryTenMilliseconds() {
    Workload fast({100'000, 50, 0, 0}, base::VirtualTime{});
    QCOMPARE(base::microseconds(fast.nextTick()), int64_t{10'000});
    Workload slow({10, 50, 0, 0}, base::VirtualTime{});
    QCOMPARE(base::microseconds(slow.nextTick()), int64_t{0});
  }

  void aRecordIsReadableTextOfTheWantedSize() {
    base::Random random(1);
    Workload workload({10, 120, 3, 0}, base::VirtualTime{});
    workload.advance();
    const std::string value = workload.value(random);
    QCOMPARE(value.size(), size_t{120});
    QVERIFY2(value.starts_with(R"({"order":1,"item":")"), value.c_str());
    QVERIFY(value.ends_with(R"(."})"));
    QCOMPARE(workload.key().value(), std::string("key-1"));
    Workload tiny({10, 5, 0, 0}, base::VirtualTime{});
    QCOMPARE(tiny.value(random).size(), size_t{5});
    QVERIFY(!tiny.key().has_value());
  }

  void endsAfterItsLastRecord() {
    Workload workload({10, 5, 0, 2}, base::VirtualTime{});
    QVERIFY(!workload.isFinished());
    workload.advance();
    workload.advance();
    QVERIFY(workload.isFinished());
  }

  void aBlockedApplicationDoesNotHurryAfterwards() {
    Workload workload({10, 5, 0, 0}, base::VirtualTime{});
    workload.advance();
    const base::VirtualTime later(std::chrono::seconds(60));
    workload.restartAt(later);
    QCOMPARE(workload.nextDue(), later);
    workload.advance();
    QCOMPARE(base::microseconds(workload.nextDue()), int64_t{60'100'000});
  }
};

STREAMSCOPE_TEST(WorkloadTest);
#include "workload_test.moc"
