#include <QTest>
#include <algorithm>
#include <string>

#include "base/known_bug.h"
#include "simulation/swarm.h"
#include "simulation/trial_run.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

/// After so many worlds a mistake must have shown.
constexpr uint64_t kSeedsMax = 2000;

}  // namespace

/// The alarm is tested: every mistake that can be switched on by name is found.
class KnownBugsTest : public QObject {
  Q_OBJECT
 private slots:
  void everyBugIsFound_data() {
    QTest::addColumn<int>("bug");
    for (const base::KnownBugName& each : base::kKnownBugNames)
      QTest::newRow(std::string(each.name).c_str()) << static_cast<int>(each.bug);
  }
  void everyBugIsFound() {
    QFETCH(int, bug);
    for (uint64_t seed = 1; seed <= kSeedsMax; ++seed) {
      simulation::Trial trial = simulation::drawTrial(seed);
      trial.lab.bugs = {static_cast<base::KnownBug>(bug)};
      const auto outcome = simulation::runTrial(trial);
      QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().message.c_str());
      if (outcome->breaches.empty()) continue;
      qInfo("seed %llu: %s", static_cast<unsigned long long>(seed), outcome->breaches[0].toString().c_str());
      // The same world without the mistake is well.
      const auto healthy = simulation::runTrial(simulation::drawTrial(seed));
      QVERIFY(healthy.has_value());
      QVERIFY2(healthy->breaches.empty(), healthy->breaches.empty() ? "" : healthy->breaches[0].toString().c_str());
      return;
    }
    QFAIL("no world shows it");
  }
};

STREAMSCOPE_TEST(KnownBugsTest);
#include "known_bugs_test.moc"
