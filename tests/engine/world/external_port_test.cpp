// Real clients' connections: frames in, frames out, in order, one at a time.

#include "world/external_port.h"

#include <QTest>

#include "protocol/api_versions.h"
#include "protocol/codec.h"
#include "support/test_registry.h"
#include "test_world.h"

using namespace streamscope;
using namespace streamscope::world;
using namespace std::chrono_literals;

namespace {

const Address kBroker = brokerAddress(1);

class Sink : public ExternalConnectionSink {
 public:
  void sendFrame(base::Bytes frame) override { frames.push_back(std::move(frame)); }
  void close(const std::string& reason) override { closed.push_back(reason); }

  /// The correlation ids of the answers so far.
  std::vector<int32_t> answered() const {
    std::vector<int32_t> ids;
    for (const base::Bytes& frame : frames) {
      const auto at = [&frame](size_t i) { return static_cast<uint32_t>(frame[i]); };
      ids.push_back(static_cast<int32_t>(at(4) << 24 | at(5) << 16 | at(6) << 8 | at(7)));
    }
    return ids;
  }

  std::vector<base::Bytes> frames;
  std::vector<std::string> closed;
};

base::Bytes withoutSize(const base::Bytes& frame) {
  return {frame.begin() + 4, frame.end()};
}

base::Bytes metadataFrame(int32_t correlationId) {
  return withoutSize(protocol::encodeRequestFrame(9, correlationId, "rdkafka", protocol::MetadataRequest{}));
}

base::Bytes produceFrame(int32_t correlationId, int16_t acks) {
  protocol::ProduceRequest produce;
  produce.acks = acks;
  auto& topic = produce.topicData.emplace_back();
  topic.name = "orders";
  topic.partitionData.push_back({0, base::SharedBytes(base::Bytes(50))});
  topic.partitionData.push_back({1, base::SharedBytes(base::Bytes(50))});
  return withoutSize(protocol::encodeRequestFrame(7, correlationId, "rdkafka", produce));
}

void answerAtOnce(ScriptedNode& node, IncomingRequest request) {
  node.answer(request.reply);
}

}  // namespace

