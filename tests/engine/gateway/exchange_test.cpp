#include "exchange.h"

#include <QTest>
#include <thread>

#include "support/test_registry.h"

using namespace streamscope;
using gateway::Exchange;

namespace {

std::vector<world::TraceEvent> events(uint64_t first, size_t count) {
  std::vector<world::TraceEvent> list(count);
  for (size_t i = 0; i < count; ++i) {
    list[i].id = first + i;
    list[i].payload = world::TopicDeleted{"topic"};
  }
  return list;
}

}  // namespace

class ExchangeTest : public QObject {
  Q_OBJECT
 private slots:
  void ordersArriveOnce() {
    int woken = 0;
    Exchange exchange(true, [&woken] { ++woken; });
    exchange.post({lab::DeleteTopic{"a"}, {}});
    exchange.post({lab::DeleteTopic{"b"}, {}});
    QCOMPARE(woken, 1);
    const auto orders = exchange.takeOrders();
    QCOMPARE(orders.commands.size(), size_t{2});
    QVERIFY(orders.isPlaying);
    QVERIFY(exchange.takeOrders().commands.empty());
    exchange.post({lab::DeleteTopic{"c"}, {}});
    QCOMPARE(woken, 2);
  }

  void aStepPauses() {
    Exchange exchange(true, [] {});
    exchange.requestStep(lab::StepKind::NextChange);
    QVERIFY(!exchange.isPlaying());
    const auto orders = exchange.takeOrders();
    QVERIFY(!orders.isPlaying);
    QCOMPARE(orders.steps.size(), size_t{1});
  }

  void playingTakesPendingStepsBack() {
    Exchange exchange(false, [] {});
    exchange.requestStep(lab::StepKind::NextChange);
    exchange.setPlaying(true);
    QVERIFY(exchange.takeOrders().steps.empty());
  }

  void playAndPauseTakeBackAStepUnderWay() {
    for (const bool playing : {true, false}) {
      Exchange exchange(false, [] {});
      exchange.requestStep(lab::StepKind::NextChange);
      QVERIFY(!exchange.takeOrders().cancelSteps);
      exchange.setPlaying(playing);
      exchange.requestStep(lab::StepKind::NextRequest);
      const auto orders = exchange.takeOrders();
      QVERIFY(orders.cancelSteps);
      // The later step counts.
      QCOMPARE(orders.steps, std::vector<lab::StepKind>{lab::StepKind::NextRequest});
      QVERIFY(!exchange.takeOrders().cancelSteps);
    }
  }

  void impossibleSpeedsAreIgnored() {
    Exchange exchange(false, [] {});
    exchange.setSpeed(2.5);
    exchange.setSpeed(0);
    exchange.setSpeed(-1);
    exchange.setSpeed(std::nan(""));
    QCOMPARE(exchange.speed(), 2.5);
  }

  void theTraceComesInOrderAndOnce() {
    Exchange exchange(false, [] {});
    auto first = events(1, 10), second = events(11, 5);
    exchange.appendTrace(first);
    exchange.appendTrace(second);
    QVERIFY(first.empty());
    const auto batch = exchange.takeTrace();
    QCOMPARE(batch.events.size(), size_t{15});
    for (size_t i = 0; i < batch.events.size(); ++i) QCOMPARE(batch.events[i].id, i + 1);
    QCOMPARE(batch.missed, uint64_t{0});
    QVERIFY(exchange.takeTrace().events.empty());
  }

  void anUnwatchedTraceLosesTheOldestAndSaysHowMany() {
    Exchange exchange(false, [] {});
    auto many = events(1, Exchange::kTraceEventsMax + 100);
    exchange.appendTrace(many);
    const auto batch = exchange.takeTrace();
    QCOMPARE(batch.events.size(), Exchange::kTraceEventsMax);
    QCOMPARE(batch.events.front().id, uint64_t{101});
    QCOMPARE(batch.missed, uint64_t{100});
    QCOMPARE(exchange.takeTrace().missed, uint64_t{0});
  }

  void thereIsAlwaysAPicture() {
    Exchange exchange(false, [] {});
    QVERIFY(exchange.snapshot() != nullptr);
    const auto picture = std::make_shared<lab::Snapshot>();
    exchange.publish(picture);
    QVERIFY(exchange.snapshot() == picture);
  }

  void waitingEndsWithReadiness() {
    Exchange exchange(false, [] {});
    QVERIFY(!exchange.waitUntilReady(std::chrono::milliseconds(0)));
    std::thread engine([&exchange] { exchange.setReady(); });
    QVERIFY(exchange.waitUntilReady(std::chrono::minutes(1)));
    engine.join();
  }

  void waitingEndsWithTheEngine() {
    Exchange exchange(false, [] {});
    std::thread engine([&exchange] { exchange.setEnded(); });
    QVERIFY(!exchange.waitUntilReady(std::chrono::minutes(1)));
    engine.join();
  }
};

STREAMSCOPE_TEST(ExchangeTest);
#include "exchange_test.moc"
