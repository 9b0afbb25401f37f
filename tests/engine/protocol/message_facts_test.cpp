#include "protocol/message_facts.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using protocol::PartitionReference;

class MessageFactsTest : public QObject {
  Q_OBJECT
 private slots:
  void apiKeyOfABody() {
    QCOMPARE(protocol::apiKeyOf(protocol::RequestBody(protocol::BrokerHeartbeatRequest{})),
             protocol::ApiKey::BrokerHeartbeat);
    QCOMPARE(protocol::apiKeyOf(protocol::ResponseBody(protocol::FetchResponse{})), protocol::ApiKey::Fetch);
  }

  void firstErrorCodeIsFoundWhereverItStands() {
    protocol::ProduceResponse produce;
    QCOMPARE(protocol::firstErrorCode(produce), int16_t{0});
    produce.responses.push_back({"t", {}, {}});
    produce.responses[0].partitionResponses.resize(3);
    produce.responses[0].partitionResponses[1].errorCode = 6;
    produce.responses[0].partitionResponses[2].errorCode = 7;
    QCOMPARE(protocol::firstErrorCode(produce), int16_t{6});
    protocol::FetchResponse fetch;
    fetch.errorCode = 70;
    QCOMPARE(protocol::firstErrorCode(fetch), int16_t{70});
  }

  void recordBytesAreSummed() {
    protocol::ProduceRequest request;
    QCOMPARE(protocol::recordBytes(protocol::RequestBody(request)), size_t{0});
    request.topicData.push_back({"a", {}, {{0, base::SharedBytes(base::Bytes(70))}, {1, std::nullopt}}});
    request.topicData.push_back({"b", {}, {{0, base::SharedBytes(base::Bytes(30))}}});
    QCOMPARE(protocol::recordBytes(protocol::RequestBody(request)), size_t{100});
    protocol::FetchResponse response;
    response.responses.resize(1);
    response.responses[0].partitions.resize(1);
    response.responses[0].partitions[0].records = base::SharedBytes(base::Bytes(61));
    QCOMPARE(protocol::recordBytes(protocol::ResponseBody(response)), size_t{61});
  }

  void onlyPartitionIsNamedWhenThereIsOne() {
    const base::Uuid id{1, 2};
    protocol::FetchRequest fetch;
    QVERIFY(!protocol::onlyPartition(fetch).has_value());
    fetch.topics.push_back({"orders", id, {}});
    QVERIFY(!protocol::onlyPartition(fetch).has_value());
    fetch.topics[0].partitions.resize(1);
    fetch.topics[0].partitions[0].partition = 4;
    QVERIFY(protocol::onlyPartition(fetch) == (PartitionReference{"orders", id, 4}));
    fetch.topics[0].partitions.resize(2);
    QVERIFY(!protocol::onlyPartition(fetch).has_value());

    protocol::AlterPartitionRequest alter;
    alter.topics.push_back({id, {}});
    alter.topics[0].partitions.resize(1);
    QVERIFY(protocol::onlyPartition(alter) == (PartitionReference{"", id, 0}));
    QVERIFY(!protocol::onlyPartition(protocol::MetadataRequest{}).has_value());
  }
};

STREAMSCOPE_TEST(MessageFactsTest);
#include "message_facts_test.moc"
