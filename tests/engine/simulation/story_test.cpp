#include "simulation/story.h"

#include <QTest>
#include <algorithm>

#include "small_trial.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

class StoryTest : public QObject {
  Q_OBJECT
 private slots:
  void tellsWhatWasDoneWhatFollowedAndWhatBroke() {
    simulation::Trial trial = test::smallTrial(1);
    trial.faults = {test::leaderDiesAlone(), test::fault(6s, 9s, {lab::KillBroker{1}}, {lab::StartBroker{1}})};
    const auto story = simulation::tell(trial, {lab::InvariantChecker::Claims::EveryAcknowledgement, {}, {}, {}});
    QVERIFY(story.has_value());
    const auto contains = [&](const std::string& text) {
      return std::ranges::any_of(story->lines, [&](const std::string& line) { return line.find(text) != line.npos; });
    };
    QCOMPARE(story->lines.front(), std::string("00:00:04.000  cut the link between broker 1 and broker 2"));
    QVERIFY(contains("00:00:06.000  kill broker 1"));
    QVERIFY(contains("orders-0 is led by broker"));
    QVERIFY(contains("broker 1 cuts orders-0 from"));
    QVERIFY(contains("BROKEN: Acknowledged records survive."));
    QVERIFY(std::ranges::is_sorted(story->lines, {}, [](const std::string& line) { return line.substr(0, 12); }));
  }

  void aLongStoryKeepsItsBeginningAndItsEnd() {
    simulation::Trial trial = test::smallTrial(-1);
    // The leader goes back and forth.
    trial.faultsEnd = base::VirtualTime(70s);
    for (int i = 0; i < 60; ++i) {
      const base::Duration at = 4s + i * 1000ms;
      const base::BrokerId broker = 1 + i % 2;
      trial.faults.push_back(test::fault(at, at + 600ms, {lab::StopBroker{broker}}, {lab::StartBroker{broker}}));
    }
    const auto story = simulation::tell(trial, {});
    QVERIFY(story.has_value());
    const auto isCut = [](const std::string& line) { return line.starts_with("... "); };
    QCOMPARE(std::ranges::count_if(story->lines, isCut), std::ptrdiff_t{1});
    QVERIFY(std::ranges::count_if(
                story->lines, [](const std::string& line) { return line.find("  stop broker") != line.npos; }) > 20);
  }

  void aLabIsSaidInOneLine() {
    QCOMPARE(simulation::describeLab(test::smallTrial(-1).lab),
             std::string("3 brokers; orders: 1 partition, 3 replicas, min.insync.replicas 2; checkout writes to orders "
                         "with acks=all"));
  }
};

STREAMSCOPE_TEST(StoryTest);
#include "story_test.moc"
