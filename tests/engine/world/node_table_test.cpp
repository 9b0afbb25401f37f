// Lives of nodes: start, kill, stop, pause, and what becomes of their timers.

#include <QTest>

#include "storage/memory_storage.h"
#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);
const Address kClient = clientAddress(1);

}  // namespace

class NodeTableTest : public QObject {
  Q_OBJECT
 private slots:
  void addressesAreNamed() {
    QCOMPARE(brokerAddress(1).toString(), std::string("broker 1"));
    QCOMPARE(controllerAddress(100).toString(), std::string("controller 100"));
    QCOMPARE(clientAddress(3).toString(), std::string("client 3"));
    QCOMPARE(externalAddress(17).toString(), std::string("external 17"));
  }

  void timersRingInOrderAndCanBeCancelled() {
    TestWorld world;
    Strings rung;
    auto& timers = world.run(kBroker).context.timers;
    timers.after(2ms, [&] { rung.push_back("second"); });
    timers.after(1ms, [&] { rung.push_back("first"); });
    const TimerId cancelled = timers.after(1ms, [&] { rung.push_back("never"); });
    timers.after(2ms, [&] { rung.push_back("third"); });
    timers.cancel(cancelled);
    timers.cancel(cancelled);
    timers.cancel(0);
    world.runFor(1s);
    QCOMPARE(rung, (Strings{"first", "second", "third"}));
  }

