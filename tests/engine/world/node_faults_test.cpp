// What can be wrong with a machine: its clock, its speed, its power.

#include <QTest>

#include "protocol/codec.h"
#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);
const Address kOther = brokerAddress(2);
const Address kClient = clientAddress(1);

class Sink : public ExternalConnectionSink {
 public:
  void sendFrame(base::Bytes frame) override { frames.push_back(std::move(frame)); }
  void close(const std::string& reason) override { closedBecause = reason; }
  std::vector<base::Bytes> frames;
  std::string closedBecause;
};

base::Bytes metadataFrame() {
  const base::Bytes whole =
      protocol::encodeRequestFrame(12, 1, "real", protocol::RequestBody(protocol::MetadataRequest{}));
  return base::Bytes(whole.begin() + 4, whole.end());
}

}  // namespace

class NodeFaultsTest : public QObject {
  Q_OBJECT
 private slots:
  void aSkewedClockIsWrongForItsNodeOnly() {
    TestWorld world;
    const auto& clock = world.run(kBroker).context.clock;
    const auto& other = world.run(kOther).context.clock;
    const base::TimestampMs start = world.wallClockMs();
    world.runFor(10s);
    world.setClock(kBroker, {-1h, 0});
    QCOMPARE(clock.wallClockMs(), start + 10'000 - 3'600'000);
    QCOMPARE(clock.now(), world.now());
    QCOMPARE(other.wallClockMs(), start + 10'000);
    QCOMPARE(world.wallClockMs(), start + 10'000);
    QCOMPARE(world.wallClockMs(kBroker), start + 10'000 - 3'600'000);
    world.runFor(5s);
    QCOMPARE(clock.wallClockMs(), start + 15'000 - 3'600'000);
  }

  void aClockDriftsFromTheMomentItIsSet() {
    TestWorld world;
    const auto& clock = world.run(kBroker).context.clock;
    const base::TimestampMs start = world.wallClockMs();
    world.runFor(100s);
    world.setClock(kBroker, {2s, 500});
    QCOMPARE(clock.wallClockMs(), start + 102'000);
    world.runFor(1000s);
    QCOMPARE(clock.wallClockMs(), start + 1'102'000 + 500);
    world.setClock(kBroker, {0s, -1000});
    world.runFor(10s);
    QCOMPARE(clock.wallClockMs(), start + 1'110'000 - 10);
    world.setClock(kBroker, {});
    QCOMPARE(clock.wallClockMs(), start + 1'110'000);
    QCOMPARE(world.eventsOf<ClockChanged>().size(), size_t{3});
  }

  void aClockStaysWrongOverARestart() {
    TestWorld world;
    world.run(kBroker);
    world.setClock(kBroker, {1min, 0});
    world.killNode(kBroker);
    world.startNode(kBroker);
    QCOMPARE(world.scripted(kBroker).context.clock.wallClockMs(), world.wallClockMs() + 60'000);
    QCOMPARE(world.clockSetting(kBroker), (ClockSetting{1min, 0}));
  }

  void aBusyNodeLetsOthersWaitAndAnswersLater() {
    TestWorld world;
    std::vector<base::VirtualTime> handled;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      handled.push_back(world.now());
      world.occupyNode(kBroker, 10ms);
      node.answer(request.reply, request.header.correlationId);
    });
    world.run(kClient);
    for (int i = 0; i < 3; ++i) world.ask(kClient, kBroker);
    world.runFor(11ms);
    QCOMPARE(world.outcomes, Strings{});
    world.runFor(1ms);
    QCOMPARE(world.outcomes, Strings{"received 0"});
    world.runFor(1s);
    QCOMPARE(handled, (std::vector{atMs(1), atMs(11), atMs(21)}));
    QCOMPARE(world.outcomes, (Strings{"received 0", "received 1", "received 2"}));
  }

  void timersOfABusyNodeRingWhenItIsDone() {
    TestWorld world;
    std::vector<base::VirtualTime> rung;
    auto& timers = world.run(kBroker).context.timers;
    timers.after(1ms, [&] {
      rung.push_back(world.now());
      world.occupyNode(kBroker, 4ms);
      world.occupyNode(kBroker, 5ms);
    });
    timers.after(2ms, [&] { rung.push_back(world.now()); });
    timers.after(50ms, [&] { rung.push_back(world.now()); });
    world.runFor(1s);
    QCOMPARE(rung, (std::vector{atMs(1), atMs(10), atMs(50)}));
  }

  void aSlowStartDelaysTheFirstCall() {
    TestWorld world;
    std::vector<base::VirtualTime> started;
    world.addNode(
        kBroker,
        [&](NodeContext& context) {
          world.occupyNode(kBroker, 30ms);
          return std::make_unique<ScriptedNode>(
              context, [&](ScriptedNode&) { started.push_back(world.now()); }, ScriptedNode::RequestScript{});
        },
        nullptr);
    world.startNode(kBroker);
    world.runFor(1s);
    QCOMPARE(started, std::vector{atMs(30)});
  }

  void aNodeThatDoesNothingCannotBeOccupied() {
    TestWorld world;
    std::vector<base::VirtualTime> handled;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest) { handled.push_back(world.now()); });
    world.run(kClient);
    world.occupyNode(kBroker, 1h);
    world.ask(kClient, kBroker);
    world.runFor(1ms);
    QCOMPARE(handled, std::vector{atMs(1)});
  }

  void pausingABusyNodeKeepsTheOrder() {
    TestWorld world;
    Strings handled;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) {
      handled.push_back(std::to_string(request.header.correlationId) + " at " + base::formatVirtualTime(world.now()));
      world.occupyNode(kBroker, 10ms);
    });
    world.run(kClient);
    for (int i = 0; i < 3; ++i) world.ask(kClient, kBroker);
    world.runFor(2ms);
    world.pauseNode(kBroker);
    world.runFor(5ms);
    world.resumeNode(kBroker);
    world.runFor(1ms);
    world.pauseNode(kBroker);
    world.runFor(92ms);
    world.resumeNode(kBroker);
    world.runFor(1s);
    QCOMPARE(handled, (Strings{"0 at 00:00:00.001", "1 at 00:00:00.100", "2 at 00:00:00.110"}));
  }

  void aRealClientIsAnsweredWhenTheBrokerIsDone() {
    TestWorld world;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      world.occupyNode(kBroker, 10ms);
      node.answer(request.reply);
    });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "peer", &sink);
    world.externalFrame(connection, metadataFrame());
    world.externalFrame(connection, metadataFrame());
    world.runFor(9ms);
    QCOMPARE(sink.frames.size(), size_t{0});
    world.runFor(1ms);
    QCOMPARE(sink.frames.size(), size_t{1});
    world.runFor(10ms);
    QCOMPARE(sink.frames.size(), size_t{2});
    const auto answers = world.eventsOf<ResponseSent>();
    QCOMPARE(answers.size(), size_t{2});
    QVERIFY(answers[0].cause != 0);
  }

  void injectedErrorsAreAnsweredInTheNodesPlace() {
    TestWorld world;
    int handled = 0;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      ++handled;
      node.answer(request.reply, 7);
    });
    std::vector<int16_t> errors;
    auto& client = world.run(kClient);
    const auto ask = [&] {
      client.context.network.send(kBroker, 12, protocol::FindCoordinatorRequest{}, 30s, [&](Response response) {
        errors.push_back(protocol::firstErrorCode(response.body));
      });
    };
    world.injectError(kBroker, {protocol::ApiKey::FindCoordinator, base::ErrorCode::COORDINATOR_NOT_AVAILABLE, 2});
    world.injectError(kBroker, {protocol::ApiKey::FindCoordinator, base::ErrorCode::NOT_COORDINATOR, 1});
    world.ask(kClient, kBroker);
    for (int i = 0; i < 3; ++i) ask();
    QCOMPARE(world.injectedErrors(kBroker).size(), size_t{2});
    world.runFor(1s);
    QCOMPARE(errors, (std::vector<int16_t>{15, 15, 16}));
    QCOMPARE(handled, 1);
    QVERIFY(world.injectedErrors(kBroker).empty());
    const auto used = world.eventsOf<InjectedErrorUsed>();
    QCOMPARE(used.size(), size_t{3});
    QCOMPARE(std::get<InjectedErrorUsed>(used[0].payload).timesLeft, 1);
    QVERIFY(used[0].cause != 0);
    // Others and what is taken back are handled as ever.
    world.injectError(kBroker, {protocol::ApiKey::Metadata, base::ErrorCode::UNKNOWN_SERVER_ERROR, 5});
    world.forgetInjectedErrors(kBroker, protocol::ApiKey::Metadata);
    world.ask(kClient, kBroker);
    world.runFor(1s);
    QCOMPARE(world.outcomes, (Strings{"received 7", "received 7"}));
  }

  void anInjectedErrorMayComeLate() {
    TestWorld world;
    world.run(kBroker);
    world.run(kClient);
    InjectedError error{protocol::ApiKey::Metadata, base::ErrorCode::UNKNOWN_SERVER_ERROR, 1};
    error.delay = 100ms;
    world.injectError(kBroker, error);
    world.ask(kClient, kBroker);
    world.runFor(101ms);
    QCOMPARE(world.outcomes, Strings{});
    world.runFor(1ms);
    QCOMPARE(world.outcomes, Strings{"received 0"});
  }

  void aRealClientIsAnsweredWithAnInjectedError() {
    TestWorld world;
    world.run(kBroker);
    Sink sink;
    const Address connection = world.openExternal(kBroker, "peer", &sink);
    world.injectError(kBroker, {protocol::ApiKey::Metadata, base::ErrorCode::UNKNOWN_SERVER_ERROR, 1});
    world.externalFrame(connection, metadataFrame());
    world.runFor(1s);
    QCOMPARE(sink.frames.size(), size_t{1});
  }

  void theLossOfPowerEndsANodeAndIsToldAsSuch() {
    TestWorld world;
    world.run(kBroker);
    world.run(kClient);
    Sink sink;
    world.openExternal(kBroker, "peer", &sink);
    world.ask(kClient, kBroker);
    world.runFor(1ms);
    world.losePower(kBroker);
    world.runFor(1s);
    QCOMPARE(world.nodeState(kBroker), World::NodeState::Down);
    QCOMPARE(world.outcomes, Strings{"disconnected"});
    QCOMPARE(sink.closedBecause, std::string("the broker lost power"));
    QCOMPARE(std::get<NodeStopped>(world.eventsOf<NodeStopped>().at(0).payload).manner, NodeStopped::Manner::LostPower);
  }
};

STREAMSCOPE_TEST(NodeFaultsTest);
#include "node_faults_test.moc"
