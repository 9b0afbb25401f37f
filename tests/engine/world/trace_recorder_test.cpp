// What subscribers of a world's trace see.

#include <QTest>

#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;

class TraceRecorderTest : public QObject {
  Q_OBJECT
 private slots:
  void idsGoOnWithoutSubscribers() {
    World world{WorldConfig{}};
    QCOMPARE(world.trace().record(BrokerUnfenced{}), EventId{1});
    std::vector<EventId> seen;
    const uint64_t handle = world.subscribe([&](const TraceEvent& event) { seen.push_back(event.id); });
    QCOMPARE(world.trace().record(BrokerUnfenced{}), EventId{2});
    world.unsubscribe(handle);
    world.unsubscribe(handle);
    world.trace().record(BrokerUnfenced{});
    QVERIFY((seen == std::vector<EventId>{2}));
    QCOMPARE(world.lastEvent(), EventId{3});
  }

  void whatASubscriberRecordsComesAfterForEverybody() {
    World world{WorldConfig{}};
    std::vector<EventId> first, second;
    world.subscribe([&](const TraceEvent& event) {
      first.push_back(event.id);
      if (event.id == 1) world.trace().record(BrokerUnfenced{});
    });
    world.subscribe([&](const TraceEvent& event) { second.push_back(event.id); });
    world.trace().record(BrokerUnfenced{});
    QVERIFY((first == std::vector<EventId>{1, 2}));
    QVERIFY((second == std::vector<EventId>{1, 2}));
  }

  void subscribersMayComeAndGoWhileTheyAreCalled() {
    World world{WorldConfig{}};
    int once = 0, late = 0;
    uint64_t handle = 0;
    handle = world.subscribe([&](const TraceEvent&) {
      ++once;
      world.unsubscribe(handle);
      for (int i = 0; i < 100; ++i) world.subscribe([&](const TraceEvent&) { ++late; });
    });
    world.trace().record(BrokerUnfenced{});
    world.trace().record(BrokerUnfenced{});
    QCOMPARE(once, 1);
    QVERIFY(late >= 100);
  }
};

STREAMSCOPE_TEST(TraceRecorderTest);
#include "trace_recorder_test.moc"
