// Power fails while an overflowed segment is split, before each storage call of the opening, and each time the disk
// keeps another part of what was not synced; now and then it fails in the next opening too.

#include <QTest>

#include "overflowed_log.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::LogFixture;
using log::OverflowedLog;

namespace {

constexpr uint64_t kWorlds = 32;

/// Whether the opening got that far.
bool openAndFail(LogFixture& fixture, uint64_t call, uint64_t seed) {
  const uint64_t last = fixture.disk.operationCount() + call;
  fixture.disk.stopAtOperation(last);
  const auto ignored = fixture.open();
  static_cast<void>(ignored);
  const bool failed = fixture.disk.operationCount() >= last;
  fixture.disk.stopAtOperation(UINT64_MAX);
  fixture.log.reset();
  fixture.memory.crashLeavingSome(seed);
  return failed;
}

}  // namespace

class SplitCrashTest : public QObject {
  Q_OBJECT
 private slots:
  void aSplitIsDoneOrNotWhateverEndsIt_data() {
    QTest::addColumn<qint64>("recoveryPoint");
    QTest::newRow("all of it is recovered") << qint64{0};
    QTest::newRow("from within the parts on") << qint64{OverflowedLog::kThird};
    QTest::newRow("only the last segment is recovered") << qint64{OverflowedLog::kNext};
  }
  void aSplitIsDoneOrNotWhateverEndsIt() {
    QFETCH(qint64, recoveryPoint);
    uint64_t cases = 0;
    bool isDone = false;
    for (uint64_t call = 0; !isDone; ++call)
      for (uint64_t world = 0; world < kWorlds; ++world, ++cases) {
        LogFixture fixture;
        OverflowedLog::fill(fixture);
        fixture.recoveryPoint = recoveryPoint;
        isDone = !openAndFail(fixture, call, call * kWorlds + world);
        if (world % 4 == 3) openAndFail(fixture, (call * 7 + world) % 90, world);
        const std::string where = "call " + std::to_string(call) + ", world " + std::to_string(world) + ": ";
        const auto opened = fixture.open();
        QVERIFY2(opened.has_value(), (where + (opened ? "" : opened.error().message)).c_str());
        const std::string problem = OverflowedLog::broken(fixture);
        QVERIFY2(problem.empty(), (where + problem).c_str());
      }
    qInfo("%llu cases", static_cast<unsigned long long>(cases));
    QVERIFY(cases > 60 * kWorlds);
  }
};

STREAMSCOPE_TEST(SplitCrashTest);
#include "split_crash_test.moc"
