#include <QTest>

#include "invariants/consumers_stay_below_high_watermark.h"
#include "invariants/high_watermark_never_goes_back.h"
#include "invariants/one_leader_per_epoch.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

namespace {

const base::TopicPartition kOrders{"orders", 0};

world::TraceEvent traceEvent(world::EventPayload payload) {
  return {1, 0, base::VirtualTime{}, std::move(payload)};
}
bool everyTopic(const std::string&) {
  return true;
}
world::TraceEvent leads(base::BrokerId broker, base::LeaderEpoch epoch) {
  return traceEvent(world::LeadershipChanged{world::brokerAddress(broker), kOrders, epoch, true});
}
world::TraceEvent moved(base::Offset from, base::Offset to) {
  return traceEvent(world::HighWatermarkMoved{world::brokerAddress(1), kOrders, from, to});
}

}  // namespace

/// Each invariant must be able to fail, and must not fail on what is allowed.
class InvariantsTest : public QObject {
  Q_OBJECT
 private slots:
  void twoLeadersInOneEpochAreFound() {
    OneLeaderPerEpoch invariant;
    invariant.observe(leads(1, 3));
    invariant.observe(leads(2, 4));
    invariant.observe(leads(1, 3));
    QVERIFY(invariant.violations().empty());
    invariant.observe(leads(2, 3));
    QCOMPARE(invariant.violations().size(), size_t{1});
    QCOMPARE(invariant.violations().at(0).how, std::string("brokers 1 and 2 both lead orders-0 in epoch 3"));
  }

  void anEpochThatGoesBackIsFound() {
    OneLeaderPerEpoch invariant;
    world::PartitionChanged change;
    change.partition = kOrders;
    change.leader = 1;
    change.leaderEpoch = 5;
    invariant.observe(traceEvent(change));
    change.leaderEpoch = 4;
    invariant.observe(traceEvent(change));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aHighWatermarkThatGoesBackIsFound() {
    HighWatermarkNeverGoesBack invariant(everyTopic);
    invariant.observe(moved(0, 10));
    invariant.observe(moved(10, 15));
    QVERIFY(invariant.violations().empty());
    invariant.observe(moved(15, 14));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void afterARestartAHighWatermarkMayBeginLower() {
    HighWatermarkNeverGoesBack invariant(everyTopic);
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::NodeStarted{world::brokerAddress(1)}));
    invariant.observe(moved(0, 4));
    QVERIFY(invariant.violations().empty());
  }

  void aCutBelowTheHighWatermarkIsFound() {
    HighWatermarkNeverGoesBack invariant(everyTopic);
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::LogTruncated{world::brokerAddress(1), kOrders, 15, 10}));
    QVERIFY(invariant.violations().empty());
    invariant.observe(traceEvent(world::LogTruncated{world::brokerAddress(1), kOrders, 15, 9}));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aConsumerBeyondTheHighWatermarkIsFound() {
    ConsumersStayBelowHighWatermark invariant;
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::RecordsConsumed{world::clientAddress(1), kOrders, 10, 10}));
    QVERIFY(invariant.violations().empty());
    invariant.observe(traceEvent(world::RecordsConsumed{world::clientAddress(1), kOrders, 11, 1}));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }
};

STREAMSCOPE_TEST(InvariantsTest);
#include "invariants_test.moc"