class ExternalPortTest : public QObject {
  Q_OBJECT
 private slots:
  void aRequestIsAnsweredInItsVersion() {
    TestWorld world;
    IncomingRequest seen;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      seen = request;
      node.answer(request.reply, 5);
    });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "127.0.0.1:5000", &sink);
    const uint64_t before = world.eventsRun();
    world.externalFrame(connection, metadataFrame(42));
    QCOMPARE(world.eventsRun(), before + 1);
    QCOMPARE(seen.header.clientId, std::string("rdkafka"));
    QCOMPARE(seen.header.from, connection);
    QCOMPARE(seen.header.version, int16_t{9});
    QCOMPARE(sink.frames.size(), size_t{1});
    const auto answer = protocol::decodeResponseFrame(protocol::ApiKey::Metadata, 9, withoutSize(sink.frames[0]));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->header.correlationId, 42);
    QCOMPARE(std::get<protocol::MetadataResponse>(answer->body).throttleTimeMs, 5);
    Strings story;
    for (size_t i = 1; i < world.events.size(); ++i) story.push_back(toText(world.events[i]));
    QCOMPARE(story, (Strings{
                        "00:00:00.000 #2 external 1 (127.0.0.1:5000) connected to broker 1",
                        "00:00:00.000 #3 external 1 -> broker 1: Metadata v9 (42)",
                        "00:00:00.000 #4 <-#3 broker 1 received Metadata (42) from external 1",
                        "00:00:00.000 #5 <-#4 broker 1 -> external 1: answer to Metadata v9 (42)",
                    }));
  }

  void requestsWaitForTheAnswerBefore() {
    TestWorld world;
    std::vector<ReplyHandle> open;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) { open.push_back(request.reply); });
    Sink sink, otherSink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    const Address other = world.openExternal(kBroker, "b", &otherSink);
    // Correlation ids are the client's business and may repeat.
    for (const int32_t id : {1, 2, 2}) world.externalFrame(connection, metadataFrame(id));
    world.externalFrame(other, metadataFrame(9));
    world.runFor(1s);
    QCOMPARE(open.size(), size_t{2});
    QCOMPARE(open[1].correlationId, 9);
    QCOMPARE(world.externalConnections()[0].queuedFrames, size_t{2});
    auto& broker = world.scripted(kBroker);
    broker.answer(open[0]);
    // Answering twice is harmless.
    broker.answer(open[0]);
    QVERIFY((sink.answered() == std::vector<int32_t>{1}));
    QCOMPARE(open.size(), size_t{2});
    world.runFor(0s);
    QCOMPARE(open.size(), size_t{3});
    broker.answer(open[2]);
    broker.answer(open[0]);
    world.runFor(0s);
    QCOMPARE(open.size(), size_t{4});
    QVERIFY((sink.answered() == std::vector<int32_t>{1, 2}));
    broker.answer(open[3]);
    QVERIFY((sink.answered() == std::vector<int32_t>{1, 2, 2}));
    QVERIFY(otherSink.frames.empty());
  }

  void produceWithoutAcksDoesNotHoldTheConnection() {
    TestWorld world;
    Strings seen;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      seen.push_back(std::string(protocol::apiName(request.header.api)));
      // What a broker must not do for acks=0 changes nothing.
      node.answer(request.reply);
    });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.externalFrame(connection, produceFrame(1, 0));
    world.externalFrame(connection, produceFrame(2, 0));
    world.externalFrame(connection, metadataFrame(3));
    world.runFor(0s);
    QCOMPARE(seen, (Strings{"Produce", "Produce", "Metadata"}));
    QVERIFY((sink.answered() == std::vector<int32_t>{3}));
  }

  void theBrokerMayEndTheConnectionInstead() {
    TestWorld world;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      node.context.network.disconnect(request.reply, "the records are corrupt");
    });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.externalFrame(connection, produceFrame(1, 0));
    QCOMPARE(sink.closed, Strings{"the records are corrupt"});
    QVERIFY(world.externalConnections().empty());
    world.externalFrame(connection, metadataFrame(2));
    QVERIFY(!world.wantsMore(connection));
  }

  void badBytesCloseWithTheReason_data() {
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<QString>("reason");
    QTest::newRow("empty") << QByteArray() << "";
    QTest::newRow("half a header") << QByteArray::fromHex("000300") << "";
    QTest::newRow("unknown api") << QByteArray::fromHex("03e7000000000001ffff") << "999";
    QTest::newRow("negative api") << QByteArray::fromHex("ffff000000000001ffff") << "-1";
    QTest::newRow("unserved version") << QByteArray::fromHex("0003006300000001ffff00") << "Metadata version 99";
    QTest::newRow("half a body") << QByteArray::fromHex("0003000100000001ffff00000002") << "MetadataRequest v1";
  }

  void badBytesCloseWithTheReason() {
    QFETCH(QByteArray, frame);
    QFETCH(QString, reason);
    TestWorld world;
    int handled = 0;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest) { ++handled; });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.externalFrame(connection,
                        {reinterpret_cast<const uint8_t*>(frame.data()), static_cast<size_t>(frame.size())});
    QCOMPARE(handled, 0);
    QCOMPARE(sink.closed.size(), size_t{1});
    QVERIFY2(QString::fromStdString(sink.closed[0]).contains(reason), sink.closed[0].c_str());
    QVERIFY(!sink.closed[0].empty());
    const auto closed = world.eventsOf<ConnectionClosed>();
    QCOMPARE(closed.size(), size_t{1});
    QCOMPARE(std::get<ConnectionClosed>(closed[0].payload).reason, sink.closed[0]);
    QVERIFY(world.externalConnections().empty());
  }

  void anUnknownVersionOfApiVersionsIsAnsweredInItsOldestForm() {
    TestWorld world;
    int handled = 0;
    world.run(kBroker, [&](ScriptedNode& node, IncomingRequest request) {
      ++handled;
      node.answer(request.reply);
    });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    const QByteArray frame = QByteArray::fromHex("001200630000002affff0001020304");
    world.externalFrame(connection,
                        {reinterpret_cast<const uint8_t*>(frame.data()), static_cast<size_t>(frame.size())});
    QCOMPARE(sink.frames.size(), size_t{1});
    const auto answer = protocol::decodeResponseFrame(protocol::ApiKey::ApiVersions, 0, withoutSize(sink.frames[0]));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->header.correlationId, 42);
    const auto& versions = std::get<protocol::ApiVersionsResponse>(answer->body);
    QCOMPARE(versions.errorCode, int16_t{35});
    QCOMPARE(versions.apiKeys.size(), size_t{1});
    QCOMPARE(versions.apiKeys[0].apiKey, int16_t{18});
    // The connection goes on.
    world.externalFrame(connection, metadataFrame(43));
    QCOMPARE(handled, 1);
    QVERIFY((sink.answered() == std::vector<int32_t>{42, 43}));
    QVERIFY(sink.closed.empty());
  }

  void aClientThatDoesNotWaitIsHeldBackAndThenClosed() {
    TestWorld world;
    std::vector<ReplyHandle> open;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) { open.push_back(request.reply); });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    const base::Bytes frame = metadataFrame(1);
    // The first one is with the broker.
    for (size_t i = 0; i < kQueuedFramesMax; ++i) world.externalFrame(connection, frame);
    QVERIFY(world.wantsMore(connection));
    world.externalFrame(connection, frame);
    QVERIFY(!world.wantsMore(connection));
    world.scripted(kBroker).answer(open.back());
    world.runFor(0s);
    QVERIFY(world.wantsMore(connection));
    QVERIFY(sink.closed.empty());
    while (sink.closed.empty()) {
      world.externalFrame(connection, frame);
      QVERIFY(world.eventsRun() < 3 * kQueuedFramesMax);
    }
    QVERIFY(sink.closed[0].find("faster") != std::string::npos);
  }

  void aFrameBeyondTheLimitClosesTheConnection() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.externalFrame(connection, base::Bytes(kRequestBytesMax + 1));
    QCOMPARE(sink.closed.size(), size_t{1});
    QVERIFY(sink.closed[0].find("socket.request.max.bytes") != std::string::npos);
  }

  void whatIsKnownOfAClient() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    Sink sink;
    const Address connection = world.openExternal(kBroker, "127.0.0.1:5000", &sink);
    auto state = world.externalConnections().at(0);
    QCOMPARE(state.address, connection);
    QCOMPARE(state.broker, kBroker);
    QCOMPARE(state.peer, std::string("127.0.0.1:5000"));
    QVERIFY(!state.lastApi.has_value());

    protocol::ApiVersionsRequest versions;
    versions.clientSoftwareName = "librdkafka";
    versions.clientSoftwareVersion = "2.0.2";
    const base::Bytes first = protocol::encodeRequestFrame(3, 1, "kcat", versions);
    world.externalFrame(connection, withoutSize(first));
    world.externalFrame(connection, produceFrame(2, 0));
    state = world.externalConnections().at(0);
    QCOMPARE(state.software, std::string("librdkafka 2.0.2"));
    QCOMPARE(state.clientId, std::string("rdkafka"));
    QCOMPARE(state.requests, int64_t{2});
    QCOMPARE(state.bytesIn, static_cast<int64_t>(first.size() + produceFrame(2, 0).size() + 4));
    QCOMPARE(state.bytesOut, static_cast<int64_t>(sink.frames.at(0).size()));
    QCOMPARE(state.lastApi.value(), protocol::ApiKey::Produce);
    QVERIFY((state.producesTo == std::vector<base::TopicPartition>{{"orders", 0}, {"orders", 1}}));

    protocol::FetchRequest fetch;
    auto& topic = fetch.topics.emplace_back();
    topic.topicId = {1, 2};
    topic.partitions.emplace_back().partition = 3;
    world.externalFrame(connection, withoutSize(protocol::encodeRequestFrame(13, 3, "rdkafka", fetch)));
    const base::TopicPartition byId{base::Uuid{1, 2}.toString(), 3};
    QVERIFY((world.externalConnections().at(0).fetchesFrom == std::vector<base::TopicPartition>{byId}));
  }

  void aKilledBrokersConnectionsClose() {
    TestWorld world;
    std::vector<ReplyHandle> open;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) { open.push_back(request.reply); });
    world.run(brokerAddress(2));
    Sink sink, waiting, elsewhere;
    world.openExternal(kBroker, "a", &sink);
    world.externalFrame(world.openExternal(kBroker, "b", &waiting), metadataFrame(1));
    world.openExternal(brokerAddress(2), "c", &elsewhere);
    world.killNode(kBroker);
    QCOMPARE(sink.closed.size(), size_t{1});
    QCOMPARE(waiting.closed.size(), size_t{1});
    QVERIFY(elsewhere.closed.empty());
    QCOMPARE(world.externalConnections().size(), size_t{1});
    world.startNode(kBroker);
    world.scripted(kBroker).answer(open[0]);
    QVERIFY(waiting.frames.empty());
    Sink refused;
    world.killNode(kBroker);
    world.openExternal(kBroker, "d", &refused);
    QCOMPARE(refused.closed.size(), size_t{1});
  }

  void aPausedBrokerHoldsItsConnections() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.pauseNode(kBroker);
    world.externalFrame(connection, metadataFrame(1));
    world.externalFrame(connection, metadataFrame(2));
    world.runFor(1s);
    QVERIFY(sink.frames.empty());
    QVERIFY(sink.closed.empty());
    world.resumeNode(kBroker);
    world.runFor(0s);
    QVERIFY((sink.answered() == std::vector<int32_t>{1, 2}));
  }

  void aClientThatLeftGetsNothing() {
    TestWorld world;
    std::vector<ReplyHandle> open;
    world.run(kBroker, [&](ScriptedNode&, IncomingRequest request) { open.push_back(request.reply); });
    Sink sink;
    const Address connection = world.openExternal(kBroker, "a", &sink);
    world.externalFrame(connection, metadataFrame(1));
    world.externalFrame(connection, metadataFrame(2));
    world.closeExternal(connection, "the client closed");
    world.closeExternal(connection, "the client closed");
    world.scripted(kBroker).answer(open[0]);
    world.runFor(1s);
    QCOMPARE(open.size(), size_t{1});
    QVERIFY(sink.frames.empty());
    QVERIFY(sink.closed.empty());
    QCOMPARE(world.eventsOf<ConnectionClosed>().size(), size_t{1});
  }

  void aReplayHasNoSinks() {
    TestWorld world;
    world.run(kBroker, answerAtOnce);
    const Address connection = world.openExternal(kBroker, "a", nullptr);
    world.externalFrame(connection, metadataFrame(1));
    QVERIFY(world.externalConnections().at(0).bytesOut > 0);
    world.killNode(kBroker);
    QVERIFY(world.externalConnections().empty());
  }
};

STREAMSCOPE_TEST(ExternalPortTest);
#include "external_port_test.moc"
