// Messages between nodes: order, loss, timeouts, broken connections.

#include <QTest>

#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);
const Address kClient = clientAddress(1);
const Address kOtherClient = clientAddress(2);

void answerAtOnce(ScriptedNode& node, IncomingRequest request) {
  node.answer(request.reply, request.header.correlationId);
}

}  // namespace

class MessageNetworkTest : public QObject {
  Q_OBJECT
 private slots:
  void aRequestAndItsResponseTakeOneLatencyEach() {
    TestWorld world;
    IncomingRequest seen;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      seen = request;
      node.answer(request.reply, 7);
    });
    world.run(kClient);
    world.ask(kClient, kBroker);
    world.runFor(1ms);
    QCOMPARE(seen.header.api, protocol::ApiKey::Metadata);
    QCOMPARE(seen.header.version, int16_t{12});
    QCOMPARE(seen.header.clientId, std::string("client 1"));
    QCOMPARE(seen.header.from, kClient);
    QCOMPARE(world.outcomes, Strings{});
    world.runFor(1ms);
    QCOMPARE(world.outcomes, Strings{"received 7"});
    QCOMPARE(world.nextEventTime(), base::kVirtualTimeMax);
  }

  void linksKeepOrderUnderJitter() {
    WorldConfig config = TestWorld::quiet();
    config.linkJitter = 5ms;
    TestWorld world(config);
    std::vector<int32_t> arrived;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      arrived.push_back(request.header.correlationId);
      node.answer(request.reply, request.header.correlationId);
    });
    world.run(kClient);
    Strings expected;
    for (int i = 0; i < 200; ++i) {
      world.ask(kClient, kBroker);
      world.runFor(100us);
      expected.push_back("received " + std::to_string(i));
    }
    world.runFor(1s);
    QCOMPARE(arrived.size(), size_t{200});
    QVERIFY(std::is_sorted(arrived.begin(), arrived.end()));
    QCOMPARE(world.outcomes, expected);
    for (const TraceEvent& event : world.eventsOf<RequestSent>()) {
      const base::Duration latency = std::get<RequestSent>(event.payload).due - event.time;
      QVERIFY(latency >= 1ms && latency <= 6ms);
    }
  }

  void withoutLatencyMessagesStillGoThroughTheQueue() {
    WorldConfig config = TestWorld::quiet();
    config.linkLatency = base::Duration::zero();
    TestWorld world(config);
    Strings order;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      order.push_back("handled");
      node.answer(request.reply);
    });
    world.run(kClient);
    world.ask(kClient, kBroker);
    order.push_back("sent");
    world.runFor(0ms);
    QCOMPARE(order, (Strings{"sent", "handled"}));
    QCOMPARE(world.outcomes, Strings{"received 0"});
  }

  void anUnansweredRequestTimesOutAndALateAnswerIsDropped() {
    TestWorld world;
    ReplyHandle reply;
    auto& broker = world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) { reply = request.reply; });
    world.run(kClient);
    world.ask(kClient, kBroker, 10ms);
    world.runUntil(atMs(9));
    QCOMPARE(world.outcomes, Strings{});
    world.runUntil(atMs(10));
    QCOMPARE(world.outcomes, Strings{"timed out"});
    broker.answer(reply);
    world.runFor(1s);
    QCOMPARE(world.outcomes, Strings{"timed out"});
    QCOMPARE(world.eventsOf<MessageDropped>().size(), size_t{1});
    const auto failed = world.eventsOf<RequestFailed>();
    QCOMPARE(failed.size(), size_t{1});
    QCOMPARE(std::get<RequestFailed>(failed[0].payload).reason, RequestFailed::Reason::TimedOut);
  }

  void aCutLinkLosesSilentlyUntilItIsHealed() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    world.run(kClient);
    world.cutLink(kClient, kBroker);
    world.cutLink(kClient, kBroker);
    QVERIFY(world.isLinkCut(kClient, kBroker));
    QVERIFY(!world.isLinkCut(kBroker, kClient));
    world.ask(kClient, kBroker, 20ms);
    world.runUntil(atMs(19));
    QCOMPARE(world.outcomes, Strings{});
    QCOMPARE(world.eventsOf<MessageDropped>().size(), size_t{1});
    world.healLink(kClient, kBroker);
    world.ask(kClient, kBroker, 20ms);
    world.runUntil(atMs(100));
    QCOMPARE(world.outcomes, (Strings{"timed out", "received 1"}));
    QCOMPARE(world.eventsOf<LinkCut>().size(), size_t{1});
    QCOMPARE(world.eventsOf<LinkHealed>().size(), size_t{1});
  }

  void aCutLosesWhatIsUnderWayAndTheAnswersDirection() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    world.run(kClient);
    world.ask(kClient, kBroker, 20ms);
    world.runFor(500us);
    world.cutLink(kClient, kBroker);
    world.runFor(1ms);
    world.healLink(kClient, kBroker);
    world.cutLink(kBroker, kClient);
    world.ask(kClient, kBroker, 20ms);
    world.runFor(1s);
    QCOMPARE(world.outcomes, (Strings{"timed out", "timed out"}));
    QCOMPARE(world.eventsOf<RequestReceived>().size(), size_t{1});
    QCOMPARE(world.eventsOf<MessageDropped>().size(), size_t{2});
  }

  void aKillDisconnectsEveryoneWhoWaits() {
    TestWorld world;
    world.run(kBroker, [](ScriptedNode&, IncomingRequest) {});
    world.run(kClient);
    world.run(kOtherClient);
    world.ask(kClient, kBroker);
    world.ask(kOtherClient, kBroker);
    world.runUntil(atMs(5));
    // One of these is under way when the broker dies.
    world.ask(kClient, kBroker);
    world.killNode(kBroker);
    world.runUntil(atMs(6) - 1us);
    QCOMPARE(world.outcomes, Strings{});
    world.runUntil(atMs(6));
    QCOMPARE(world.outcomes, (Strings{"disconnected", "disconnected", "disconnected"}));
    const EventId kill = world.eventsOf<NodeStopped>()[0].id;
    for (const TraceEvent& event : world.eventsOf<RequestFailed>()) QCOMPARE(event.cause, kill);
  }

  void aRequestUnderWayNeverReachesTheNextLife() {
    TestWorld world;
    int handled = 0;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      ++handled;
      node.answer(request.reply);
    });
    world.run(kClient);
    world.ask(kClient, kBroker);
    world.killNode(kBroker);
    world.startNode(kBroker);
    world.runFor(10ms);
    QCOMPARE(handled, 0);
    QCOMPARE(world.outcomes, Strings{"disconnected"});
    world.ask(kClient, kBroker);
    world.runFor(10ms);
    QCOMPARE(world.outcomes, (Strings{"disconnected", "received 0"}));
  }

  void aKillBehindACutLinkIsSilent() {
    TestWorld world;
    world.run(kBroker, [](ScriptedNode&, IncomingRequest) {});
    world.run(kClient);
    world.ask(kClient, kBroker, 50ms);
    world.runUntil(atMs(2));
    world.cutLink(kBroker, kClient);
    world.killNode(kBroker);
    world.runUntil(atMs(49));
    QCOMPARE(world.outcomes, Strings{});
    world.runUntil(atMs(50));
    QCOMPARE(world.outcomes, Strings{"timed out"});
    world.healLink(kBroker, kClient);
    world.removeNode(kBroker);
    world.run(kBroker, answerAtOnce);
    world.ask(kClient, kBroker);
    world.runFor(10ms);
    QCOMPARE(world.outcomes, (Strings{"timed out", "received 1"}));
  }

  void aDownNodeRefusesAfterARoundTrip() {
    TestWorld world;
    world.run(kClient);
    world.ask(kClient, kBroker);
    world.runUntil(atMs(2) - 1us);
    QCOMPARE(world.outcomes, Strings{});
    world.runUntil(atMs(2));
    QCOMPARE(world.outcomes, Strings{"disconnected"});
    world.run(kBroker, answerAtOnce);
    world.ask(kClient, kBroker);
    world.runFor(5ms);
    QCOMPARE(world.outcomes, (Strings{"disconnected", "received 1"}));
  }

  void anAnswerOnTheWireOutlivesItsSender() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    world.run(kClient);
    world.ask(kClient, kBroker);
    world.runUntil(atMs(1));
    world.killNode(kBroker);
    world.runFor(10ms);
    QCOMPARE(world.outcomes, Strings{"received 0"});
  }

  void answersOfAndForOlderLivesAreVoid() {
    TestWorld world;
    ReplyHandle reply;
    const auto keep = [&](ScriptedNode&, IncomingRequest request) { reply = request.reply; };
    world.run(kBroker, keep);
    world.run(kClient);
    world.ask(kClient, kBroker);
    world.runFor(5ms);
    world.killNode(kClient);
    world.startNode(kClient);
    world.scripted(kBroker).answer(reply);
    world.runFor(5ms);
    QCOMPARE(world.outcomes, Strings{});
    QCOMPARE(world.eventsOf<MessageDropped>().size(), size_t{1});

    world.ask(kClient, kBroker);
    world.runFor(5ms);
    world.killNode(kBroker);
    world.startNode(kBroker);
    const size_t before = world.eventsOf<ResponseSent>().size();
    world.scripted(kBroker).answer(reply);
    QCOMPARE(world.eventsOf<ResponseSent>().size(), before);
    world.runFor(5ms);
    QCOMPARE(world.outcomes, Strings{"disconnected"});
  }

  void aPausedReceiverAcceptsAndAnswersLater() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    world.run(kClient);
    world.pauseNode(kBroker);
    world.ask(kClient, kBroker, 50ms);
    world.runUntil(atMs(40));
    QCOMPARE(world.outcomes, Strings{});
    world.resumeNode(kBroker);
    world.runFor(5ms);
    QCOMPARE(world.outcomes, Strings{"received 0"});
  }

  void aPausedSenderSeesTheAnswerThatCameBeforeTheTimeout() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    world.run(kClient);
    world.ask(kClient, kBroker, 50ms);
    world.pauseNode(kClient);
    world.runUntil(atMs(100));
    world.resumeNode(kClient);
    world.runFor(5ms);
    QCOMPARE(world.outcomes, Strings{"received 0"});
  }

  void fireAndForgetEndsOnlyWhenItIsRefused() {
    TestWorld world;
    int handled = 0;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest) { ++handled; });
    auto& network = world.run(kClient).context.network;
    Strings ends;
    const auto fire = [&] {
      network.send(
          kBroker, 9, protocol::ProduceRequest{}, 1ms, [&](Response) { ends.push_back("ended"); }, false);
    };
    fire();
    world.runFor(1s);
    QCOMPARE(handled, 1);
    QCOMPARE(ends, Strings{});
    world.killNode(kBroker);
    fire();
    world.runFor(1s);
    QCOMPARE(ends, Strings{"ended"});
  }

  void disconnectEndsEverythingTheRequesterHasInFlight() {
    TestWorld world;
    int requests = 0;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      if (++requests == 2) node.context.network.disconnect(request.reply, "the records are corrupt");
      if (requests > 2) node.answer(request.reply, 9);
    });
    world.run(kClient);
    for (int i = 0; i < 3; ++i) world.ask(kClient, kBroker);
    world.runFor(10ms);
    QCOMPARE(world.outcomes, (Strings{"disconnected", "disconnected", "disconnected"}));
    // The third came on a connection that was over.
    QCOMPARE(requests, 2);
    world.ask(kClient, kBroker);
    world.runFor(10ms);
    QCOMPARE(world.outcomes.back(), std::string("received 9"));
  }

  void aHandlerMaySendAgain() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    auto& network = world.run(kClient).context.network;
    int answers = 0;
    std::function<void(Response)> next = [&](Response) {
      if (++answers < 100) network.send(kBroker, 12, protocol::MetadataRequest{}, 1s, next, true);
    };
    network.send(kBroker, 12, protocol::MetadataRequest{}, 1s, next, true);
    world.runFor(1s);
    QCOMPARE(answers, 100);
  }

  void messagesInFlightAreListedInTheOrderTheyWereSent() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    auto& client = world.run(kClient);
    protocol::ProduceRequest produce;
    produce.acks = -1;
    auto& topic = produce.topicData.emplace_back();
    topic.name = "orders";
    topic.partitionData.push_back({2, base::SharedBytes(base::Bytes(123))});
    client.context.network.send(kBroker, 9, produce, 1s, nullptr);
    world.runFor(500us);
    world.ask(kClient, kBroker);
    auto flying = world.messagesInFlight();
    QCOMPARE(flying.size(), size_t{2});
    QCOMPARE(flying[0].api, protocol::ApiKey::Produce);
    QCOMPARE(flying[0].partition.toString(), std::string("orders-2"));
    QCOMPARE(flying[0].recordBytes, uint32_t{123});
    QCOMPARE(flying[0].sent, atMs(0));
    QCOMPARE(flying[0].due, atMs(1));
    QCOMPARE(flying[0].from, kClient);
    QCOMPARE(flying[0].to, kBroker);
    QVERIFY(!flying[0].isResponse);
    QCOMPARE(flying[0].sentEvent, world.eventsOf<RequestSent>()[0].id);
    QCOMPARE(std::get<RequestSent>(world.eventsOf<RequestSent>()[0].payload).recordBytes, uint32_t{123});
    world.runUntil(atMs(1));
    flying = world.messagesInFlight();
    QCOMPARE(flying.size(), size_t{2});
    QCOMPARE(flying[0].api, protocol::ApiKey::Metadata);
    QVERIFY(flying[1].isResponse);
    world.runFor(1s);
    QVERIFY(world.messagesInFlight().empty());
  }

  void theListOfMessagesIsBounded() {
    TestWorld world;
    world.run(kBroker);
    world.run(kClient);
    for (size_t i = 0; i < kMessagesInFlightMax + 10; ++i) world.ask(kClient, kBroker);
    QCOMPARE(world.messagesInFlight().size(), kMessagesInFlightMax);
    QCOMPARE(world.messagesInFlight().front().sentEvent, world.eventsOf<RequestSent>().front().id);
  }
};

STREAMSCOPE_TEST(MessageNetworkTest);
#include "message_network_test.moc"
