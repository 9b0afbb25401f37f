#include "simulation/trial.h"

#include <QTest>

#include "small_trial.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;

class TrialTest : public QObject {
  Q_OBJECT
 private slots:
  void faultsBecomeCommandsByTime() {
    simulation::Trial trial = test::smallTrial(-1);
    trial.faults = {test::fault(5s, 8s, {lab::KillBroker{1}}, {lab::StartBroker{1}}),
                    test::fault(6s, 7s, {lab::PauseBroker{2}}, {lab::ResumeBroker{2}})};
    const lab::LabDescription lab = simulation::withFaults(trial);
    const std::vector<lab::TimedCommand> expected = {{base::VirtualTime(5s), lab::KillBroker{1}},
                                                     {base::VirtualTime(6s), lab::PauseBroker{2}},
                                                     {base::VirtualTime(7s), lab::ResumeBroker{2}},
                                                     {base::VirtualTime(8s), lab::StartBroker{1}}};
    QVERIFY(lab.commands == expected);
  }

  void whatIsRepairedLaterIsLeftToTheSecondAct() {
    simulation::Trial trial = test::smallTrial(-1);
    trial.faults = {test::fault(5s, 10s, {lab::KillBroker{1}}, {lab::StartBroker{1}})};
    QCOMPARE(simulation::withFaults(trial).commands.size(), size_t{1});
  }

  void commandsAreSaidInWords() {
    QCOMPARE(simulation::describe(lab::KillBroker{2}), std::string("kill broker 2"));
    QCOMPARE(simulation::describe(lab::PauseBroker{0, base::TopicPartition{"orders", 1}}),
             std::string("pause the leader of orders-1"));
    QCOMPARE(simulation::describe(lab::StartBroker{0}), std::string("start every broker that is down"));
    QCOMPARE(simulation::describe(lab::CutLink{world::brokerAddress(1), world::controllerAddress(100)}),
             std::string("cut the link between broker 1 and controller 100"));
    QCOMPARE(simulation::describe(lab::SetDiskFull{3, false}), std::string("make room on the disk of broker 3"));
  }
};

STREAMSCOPE_TEST(TrialTest);
#include "trial_test.moc"
