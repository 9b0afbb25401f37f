#include <QTest>

#include "base/byte_writer.h"
#include "log/record_batch.h"
#include "running_cluster.h"
#include "support/test_registry.h"
#include "wire_client.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr int16_t kMetadataVersion = 12;
constexpr int16_t kProduceVersion = 9;

base::Bytes framed(base::ByteView body) {
  base::ByteWriter writer;
  writer.writeInt32(static_cast<int32_t>(body.size()));
  writer.writeBytes(body);
  return writer.take();
}

/// A request header as every version begins, with nothing after it.
base::Bytes bareRequest(int16_t apiKey, int16_t version) {
  base::ByteWriter writer;
  writer.writeInt16(apiKey);
  writer.writeInt16(version);
  writer.writeInt32(7);
  writer.writeInt16(-1);
  return framed(writer.view());
}

protocol::MetadataRequest metadataOf(const std::string& topic, bool allowAutoTopicCreation) {
  protocol::MetadataRequest request;
  protocol::MetadataRequest::MetadataRequestTopic wanted;
  wanted.name = topic;
  request.topics.emplace().push_back(wanted);
  request.allowAutoTopicCreation = allowAutoTopicCreation;
  return request;
}

base::Bytes oneBatch() {
  log::RecordBatchBuilder builder({});
  builder.append(1'700'000'000'000, base::asBytes("key"), base::asBytes("a value worth keeping"));
  return builder.build();
}

protocol::ProduceRequest produceTo(const std::string& topic, base::Bytes batch) {
  protocol::ProduceRequest request;
  request.acks = -1;
  request.timeoutMs = 10'000;
  protocol::ProduceRequest::PartitionProduceData partition;
  partition.records = base::SharedBytes(std::move(batch));
  protocol::ProduceRequest::TopicProduceData data;
  data.name = topic;
  data.partitionData.push_back(partition);
  request.topicData.push_back(data);
  return request;
}

base::ErrorCode produceError(const std::optional<protocol::ResponseBody>& response) {
  const auto& produce = std::get<protocol::ProduceResponse>(response.value());
  return static_cast<base::ErrorCode>(produce.responses.at(0).partitionResponses.at(0).errorCode);
}

}  // namespace

