#include "simulation/shrink.h"

#include <QTest>

#include "small_trial.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

namespace {

/// The loss needs the first two faults and one client; the rest only happens too.
simulation::Trial longStory() {
  simulation::Trial trial = test::smallTrial(1);
  trial.faults = {test::leaderDiesAlone(), test::fault(6s, 9s, {lab::KillBroker{1}}, {lab::StartBroker{1}})};
  for (int second = 5; second < 10; ++second)
    trial.faults.push_back(test::fault(std::chrono::seconds(second), std::chrono::milliseconds(second * 1000 + 50),
                                       {lab::PauseBroker{3}}, {lab::ResumeBroker{3}}));
  lab::StartConsumer consumer;
  consumer.name = "billing";
  consumer.topic = "orders";
  trial.lab.consumers = {consumer};
  trial.lab.topics.push_back({"clicks", 2, 2, {}});
  return trial;
}

constexpr auto kEverything = lab::InvariantChecker::Claims::EveryAcknowledgement;

}  // namespace

class ShrinkTest : public QObject {
  Q_OBJECT
 private slots:
  void onlyWhatTheBreachNeedsIsLeft() {
    const simulation::TrialOptions options{kEverything, {}, {}, {}};
    const simulation::Trial trial = longStory();
    const auto outcome = simulation::runTrial(trial, options);
    QVERIFY(outcome.has_value());
    QVERIFY(!outcome->breaches.empty());
    const std::string promise = outcome->breaches.front().promise;
    const simulation::Shrunk shrunk = simulation::shrink(trial, *outcome, promise, 200, options);
    QVERIFY(shrunk.trial.faults.size() <= 2);
    QCOMPARE(shrunk.trial.lab.topics.size(), size_t{1});
    QVERIFY(shrunk.trial.lab.consumers.empty());
    QCOMPARE(shrunk.trial.lab.producers.size(), size_t{1});
    QVERIFY(shrunk.runs <= 200);
    // It is the same breach, and running it once more finds it again.
    const auto again = simulation::runTrial(shrunk.trial, options);
    QVERIFY(again.has_value());
    QVERIFY(again->breaches == shrunk.outcome.breaches);
    QCOMPARE(again->breaches.front().promise, promise);
  }

  void noMoreTrialsThanAllowed() {
    const simulation::TrialOptions options{kEverything, {}, {}, {}};
    const simulation::Trial trial = longStory();
    const auto outcome = simulation::runTrial(trial, options);
    QVERIFY(outcome.has_value());
    QCOMPARE(simulation::shrink(trial, *outcome, outcome->breaches.front().promise, 3, options).runs, 3);
  }
};

STREAMSCOPE_TEST(ShrinkTest);
#include "shrink_test.moc"
