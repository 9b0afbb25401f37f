#include <QDateTime>
#include <QTemporaryDir>
#include <QTest>

#include "produce_cases.h"
#include "real_kafka.h"
#include "running_cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

/// The same good and bad Produce requests to a real Kafka and to this program: the same answers, and the same log after
/// all of them. Rows build on each other: both sides have seen the rows before.
class ProduceValidationTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    QVERIFY2(m_kafka.format() && m_kafka.start(), qPrintable(m_kafka.problem()));
    m_cluster = std::make_unique<RunningCluster>(RunningCluster::describe(1, {}));
    QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    for (const auto& [name, configs] : produceTopics()) {
      QCOMPARE(theirs().createTopic(name, configs), QString());
      QCOMPARE(ours().createTopic(name, configs), QString());
    }
    const int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
    m_cases = produceCases(nowMs);
    m_idempotence = idempotenceCases(nowMs);
    m_afterRestart = casesAfterRestart(nowMs);
    m_afterKill = casesAfterKill(nowMs);
  }
  void cleanupTestCase() { m_cluster->stopCleanly(); }

  void theAnswerIsKafkas_data() { rows(m_cases); }
  void theAnswerIsKafkas() { compareAnswers(m_cases); }

  void idempotenceIsKafkas_data() { rows(m_idempotence); }
  void idempotenceIsKafkas() { compareAnswers(m_idempotence); }

  void theLogIsKafkas_data() { topics(); }
  void theLogIsKafkas() { compareLogs(); }

  void producerIdsAreKafkas() {
    for (int i = 0; i < 3; ++i) QCOMPARE(ours().initProducerId(), theirs().initProducerId());
    QCOMPARE(ours().initProducerId(std::nullopt, 2, 0), theirs().initProducerId(std::nullopt, 2, 0));
    QCOMPARE(ours().initProducerId(std::nullopt, 2), theirs().initProducerId(std::nullopt, 2));
    QCOMPARE(ours().initProducerId(std::nullopt, -1, 2), theirs().initProducerId(std::nullopt, -1, 2));
    QCOMPARE(ours().initProducerId(""), theirs().initProducerId(""));
  }

  void bothAreShutDownAndStarted() {
    QVERIFY2(m_kafka.stopCleanly() && m_kafka.start(), qPrintable(m_kafka.problem()));
    QVERIFY(m_cluster->execute(lab::StopBroker{1}));
    QVERIFY(m_cluster->waitUntil("the broker is down", [](const auto& now) { return !isUp(now); }));
    startOurs();
    // A broker's block of ids ends with it.
    QCOMPARE(ours().initProducerId(), theirs().initProducerId());
  }
  void idempotenceSurvivesARestart_data() { rows(m_afterRestart); }
  void idempotenceSurvivesARestart() { compareAnswers(m_afterRestart); }

  void bothAreKilledAndStarted() {
    m_kafka.kill();
    QVERIFY2(m_kafka.start(), qPrintable(m_kafka.problem()));
    QVERIFY(m_cluster->execute(lab::KillBroker{1}));
    QVERIFY(m_cluster->waitUntil("the broker is down", [](const auto& now) { return !isUp(now); }));
    startOurs();
    QCOMPARE(ours().initProducerId(), theirs().initProducerId());
  }
  void idempotenceSurvivesAKill_data() { rows(m_afterKill); }
  void idempotenceSurvivesAKill() { compareAnswers(m_afterKill); }

  void theLogIsStillKafkas_data() { topics(); }
  void theLogIsStillKafkas() { compareLogs(); }

 private:
  static void topics() {
    QTest::addColumn<QString>("topic");
    for (const auto& [name, configs] : produceTopics()) {
      // Only Kafka took something for this one.
      if (name != "unreadable") QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
  }
  void compareLogs() {
    QFETCH(QString, topic);
    const QStringList wanted = theirs().log(topic.toStdString()).split('\n');
    const QStringList found = ours().log(topic.toStdString()).split('\n');
    for (qsizetype i = 0; i < std::min(wanted.size(), found.size()); ++i) QCOMPARE(found[i], wanted[i]);
    QCOMPARE(found.size(), wanted.size());
  }

  ProduceProbe theirs() const { return ProduceProbe(m_kafka.bootstrapServers().section(':', 1).toUShort()); }
  ProduceProbe ours() const { return ProduceProbe(m_cluster->port(1)); }

  static bool isUp(const lab::Snapshot& snapshot) {
    return snapshot.brokers.at(0).condition != lab::NodeCondition::Down;
  }
  void startOurs() {
    QVERIFY(m_cluster->execute(lab::StartBroker{1}));
    QVERIFY(m_cluster->waitUntil("the broker is up", [](const auto& now) {
      return now.brokers.at(0).condition == lab::NodeCondition::Running;
    }));
    QCOMPARE(theirs().waitForLeader("idempotent"), QString());
    QCOMPARE(ours().waitForLeader("idempotent"), QString());
  }

  static void rows(const std::vector<ProduceCase>& cases) {
    QTest::addColumn<size_t>("number");
    for (size_t i = 0; i < cases.size(); ++i) QTest::newRow(cases[i].name.c_str()) << i;
  }

  void compareAnswers(const std::vector<ProduceCase>& cases) {
    QFETCH(size_t, number);
    const ProduceOutcome wanted = theirs().produce(cases[number].question);
    const ProduceOutcome found = ours().produce(cases[number].question);
    m_kafka.readAlong();
    if (!cases[number].deviation.empty()) {
      QVERIFY2(found.facts.startsWith(QString::fromStdString(cases[number].deviation)), qPrintable(found.facts));
      QVERIFY2(found.facts != wanted.facts, "this is Kafka's answer now: the exception can go");
      return;
    }
    if (found.facts == wanted.facts) return;
    QFAIL(qPrintable("\n  Kafka: " + wanted.facts + "\n    " + wanted.sentences + "\n  here:  " + found.facts +
                     "\n    " + found.sentences));
  }

  QTemporaryDir m_directory;
  RealKafka m_kafka{m_directory.filePath("kafka")};
  std::unique_ptr<RunningCluster> m_cluster;
  std::vector<ProduceCase> m_cases;
  std::vector<ProduceCase> m_idempotence;
  std::vector<ProduceCase> m_afterRestart;
  std::vector<ProduceCase> m_afterKill;
};

STREAMSCOPE_TEST(ProduceValidationTest);
#include "produce_validation_test.moc"