  void timersDieWithTheirNode() {
    TestWorld world;
    Strings rung;
    world.run(kBroker, {}, [&](ScriptedNode& node) {
      node.context.timers.after(10ms, [&] { rung.push_back(base::formatVirtualTime(world.now())); });
    });
    world.runFor(5ms);
    world.killNode(kBroker);
    QVERIFY(world.node(kBroker) == nullptr);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Down);
    world.startNode(kBroker);
    world.runFor(1s);
    // Only the second life's, 10 ms after its start.
    QCOMPARE(rung, (Strings{"00:00:00.015"}));
  }

  void storageSurvivesAKill() {
    TestWorld world;
    int lives = 0;
    bool found = false;
    world.addNode(
        kBroker,
        [&](NodeContext& context) {
          if (++lives == 1)
            (void)context.storage.open("file", storage::OpenMode::CreateNew);
          else
            found = context.storage.exists("file");
          return std::make_unique<ScriptedNode>(context, nullptr, nullptr);
        },
        std::make_unique<storage::MemoryStorage>());
    world.startNode(kBroker);
    world.killNode(kBroker);
    world.startNode(kBroker);
    QCOMPARE(lives, 2);
    QVERIFY(found);
  }

  void aPausedNodesEventsRunInOrderAtResume() {
    TestWorld world;
    Strings seen;
    auto& broker = world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      seen.push_back("request " + std::to_string(request.header.correlationId));
      node.answer(request.reply, request.header.correlationId);
    });
    world.run(kClient);
    broker.context.timers.after(2ms, [&] { seen.push_back("timer 2 ms"); });
    const TimerId cancelled = broker.context.timers.after(3ms, [&] { seen.push_back("never"); });
    world.ask(kClient, kBroker);
    world.pauseNode(kBroker);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Paused);
    world.runFor(2500us);
    world.ask(kClient, kBroker);
    world.runFor(10ms);
    QCOMPARE(seen, Strings{});
    broker.context.timers.cancel(cancelled);
    // Arrives at the very moment of the resume and after it, yet belongs behind what waits.
    world.at(world.now() + 1ms, [&] { world.resumeNode(kBroker); });
    world.ask(kClient, kBroker);
    world.runFor(1ms);
    QCOMPARE(seen, (Strings{"request 0", "timer 2 ms", "request 1", "request 2"}));
    world.runFor(1ms);
    QCOMPARE(world.outcomes, (Strings{"received 0", "received 1", "received 2"}));
  }

  void pausedAgainWhileItWorksOffWhatWaited() {
    TestWorld world;
    Strings seen;
    auto& broker = world.run(kBroker);
    for (int i = 0; i < 3; ++i) broker.context.timers.after(1ms, [&, i] { seen.push_back(std::to_string(i)); });
    world.pauseNode(kBroker);
    world.runFor(2ms);
    world.resumeNode(kBroker);
    world.pauseNode(kBroker);
    world.resumeNode(kBroker);
    QVERIFY(world.step());
    world.pauseNode(kBroker);
    world.runFor(2ms);
    QCOMPARE(seen, Strings{"0"});
    world.resumeNode(kBroker);
    world.runFor(2ms);
    QCOMPARE(seen, (Strings{"0", "1", "2"}));
  }

  void aKilledPausedNodeForgetsWhatWaited() {
    TestWorld world;
    Strings seen;
    world.run(kBroker).context.timers.after(1ms, [&] { seen.push_back("never"); });
    world.pauseNode(kBroker);
    world.runFor(2ms);
    world.killNode(kBroker);
    world.startNode(kBroker);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Running);
    world.runFor(1s);
    QCOMPARE(seen, Strings{});
  }

  void stoppingIsCleanAndThenTheNodeIsGone() {
    struct SlowStop : ScriptedNode {
      using ScriptedNode::ScriptedNode;
      void stop(std::function<void()> done) override { context.timers.after(5ms, done); }
    };
    TestWorld world;
    world.addNode(
        kBroker, [](NodeContext& context) { return std::make_unique<SlowStop>(context, nullptr, nullptr); }, nullptr);
    world.startNode(kBroker);
    bool done = false;
    world.stopNode(kBroker, [&] { done = true; });
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Stopping);
    world.runFor(4ms);
    QVERIFY(!done);
    world.runFor(1ms);
    QVERIFY(done);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Down);
    const auto stopped = world.eventsOf<NodeStopped>();
    QCOMPARE(stopped.size(), size_t{1});
    QCOMPARE(std::get<NodeStopped>(stopped[0].payload).manner, NodeStopped::Manner::Gracefully);
  }

  void aNodeThatStopsAtOnceMayCallDoneInsideItsCall() {
    TestWorld world;
    world.run(kBroker);
    bool done = false;
    world.stopNode(kBroker, [&] { done = true; });
    world.runFor(0ms);
    QVERIFY(done);
    world.startNode(kBroker);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Running);
  }

  void aRemovedNodeLeavesItsPlace() {
    TestWorld world;
    world.run(kClient);
    world.removeNode(kClient);
    QCOMPARE(world.nodeState(kClient), World::NodeState::Absent);
    world.run(kClient);
    QCOMPARE(world.nodeState(kClient), World::NodeState::Running);
  }

  void everyNodeAndEveryLifeDrawsItsOwnNumbers() {
    TestWorld world;
    std::vector<uint64_t> drawn;
    const auto draw = [&](ScriptedNode& node) { drawn.push_back(node.context.random.next()); };
    world.run(kBroker, {}, draw);
    world.run(brokerAddress(2), {}, draw);
    world.run(controllerAddress(1), {}, draw);
    world.killNode(kBroker);
    world.startNode(kBroker);
    for (size_t i = 0; i < drawn.size(); ++i)
      for (size_t j = i + 1; j < drawn.size(); ++j) QVERIFY(drawn[i] != drawn[j]);
    TestWorld again;
    std::vector<uint64_t> firstDrawn;
    again.run(kBroker, {}, [&](ScriptedNode& node) { firstDrawn.push_back(node.context.random.next()); });
    QCOMPARE(firstDrawn[0], drawn[0]);
  }

  void theCalendarFollowsTheClock() {
    TestWorld world;
    auto& clock = world.run(kBroker).context.clock;
    world.runFor(1234567us);
    QCOMPARE(clock.wallClockMs(), world.config().startMs + 1234);
    QCOMPARE(clock.now(), world.now());
  }
};

STREAMSCOPE_TEST(NodeTableTest);
#include "node_table_test.moc"