/// What a confused or hostile client may send. Each case: the answer Kafka gives, and a cluster that goes on.
class BadWireInputTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    lab::CreateTopic topic;
    topic.topic = "kept";
    m_cluster = std::make_unique<RunningCluster>(RunningCluster::describe(1, {topic}));
    QVERIFY2(m_cluster->problem().isEmpty(), qPrintable(m_cluster->problem()));
    QVERIFY(m_cluster->waitUntil("the topic is there", [](const auto& now) { return isInSync(now, "kept", 1); }));
  }

  /// After every case: another client still writes and nothing written before is gone.
  void cleanup() {
    WireClient client(m_cluster->port(1));
    const auto response = client.call(kProduceVersion, produceTo("kept", oneBatch()));
    QVERIFY(response.has_value());
    QCOMPARE(produceError(response), base::ErrorCode::NONE);
    const auto& produce = std::get<protocol::ProduceResponse>(*response);
    QCOMPARE(produce.responses[0].partitionResponses[0].baseOffset, m_written);
    ++m_written;
  }
  void cleanupTestCase() { m_cluster->stopCleanly(); }

  void closes_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, base::ByteView bytes) {
      QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                        static_cast<qsizetype>(bytes.size()));
    };
    row("an oversized frame", base::Bytes{0x7f, 0xff, 0xff, 0xff});
    row("a negative size", base::Bytes{0xff, 0xff, 0xff, 0xff});
    row("an empty frame", framed({}));
    row("a frame too short for a header", framed(base::Bytes(7, 0)));
    row("a frame of noise", framed(base::Bytes(100, 0x5a)));
    row("what a browser says", base::asBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    row("an unknown API", bareRequest(999, 0));
    row("an API of other listeners", bareRequest(static_cast<int16_t>(protocol::ApiKey::BrokerHeartbeat), 0));
    row("an unknown version", bareRequest(static_cast<int16_t>(protocol::ApiKey::Metadata), 99));
    row("a body that ends early", bareRequest(static_cast<int16_t>(protocol::ApiKey::Produce), 3));
  }
  void closes() {
    QFETCH(QByteArray, bytes);
    WireClient client(m_cluster->port(1));
    client.send(base::asBytes({bytes.constData(), static_cast<size_t>(bytes.size())}));
    QVERIFY(client.isClosedByBroker());
  }

  void halfAFrameDoesNoHarm() {
    WireClient client(m_cluster->port(1));
    base::Bytes frame = protocol::encodeRequestFrame(kMetadataVersion, 1, "half", metadataOf("kept", false));
    frame.resize(frame.size() / 2);
    client.send(frame);
    cleanup();
    client.leave();
  }

  void everyTruncationOfARequestEndsOrIsAnswered() {
    const base::Bytes whole = protocol::encodeRequestFrame(kProduceVersion, 1, "cut", produceTo("kept", oneBatch()));
    for (size_t size = 4; size < whole.size(); size += 5) {
      WireClient client(m_cluster->port(1));
      client.send(framed(base::ByteView(whole).subspan(4, size - 4)));
      QVERIFY2(client.receive() || client.isClosedByBroker(), QByteArray::number(size).constData());
    }
  }

  void anUnknownVersionOfApiVersionsIsAnswered() {
    WireClient client(m_cluster->port(1));
    base::ByteWriter writer;
    writer.writeInt16(static_cast<int16_t>(protocol::ApiKey::ApiVersions));
    writer.writeInt16(99);
    writer.writeInt32(7);
    writer.writeInt16(-1);
    // The header of every newer version ends with tagged fields.
    writer.writeUnsignedVarint(0);
    client.send(framed(writer.view()));
    const auto frame = client.receive();
    QVERIFY(frame.has_value());
    const auto response = protocol::decodeResponseFrame(protocol::ApiKey::ApiVersions, 0, base::SharedBytes(*frame));
    QVERIFY(response.has_value());
    const auto& versions = std::get<protocol::ApiVersionsResponse>(response->body);
    QCOMPARE(static_cast<base::ErrorCode>(versions.errorCode), base::ErrorCode::UNSUPPORTED_VERSION);
    QVERIFY(!versions.apiKeys.empty());
    // The client may now ask again, in a version both know.
    QVERIFY(client.call(0, protocol::ApiVersionsRequest{}).has_value());
  }

  void aWrongChecksumIsCorrupt() {
    WireClient client(m_cluster->port(1));
    base::Bytes batch = oneBatch();
    batch.back() ^= 1;
    const auto response = client.call(kProduceVersion, produceTo("kept", std::move(batch)));
    QVERIFY(response.has_value());
    QCOMPARE(produceError(response), base::ErrorCode::CORRUPT_MESSAGE);
  }

  void everyFlippedByteOfABatchIsRefused() {
    WireClient client(m_cluster->port(1));
    const base::Bytes batch = oneBatch();
    // The base offset (8), the length (4) and the leader epoch (4) are not covered by the checksum; of these the leader
    // only obeys the length.
    for (size_t i = 16; i < batch.size(); ++i) {
      base::Bytes damaged = batch;
      damaged[i] ^= 0x40;
      const auto response = client.call(kProduceVersion, produceTo("kept", std::move(damaged)));
      QVERIFY2(response.has_value(), QByteArray::number(static_cast<int>(i)).constData());
      QVERIFY2(produceError(response) != base::ErrorCode::NONE, QByteArray::number(static_cast<int>(i)).constData());
    }
  }

  void anUnknownTopicIsSaid() {
    WireClient client(m_cluster->port(1));
    const auto produced = client.call(kProduceVersion, produceTo("nowhere", oneBatch()));
    QVERIFY(produced.has_value());
    QCOMPARE(produceError(produced), base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    const auto response = client.call(kMetadataVersion, metadataOf("nowhere", false));
    QVERIFY(response.has_value());
    const auto& metadata = std::get<protocol::MetadataResponse>(*response);
    QCOMPARE(static_cast<base::ErrorCode>(metadata.topics.at(0).errorCode),
             base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
  }

  void anImpossibleTopicNameIsSaid() {
    WireClient client(m_cluster->port(1));
    const auto response = client.call(kMetadataVersion, metadataOf("no/such name", true));
    QVERIFY(response.has_value());
    const auto& metadata = std::get<protocol::MetadataResponse>(*response);
    QCOMPARE(static_cast<base::ErrorCode>(metadata.topics.at(0).errorCode), base::ErrorCode::INVALID_TOPIC_EXCEPTION);
  }

 private:
  std::unique_ptr<RunningCluster> m_cluster;
  int64_t m_written = 0;
};

STREAMSCOPE_TEST(BadWireInputTest);
#include "bad_wire_input_test.moc"
