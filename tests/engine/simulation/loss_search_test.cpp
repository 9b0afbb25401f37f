#include "simulation/loss_search.h"

#include <QTest>

#include "small_trial.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

const std::string kSurvive = "Acknowledged records survive.";

}  // namespace

class LossSearchTest : public QObject {
  Q_OBJECT
 private slots:
  void acksOneLosesARecord() {
    const auto search = simulation::findLoss(test::smallTrial(1).lab, kSurvive, 400);
    QVERIFY(search.has_value());
    QVERIFY(search->found.has_value());
    QVERIFY(search->found->trial.faults.size() <= 3);
    QCOMPARE(search->found->outcome.breaches.front().promise, kSurvive);
  }

  void whatIsKeptIsNotFound() {
    const auto search = simulation::findLoss(test::smallTrial(-1).lab, "One leader in one epoch.", 60);
    QVERIFY(search.has_value());
    QVERIFY(!search->found.has_value());
    QCOMPARE(search->worldsTried, uint64_t{60});
  }

  void aLabWithNothingToLoseIsRefused() {
    lab::LabDescription lab = test::smallTrial(1).lab;
    lab.producers.clear();
    QVERIFY(!simulation::findLoss(lab, kSurvive, 1).has_value());
    QVERIFY(!simulation::findLoss(test::smallTrial(1).lab, "Rain falls.", 1).has_value());
  }

  void promisesHaveNames() {
    QCOMPARE(simulation::promiseName(kSurvive), std::string("acknowledged-records-survive"));
    QVERIFY(simulation::allPromises().size() >= 12);
  }
};

STREAMSCOPE_TEST(LossSearchTest);
#include "loss_search_test.moc"
