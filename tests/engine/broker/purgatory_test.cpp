#include "purgatory.h"

#include <QtTest>

#include "node_fakes.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

/// Completes when its test says so.
class Operation : public DelayedOperation {
 public:
  struct Ending {
    int completed = 0;
    bool timedOut = false;
    std::string abandoned;
  };

  Operation(int id, const bool& ready, std::map<int, Ending>& endings) : m_id(id), m_ready(ready), m_endings(endings) {}
  bool canComplete() override { return m_ready; }
  void complete(bool timedOut) override {
    ++m_endings[m_id].completed;
    m_endings[m_id].timedOut = timedOut;
  }
  void abandon(const std::string& reason) override { m_endings[m_id].abandoned = reason; }
  Description describe() const override { return {protocol::ApiKey::Fetch, m_id, {"t", 0}, 5}; }

 private:
  int m_id;
  const bool& m_ready;
  std::map<int, Ending>& m_endings;
};

}  // namespace

class PurgatoryTest : public QObject {
  Q_OBJECT

  struct Fixture {
    NodeFakes node;
    Purgatory purgatory{node.context};
    bool ready = false;
    std::map<int, Operation::Ending> endings;

    bool put(int id, std::vector<WatchKey> keys, int timeoutMs) {
      return purgatory.tryCompleteElseWatch(std::make_unique<Operation>(id, ready, endings), keys,
                                            std::chrono::milliseconds(timeoutMs));
    }
  };

 private slots:
  void completesAtOnceWithoutTrace() {
    Fixture f;
    f.ready = true;
    QVERIFY(f.put(1, {7}, 100));
    QCOMPARE(f.endings[1].completed, 1);
    QCOMPARE(f.purgatory.size(), 0U);
    QVERIFY(f.node.trace.events.empty());
  }

  void waitsUntilItsKeyIsPoked() {
    Fixture f;
    QVERIFY(!f.put(1, {7, 8}, 100));
    QCOMPARE(f.node.trace.all<world::PurgatoryEntered>().size(), 1U);
    QCOMPARE(f.node.trace.all<world::PurgatoryEntered>().front().waitsFor, 5);
    f.purgatory.checkAndComplete(7);
    QVERIFY(f.endings.empty());
    f.ready = true;
    f.purgatory.checkAndComplete(9);
    QVERIFY(f.endings.empty());
    f.purgatory.checkAndComplete(8);
    QCOMPARE(f.endings[1].completed, 1);
    QCOMPARE(f.endings[1].timedOut, false);
    // It has left the other key's list too, and its deadline.
    f.purgatory.checkAndComplete(7);
    f.node.timers.advance(std::chrono::seconds(1));
    QCOMPARE(f.endings[1].completed, 1);
    QCOMPARE(f.node.trace.all<world::PurgatoryLeft>().size(), 1U);
  }

  void timesOut() {
    Fixture f;
    f.put(1, {7}, 100);
    f.put(2, {7}, 50);
    f.node.timers.advance(std::chrono::milliseconds(49));
    QVERIFY(f.endings.empty());
    f.node.timers.advance(std::chrono::milliseconds(1));
    QCOMPARE(f.endings[2].timedOut, true);
    QVERIFY(!f.endings.contains(1));
    f.node.timers.advance(std::chrono::milliseconds(50));
    QCOMPARE(f.endings[1].timedOut, true);
    QCOMPARE(f.purgatory.size(), 0U);
    QCOMPARE(f.node.trace.all<world::PurgatoryLeft>().back().timedOut, true);
  }

  /// A request may list the same partition twice.
  void aKeyGivenTwiceIsWatchedOnce() {
    Fixture f;
    f.put(1, {7, 8, 7}, 100);
    f.put(2, {7, 7}, 50);
    f.node.timers.advance(std::chrono::milliseconds(50));
    QCOMPARE(f.endings[2].completed, 1);
    f.ready = true;
    f.purgatory.checkAndComplete(7);
    f.purgatory.checkAndComplete(8);
    QCOMPARE(f.endings[1].completed, 1);
    QCOMPARE(f.endings[2].completed, 1);
    QCOMPARE(f.purgatory.size(), 0U);
    QCOMPARE(f.node.trace.all<world::PurgatoryLeft>().size(), 2U);
  }

  void oneTimerServesAllDeadlines() {
    Fixture f;
    for (int id = 0; id < 1000; ++id) f.put(id, {7}, 500);
    f.ready = true;
    f.purgatory.checkAndComplete(7);
    QCOMPARE(f.endings.size(), 1000U);
    f.node.timers.advance(std::chrono::seconds(10));
    QCOMPARE(f.node.timers.rung, 1);
  }

  void abandonsAll() {
    Fixture f;
    f.put(1, {7}, 100);
    f.purgatory.abandonAll("halted");
    QCOMPARE(f.endings[1].abandoned, std::string("halted"));
    QCOMPARE(f.endings[1].completed, 0);
    f.purgatory.checkAndComplete(7);
    f.node.timers.advance(std::chrono::seconds(1));
    QCOMPARE(f.endings[1].completed, 0);
  }
};

STREAMSCOPE_TEST(PurgatoryTest);

}  // namespace streamscope::broker

#include "purgatory_test.moc"
