#include "metrics/metrics_history.h"

#include <QTest>

#include "support/reference_scenes.h"
#include "support/scene_builder.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::ui;
using namespace std::chrono_literals;

class MetricsHistoryTest : public QObject {
  Q_OBJECT
 private slots:
  void ratesAreDifferencesOverVirtualTime() {
    auto snapshot = *support::idleCluster();
    MetricsHistory history;
    for (int i = 0; i < 30; ++i) {
      history.add(snapshot);
      snapshot.time += 100ms;
      snapshot.counters.recordsProduced += 5;
      snapshot.counters.recordsConsumed += 4;
      for (auto& broker : snapshot.brokers)
        for (auto& replica : broker.replicas) replica.logEndOffset += 2;
    }
    QCOMPARE(history.samples().back().producedPerSecond, 50.0);
    QCOMPARE(history.samples().back().consumedPerSecond, 40.0);
    QCOMPARE(history.partitionRates().at({"orders", 0}), 20.0);
  }

  void timeThatStandsStillAddsNothing() {
    const auto snapshot = support::busyCluster();
    MetricsHistory history;
    history.add(*snapshot);
    history.add(*snapshot);
    QCOMPARE(history.samples().size(), 1u);
  }

  void lagIsSummedByGroup() {
    const auto snapshot = support::afterLeaderDeath();
    MetricsHistory history;
    history.add(*snapshot);
    QCOMPARE(history.samples().back().lag.at("order-processor"), snapshot->counters.totalLag);
  }

  void theHistoryIsBounded() {
    auto snapshot = *support::busyCluster();
    MetricsHistory history;
    for (size_t i = 0; i < MetricsHistory::kSamplesMax + 50; ++i) {
      history.add(snapshot);
      snapshot.time += 100ms;
    }
    QCOMPARE(history.samples().size(), MetricsHistory::kSamplesMax);
  }
};

STREAMSCOPE_TEST(MetricsHistoryTest);
#include "metrics_history_test.moc"
