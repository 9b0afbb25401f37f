// Links that are slow, lossy, narrow or deliver twice.

#include "world/link_conditions.h"

#include <QTest>

#include "protocol/codec.h"
#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);
const Address kClient = clientAddress(1);

/// A client and a broker that notes when each request arrived and answers at once.
struct Pair {
  explicit Pair(uint64_t seed = 1) : world(configOf(seed)) {
    world.run(kBroker, [this](ScriptedNode& node, IncomingRequest request) {
      arrivals.push_back(world.now());
      node.answer(request.reply, request.header.correlationId);
    });
    world.run(kClient);
  }
  static WorldConfig configOf(uint64_t seed) {
    WorldConfig config = TestWorld::quiet();
    config.seed = seed;
    return config;
  }

  TestWorld world;
  std::vector<base::VirtualTime> arrivals;
};

}  // namespace

class LinkConditionsTest : public QObject {
  Q_OBJECT
 private slots:
  void latencyIsForOneDirection() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {50ms, 0ms});
    pair.world.ask(kClient, kBroker);
    pair.world.runFor(50ms);
    QCOMPARE(pair.arrivals, std::vector{atMs(50)});
    QCOMPARE(pair.world.outcomes, Strings{});
    pair.world.runFor(1ms);
    QCOMPARE(pair.world.outcomes, Strings{"received 0"});
    QCOMPARE(pair.world.eventsOf<LinkConditionsChanged>().size(), size_t{1});
  }

  void conditionsAreToldOnceAndTakenBack() {
    Pair pair;
    QCOMPARE(pair.world.linkConditions(kClient, kBroker), (LinkConditions{1ms, 0ms}));
    const LinkConditions slow{50ms, 10ms, 20, 5, 1000};
    pair.world.setLinkConditions(kClient, kBroker, slow);
    pair.world.setLinkConditions(kClient, kBroker, slow);
    QCOMPARE(pair.world.linkConditions(kClient, kBroker), slow);
    QCOMPARE(pair.world.linkConditions(kBroker, kClient), (LinkConditions{1ms, 0ms}));
    pair.world.setLinkConditions(kClient, kBroker, pair.world.normalLinkConditions());
    QCOMPARE(pair.world.eventsOf<LinkConditionsChanged>().size(), size_t{2});
  }

  void jitterSpreadsAndKeepsOrder() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {10ms, 20ms});
    std::vector<base::Duration> delays;
    for (int i = 0; i < 200; ++i) {
      const base::VirtualTime sent = pair.world.now();
      pair.world.ask(kClient, kBroker);
      pair.world.runFor(40ms);
      delays.push_back(pair.arrivals.back() - sent);
    }
    const auto [least, most] = std::minmax_element(delays.begin(), delays.end());
    QVERIFY(*least >= 10ms && *least < 11ms);
    QVERIFY(*most <= 30ms && *most > 29ms);
  }

  void lossIsDelayByRetransmissionAndHoldsUpWhatFollows() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms, 300});
    Strings expected;
    for (int i = 0; i < 100; ++i) {
      pair.world.ask(kClient, kBroker);
      expected.push_back("received " + std::to_string(i));
    }
    pair.world.runFor(30s);
    // Nothing is missing, nothing has overtaken.
    QCOMPARE(pair.world.outcomes, expected);
    QVERIFY(std::is_sorted(pair.arrivals.begin(), pair.arrivals.end()));
    const auto lost = pair.world.eventsOf<MessageRetransmitted>();
    QVERIFY2(lost.size() > 15 && lost.size() < 45, std::to_string(lost.size()).c_str());
    int64_t longest = 0;
    for (const TraceEvent& event : lost) {
      const auto& again = std::get<MessageRetransmitted>(event.payload);
      QVERIFY(again.times >= 1);
      // 200 ms, then 400, 800 ...
      QCOMPARE(again.delayUs, 200'000 * ((int64_t{1} << again.times) - 1));
      QVERIFY(event.cause != 0);
      longest = std::max(longest, again.delayUs);
    }
    QCOMPARE(pair.arrivals.back(), atMs(1 + longest / 1000));
    QVERIFY(pair.world.eventsOf<MessageDropped>().empty());
  }

  void tcpGivesUpInTheEnd() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms, 1000});
    pair.world.ask(kClient, kBroker);
    pair.world.runFor(30s);
    QCOMPARE(pair.world.outcomes, Strings{"timed out"});
    // The next connection does not wait for the old one's segments.
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms});
    pair.world.ask(kClient, kBroker);
    pair.world.runFor(2ms);
    QCOMPARE(pair.world.outcomes, (Strings{"timed out", "received 1"}));
    pair.world.runFor(1h);
    QCOMPARE(pair.arrivals.size(), size_t{1});
    QCOMPARE(pair.world.eventsOf<MessageDropped>().size(), size_t{1});
  }

  void aNewConnectionLeavesTheBacklogOfTheOldOneBehind() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {60s, 0ms});
    pair.world.ask(kClient, kBroker);
    pair.world.runFor(30s);
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms});
    pair.world.ask(kClient, kBroker);
    pair.world.runFor(2ms);
    QCOMPARE(pair.world.outcomes, (Strings{"timed out", "received 1"}));
    // What the old connection had sent is still delivered, to nobody's use.
    pair.world.runFor(1min);
    QCOMPARE(pair.arrivals.size(), size_t{2});
    QCOMPARE(pair.world.outcomes.size(), size_t{2});
  }

  void aNarrowLinkCarriesOneFrameAfterTheOther() {
    Pair pair;
    const int64_t frameBytes = static_cast<int64_t>(
        protocol::encodeRequestFrame(12, 0, "client 1", protocol::RequestBody(protocol::MetadataRequest{})).size());
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms, 0, 0, 100 * frameBytes});
    for (int i = 0; i < 3; ++i) pair.world.ask(kClient, kBroker);
    pair.world.runFor(1s);
    QCOMPARE(pair.arrivals, (std::vector{atMs(11), atMs(21), atMs(31)}));
    pair.world.ask(kClient, kBroker);
    const base::VirtualTime asked = pair.world.now();
    pair.world.runFor(1s);
    QCOMPARE(pair.arrivals.back(), asked + 11ms);
  }

  void aRequestMayComeTwice() {
    Pair pair;
    pair.world.setLinkConditions(kClient, kBroker, {1ms, 0ms, 0, 500});
    Strings expected;
    for (int i = 0; i < 100; ++i) {
      pair.world.ask(kClient, kBroker);
      expected.push_back("received " + std::to_string(i));
    }
    pair.world.runFor(1s);
    // Each is answered once for its sender, though the broker saw some twice.
    QCOMPARE(pair.world.outcomes, expected);
    const size_t doubled = pair.world.eventsOf<MessageDuplicated>().size();
    QVERIFY(doubled > 30 && doubled < 70);
    QCOMPARE(pair.arrivals.size(), 100 + doubled);
    QCOMPARE(pair.world.eventsOf<RequestSent>().size(), size_t{100});
  }

  void theSeedDecides() {
    const auto story = [](uint64_t seed) {
      Pair pair(seed);
      pair.world.setLinkConditions(kClient, kBroker, {1ms, 5ms, 100, 100, 10'000});
      for (int i = 0; i < 50; ++i) pair.world.ask(kClient, kBroker);
      pair.world.runFor(30s);
      return pair.arrivals;
    };
    QCOMPARE(story(1), story(1));
    QVERIFY(story(1) != story(2));
  }
};

STREAMSCOPE_TEST(LinkConditionsTest);
#include "link_conditions_test.moc"
