#include "coordinator_timers.h"

#include <QTest>

#include "node_fakes.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;
using coordinator::CoordinatorResult;
using coordinator::CoordinatorTimers;

class CoordinatorTimersTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_timers = std::make_unique<CoordinatorTimers>(m_node.timers, m_node.clock,
                                                   [](const CoordinatorTimers::Operation& operation) { operation(); });
    m_rung.clear();
    m_node.timers.rung = 0;
  }

  void anAlarmRingsOnce() {
    set("a", 5s);
    m_node.timers.advance(4s);
    QVERIFY(m_rung.empty());
    QVERIFY(m_timers->isScheduled("a"));
    m_node.timers.advance(10s);
    QCOMPARE(m_rung, QStringList{"a"});
    QVERIFY(!m_timers->isScheduled("a"));
  }

  void movingItAwayCostsNoEventEach() {
    set("a", 5s);
    for (int heartbeat = 0; heartbeat < 100; ++heartbeat) {
      m_node.timers.advance(1s);
      set("a", 5s);
    }
    QVERIFY(m_rung.empty());
    QVERIFY2(m_node.timers.rung <= 25, qPrintable(QString::number(m_node.timers.rung)));
    m_node.timers.advance(5s);
    QCOMPARE(m_rung, QStringList{"a"});
  }

  void movingItNearerCounts() {
    set("a", 60s);
    set("a", 2s);
    m_node.timers.advance(2s);
    QCOMPARE(m_rung, QStringList{"a"});
    m_node.timers.advance(60s);
    QCOMPARE(m_rung.size(), 1);
  }

  void aCancelledOneIsSilent() {
    set("a", 1s);
    set("b", 1s);
    m_timers->cancel("a");
    m_timers->cancel("unknown");
    m_node.timers.advance(1s);
    QCOMPARE(m_rung, QStringList{"b"});
  }

  void itMayBeSetAgainWhileItRings() {
    m_timers->schedule("a", 1s, [this] {
      set("a", 1s);
      return CoordinatorResult();
    });
    m_node.timers.advance(2s);
    QCOMPARE(m_rung, QStringList{"a"});
  }

  void afterItsEndNothingRings() {
    set("a", 1s);
    m_timers.reset();
    m_node.timers.advance(2s);
    QVERIFY(m_rung.empty());
  }

 private:
  void set(const std::string& name, base::Duration delay) {
    m_timers->schedule(name, delay, [this, name] {
      m_rung.append(QString::fromStdString(name));
      return CoordinatorResult();
    });
  }

  broker::NodeFakes m_node;
  std::unique_ptr<CoordinatorTimers> m_timers;
  QStringList m_rung;
};

STREAMSCOPE_TEST(CoordinatorTimersTest);
#include "coordinator_timers_test.moc"
