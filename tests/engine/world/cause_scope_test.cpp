#include "world/cause_scope.h"

#include <QTest>

#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);
const Address kClient = clientAddress(1);

}  // namespace

class CauseScopeTest : public QObject {
  Q_OBJECT
 private slots:
  void aRequestsStoryIsOneChain() {
    TestWorld world;
    world.run(kBroker, [](ScriptedNode& node, IncomingRequest request) {
      node.context.trace.record(BrokerUnfenced{kBroker});
      node.answer(request.reply);
    });
    auto& client = world.run(kClient, {}, [](ScriptedNode& node) {
      node.context.timers.after(2ms, [&node] {
        node.context.network.send(kBroker, 12, protocol::MetadataRequest{}, 1s,
                                  [&node](Response) { node.context.trace.record(BrokerUnfenced{kClient}); });
      });
    });
    Q_UNUSED(client);
    world.runFor(1s);
    Strings story;
    for (const TraceEvent& event : world.events) story.push_back(toText(event));
    QCOMPARE(story, (Strings{
                        "00:00:00.000 #1 broker 1 started",
                        "00:00:00.000 #2 client 1 started",
                        "00:00:00.002 #3 <-#2 client 1 -> broker 1: Metadata v12 (0)",
                        "00:00:00.003 #4 <-#3 broker 1 received Metadata (0) from client 1",
                        "00:00:00.003 #5 <-#4 broker 1 unfenced",
                        "00:00:00.003 #6 <-#4 broker 1 -> client 1: answer to Metadata v12 (0)",
                        "00:00:00.004 #7 <-#6 client 1 received the answer to Metadata (0) from broker 1",
                        "00:00:00.004 #8 <-#7 client 1 unfenced",
                    }));
    QCOMPARE(world.lastEvent(), EventId{8});
  }

  void aScopeNestsAndEnds() {
    TestWorld world;
    Trace& trace = world.trace();
    const EventId first = trace.record(BrokerUnfenced{kBroker});
    {
      const CauseScope outer(trace, first);
      QCOMPARE(trace.currentCause(), first);
      const EventId second = trace.record(BrokerUnfenced{kBroker});
      {
        const CauseScope inner(trace, second);
        trace.record(BrokerUnfenced{kBroker});
      }
      trace.record(BrokerUnfenced{kBroker});
    }
    trace.record(BrokerUnfenced{kBroker});
    std::vector<EventId> causes;
    for (const TraceEvent& event : world.events) causes.push_back(event.cause);
    QVERIFY((causes == std::vector<EventId>{0, 1, 2, 1, 0}));
  }

  void hostWorkHasNoCauseAndCommandsMayGiveOne() {
    TestWorld world;
    world.run(kBroker);
    world.at(atMs(5), [&] {
      const CauseScope cause(world.trace(), world.trace().record(CommandExecuted{"kill", ""}));
      world.killNode(kBroker);
    });
    world.runFor(1s);
    QCOMPARE(toText(world.events[1]), std::string("00:00:00.005 #2 command kill"));
    QCOMPARE(toText(world.events[2]), std::string("00:00:00.005 #3 <-#2 broker 1 was killed"));
  }

  void aTimeoutIsCausedByItsRequest() {
    TestWorld world;
    world.run(kBroker);
    world.run(kClient);
    world.ask(kClient, kBroker, 10ms);
    world.runFor(1s);
    QCOMPARE(world.eventsOf<RequestFailed>()[0].cause, world.eventsOf<RequestSent>()[0].id);
  }
};

STREAMSCOPE_TEST(CauseScopeTest);
#include "cause_scope_test.moc"
