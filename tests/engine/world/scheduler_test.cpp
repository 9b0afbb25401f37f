#include "world/scheduler.h"

#include <QTest>
#include <algorithm>
#include <memory>
#include <vector>

#include "base/random.h"
#include "support/test_registry.h"

using namespace streamscope;
using world::Scheduler;

namespace {

base::VirtualTime at(int64_t us) {
  return base::VirtualTime(base::Duration(us));
}

}  // namespace

class SchedulerTest : public QObject {
  Q_OBJECT
 private slots:
  void runsInOrderOfTimeThenOfScheduling() {
    std::vector<std::pair<int64_t, int>> ran;
    Scheduler scheduler;
    int i = 0;
    for (const int64_t due : {5, 3, 5, 1, 3})
      scheduler.schedule(at(due),
                         [&ran, &scheduler, n = i++] { ran.emplace_back(base::microseconds(scheduler.now()), n); });
    while (scheduler.runNext()) {
    }
    const std::vector<std::pair<int64_t, int>> expected{{1, 3}, {3, 1}, {3, 4}, {5, 0}, {5, 2}};
    QVERIFY(ran == expected);
    QCOMPARE(scheduler.eventsRun(), uint64_t{5});
    QCOMPARE(scheduler.nextDue(), base::kVirtualTimeMax);
  }

  void manyEventsComeOutSorted() {
    Scheduler scheduler;
    base::Random random(7);
    std::vector<std::pair<int64_t, int>> ran;
    std::vector<std::pair<int64_t, int>> expected;
    std::vector<Scheduler::EventHandle> handles;
    for (int i = 0; i < 20'000; ++i) {
      const auto due = static_cast<int64_t>(random.below(500));
      handles.push_back(scheduler.schedule(at(due), [&ran, due, i] { ran.emplace_back(due, i); }));
      expected.emplace_back(due, i);
    }
    // Most are cancelled again, so that the heap is swept on the way.
    std::vector<std::pair<int64_t, int>> kept;
    for (size_t i = 0; i < handles.size(); ++i) {
      if (random.chance(9, 10))
        QVERIFY(scheduler.cancel(handles[i]));
      else
        kept.push_back(expected[i]);
    }
    QCOMPARE(scheduler.pending(), kept.size());
    std::sort(kept.begin(), kept.end());
    while (scheduler.runNext()) {
    }
    QVERIFY(ran == kept);
  }

  void aCancelledEventNeverRunsAndGivesItsCallbackBack() {
    Scheduler scheduler;
    const auto held = std::make_shared<int>(1);
    bool ran = false;
    const auto handle = scheduler.schedule(at(10), [held, &ran] { ran = true; });
    QCOMPARE(held.use_count(), 2L);
    QVERIFY(scheduler.cancel(handle));
    QCOMPARE(held.use_count(), 1L);
    QVERIFY(!scheduler.cancel(handle));
    QCOMPARE(scheduler.nextDue(), base::kVirtualTimeMax);
    QVERIFY(!scheduler.runNext());
    QVERIFY(!ran);
  }

  void anOldHandleDoesNotCancelTheSlotsNextEvent() {
    Scheduler scheduler;
    const auto first = scheduler.schedule(at(1), [] {});
    scheduler.runNext();
    bool ran = false;
    scheduler.schedule(at(2), [&ran] { ran = true; });
    QVERIFY(!scheduler.cancel(first));
    scheduler.runNext();
    QVERIFY(ran);
  }

  void eventsMayScheduleAndCancelOthers() {
    Scheduler scheduler;
    std::vector<int> order;
    const auto victim = scheduler.schedule(at(2), [&order] { order.push_back(99); });
    scheduler.schedule(at(1), [&] {
      order.push_back(1);
      scheduler.cancel(victim);
      scheduler.schedule(at(1), [&order] { order.push_back(2); });
    });
    while (scheduler.runNext()) {
    }
    QVERIFY((order == std::vector<int>{1, 2}));
    QCOMPARE(scheduler.now(), at(1));
  }

  void theClockMovesWithoutEvents() {
    Scheduler scheduler;
    scheduler.schedule(at(100), [] {});
    scheduler.advanceTo(at(100));
    QCOMPARE(scheduler.now(), at(100));
    QCOMPARE(scheduler.eventsRun(), uint64_t{0});
    QVERIFY(scheduler.runNext());
  }
};

STREAMSCOPE_TEST(SchedulerTest);
#include "scheduler_test.moc"
