#include <QTest>
#include <algorithm>
#include <string>

#include "simulation/swarm.h"
#include "simulation/trial_run.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

constexpr uint64_t kSeeds = 200;
/// A part of the sweep for each test of its own, so that they run side by side.
constexpr uint64_t kSeedsInPart = 50;

}  // namespace

/// The first seeds of the standard swarm, as `streamscope simulate` runs them.
class SwarmSweepTest : public QObject {
  Q_OBJECT
 private slots:
  void everyPromiseIsKept_data() {
    QTest::addColumn<qulonglong>("first");
    for (uint64_t first = 1; first <= kSeeds; first += kSeedsInPart)
      QTest::newRow(qPrintable(QString("from %1").arg(first))) << static_cast<qulonglong>(first);
  }
  void everyPromiseIsKept() {
    QFETCH(qulonglong, first);
    int64_t batches = 0;
    for (uint64_t seed = first; seed < first + kSeedsInPart; ++seed) {
      const auto outcome = simulation::runTrial(simulation::drawTrial(seed));
      QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
      QVERIFY2(outcome->breaches.empty(),
               outcome->breaches.empty()
                   ? ""
                   : ("seed " + std::to_string(seed) + ": " + outcome->breaches[0].toString()).c_str());
      batches += outcome->batchesPromised;
    }
    QVERIFY2(batches > 10'000, "too little was promised to show anything");
  }

  /// Worlds beyond the sweep that once broke something; tests/simulation/README.md says what.
  void worldsThatOnceBrokeAreWhole() {
    for (const uint64_t seed : {328u, 407u, 421u, 2691u, 7561u}) {
      const auto outcome = simulation::runTrial(simulation::drawTrial(seed));
      QVERIFY(outcome.has_value());
      QVERIFY2(outcome->breaches.empty(), outcome->breaches.empty() ? "" : outcome->breaches[0].toString().c_str());
    }
  }
};

STREAMSCOPE_TEST(SwarmSweepTest);
#include "swarm_sweep_test.moc"
