// The same seed tells the same story, byte for byte; another seed tells another.

#include <QTest>

#include "support/test_registry.h"
#include "test_world.h"
#include "world/trace_hash.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

/// Plays with the others for as long as it lives: asks somebody at random, waits at random, sometimes does not answer.
void play(ScriptedNode& node) {
  node.context.timers.after(base::Duration(node.context.random.between(100, 3000)), [&node] {
    const Address peer = brokerAddress(static_cast<int32_t>(node.context.random.between(1, 4)));
    if (peer != node.context.self)
      node.context.network.send(peer, 12, protocol::MetadataRequest{}, 20ms, [&node](Response response) {
        if (response.outcome != Response::Outcome::Received)
          node.context.trace.record(BrokerFenced{node.context.self, {}});
      });
    play(node);
  });
}

std::string hashOfARun(uint64_t seed) {
  WorldConfig config;
  config.seed = seed;
  TestWorld world(config);
  TraceHash hash;
  world.subscribe([&](const TraceEvent& event) { hash.add(event); });
  for (int32_t id = 1; id <= 4; ++id)
    world.run(
        brokerAddress(id),
        [](ScriptedNode& node, IncomingRequest request) {
          if (node.context.random.chance(9, 10)) node.answer(request.reply);
        },
        play);
  for (int64_t round = 0; round < 5; ++round) {
    world.at(atMs(round * 200 + 50), [&] { world.killNode(brokerAddress(1)); });
    world.at(atMs(round * 200 + 90), [&] { world.startNode(brokerAddress(1)); });
    world.at(atMs(round * 200 + 100), [&] { world.pauseNode(brokerAddress(2)); });
    world.at(atMs(round * 200 + 110), [&] { world.cutLink(brokerAddress(3), brokerAddress(4)); });
    world.at(atMs(round * 200 + 140), [&] { world.resumeNode(brokerAddress(2)); });
    world.at(atMs(round * 200 + 150), [&] { world.healLink(brokerAddress(3), brokerAddress(4)); });
  }
  world.runUntil(atMs(1000));
  return hash.hex() + " after " + std::to_string(world.events.size()) + " events";
}

}  // namespace

class DeterminismTest : public QObject {
  Q_OBJECT
 private slots:
  void sameSeedSameHash() {
    const std::string first = hashOfARun(1);
    QCOMPARE(hashOfARun(1), first);
    QVERIFY(hashOfARun(2) != first);
  }

  /// How a run is told again: as many events as had run when something came in, then the clock to that moment.
  void aRunCanBeStoppedAtTheSamePlace() {
    const auto story = [](bool isReplay) {
      TestWorld world;
      world.run(brokerAddress(1), [](ScriptedNode& node, IncomingRequest request) { node.answer(request.reply); }, {});
      world.run(brokerAddress(2), {}, [](ScriptedNode& node) { play(node); });
      static uint64_t position;
      if (!isReplay) {
        world.runUntil(atMs(33));
        position = world.eventsRun();
      } else {
        while (world.eventsRun() < position) world.step();
        world.advanceTo(atMs(33));
      }
      world.killNode(brokerAddress(1));
      world.runUntil(atMs(100));
      Strings lines;
      for (const TraceEvent& event : world.events) lines.push_back(toText(event));
      return lines;
    };
    const Strings first = story(false);
    QVERIFY(first.size() > 20);
    QCOMPARE(story(true), first);
  }
};

STREAMSCOPE_TEST(DeterminismTest);
#include "determinism_test.moc"
