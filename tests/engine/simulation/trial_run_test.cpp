#include "simulation/trial_run.h"

#include <QTemporaryDir>
#include <QTest>

#include "lab/lab.h"
#include "small_trial.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

namespace {

constexpr auto kEverything = lab::InvariantChecker::Claims::EveryAcknowledgement;

simulation::Trial lossWithAcksOne() {
  simulation::Trial trial = test::smallTrial(1);
  trial.faults = {test::leaderDiesAlone(), test::fault(6s, 9s, {lab::KillBroker{1}}, {lab::StartBroker{1}})};
  return trial;
}

}  // namespace

class TrialRunTest : public QObject {
  Q_OBJECT
 private slots:
  void aClusterInPeaceKeepsItsPromises() {
    const auto outcome = simulation::runTrial(test::smallTrial(-1));
    QVERIFY(outcome.has_value());
    QVERIFY2(outcome->breaches.empty(), outcome->breaches.empty() ? "" : outcome->breaches[0].toString().c_str());
    QVERIFY(outcome->batchesPromised > 500);
  }

  void acksAllKeepsItsPromiseWhenTheLeaderDiesAlone() {
    simulation::Trial trial = lossWithAcksOne();
    trial.lab.producers[0].acks = -1;
    const auto outcome = simulation::runTrial(trial, {kEverything, {}, {}, {}});
    QVERIFY(outcome.has_value());
    QVERIFY2(outcome->breaches.empty(), outcome->breaches.empty() ? "" : outcome->breaches[0].toString().c_str());
  }

  void acksOneIsNoPromise() {
    const auto claimed = simulation::runTrial(lossWithAcksOne());
    QVERIFY(claimed.has_value());
    QVERIFY(claimed->breaches.empty());
    QCOMPARE(claimed->batchesPromised, int64_t{0});

    const auto believed = simulation::runTrial(lossWithAcksOne(), {kEverything, {}, {}, {}});
    QVERIFY(believed.has_value());
    QVERIFY(!believed->breaches.empty());
    QCOMPARE(believed->breaches[0].promise, std::string("Acknowledged records survive."));
    // When somebody without the records took over, not when it was looked.
    QVERIFY(believed->breaches[0].at < base::VirtualTime(9s));
  }

  void whatItToldIsTheSameStoryAgain() {
    const QTemporaryDir directory;
    const std::filesystem::path recording = directory.filePath("story.recording").toStdString();
    const auto outcome = simulation::runTrial(lossWithAcksOne(), {kEverything, {}, recording, {}});
    QVERIFY(outcome.has_value());
    const auto replayed = lab::Lab::replay(recording);
    QVERIFY2(replayed.has_value(), replayed ? "" : replayed.error().message.c_str());
    QCOMPARE((*replayed)->world().eventsRun(), outcome->events);

    const auto again = lab::Lab::open(outcome->told, {});
    QVERIFY(again.has_value());
    lab::InvariantChecker checker(**again, kEverything);
    (*again)->runUntil(base::VirtualTime(outcome->told.until));
    checker.checkNow();
    QVERIFY(checker.isAnyBroken());
  }

  void aClusterThatDoesNotHealIsFound() {
    simulation::Trial trial = test::smallTrial(-1);
    // Whoever heals it starts broker 2 in vain.
    for (base::Duration at = 10'100ms; at < 300s; at += 300ms)
      trial.lab.commands.push_back({base::VirtualTime(at), lab::KillBroker{2}});
    const auto outcome = simulation::runTrial(trial);
    QVERIFY(outcome.has_value());
    QVERIFY(!outcome->breaches.empty());
    const std::string promise = outcome->breaches[0].promise;
    QCOMPARE(promise, std::string(simulation::kBecomesWhole));
  }

  void aConfigurationThatIsNotTakenIsRefused() {
    simulation::Trial trial = test::smallTrial(-1);
    trial.lab.brokerConfigs["no.such.key"] = "1";
    QVERIFY(!simulation::runTrial(trial).has_value());
  }
};

STREAMSCOPE_TEST(TrialRunTest);
#include "trial_run_test.moc"
