#include "trace_tally.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using lab::RateWindow;
using lab::TraceTally;

namespace {
base::VirtualTime at(int64_t ms) {
  return base::VirtualTime(std::chrono::milliseconds(ms));
}
}  // namespace

class TraceTallyTest : public QObject {
  Q_OBJECT
 private slots:
  void aRateIsWhatHappenedInTheLastSecond() {
    RateWindow window;
    for (int64_t ms = 0; ms < 3000; ms += 20) window.add(at(ms), 1);
    QCOMPARE(window.perSecond(at(2999)), 50.0);
    QCOMPARE(window.perSecond(at(3000)), 50.0);
    QCOMPARE(window.perSecond(at(3499)), 30.0);
    QCOMPARE(window.perSecond(at(5000)), 0.0);
  }

  void aPauseLeavesNothingBehind() {
    RateWindow window;
    window.add(at(0), 100);
    window.add(at(60'000), 3);
    QCOMPARE(window.perSecond(at(60'050)), 0.0);
    QCOMPARE(window.perSecond(at(60'150)), 3.0);
  }

  void countsLeadersAppendsOnceAndNotKafkasOwnTopics() {
    TraceTally tally;
    const auto append = [&](const char* topic, bool asLeader) {
      tally.add({1, 0, at(0), world::RecordsAppended{world::brokerAddress(1), {topic, 0}, 10, 14, 500, 0, asLeader}});
    };
    append("orders", true);
    append("orders", false);
    append("__consumer_offsets", true);
    QCOMPARE(tally.counters().recordsProduced, int64_t{5});
    QCOMPARE(tally.counters().bytesIn, int64_t{500});
  }

  void knowsSinceWhenANodeIsAsItIs() {
    TraceTally tally;
    tally.add({1, 0, at(5), world::NodeStarted{world::brokerAddress(2)}});
    tally.add({2, 0, at(9), world::BrokerFenced{world::brokerAddress(2), "silent"}});
    QCOMPARE(tally.conditionSince(world::brokerAddress(2)), at(9));
    QCOMPARE(tally.conditionSince(world::brokerAddress(1)), at(0));
    tally.add({3, 0, at(20), world::NodeStopped{world::brokerAddress(2), world::NodeStopped::Manner::Killed}});
    tally.add({4, 0, at(29), world::BrokerFenced{world::brokerAddress(2), "silent"}});
    QCOMPARE(tally.conditionSince(world::brokerAddress(2)), at(20));
    tally.add({5, 0, at(40), world::LogDirectoryFailed{world::brokerAddress(3), "I/O error"}});
    tally.add({6, 0, at(49), world::BrokerFenced{world::brokerAddress(3), "silent"}});
    QCOMPARE(tally.conditionSince(world::brokerAddress(3)), at(40));
  }
};

STREAMSCOPE_TEST(TraceTallyTest);
#include "trace_tally_test.moc"
