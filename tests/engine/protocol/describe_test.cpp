#include "protocol/describe.h"

#include <QJsonDocument>
#include <QTest>

#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;

namespace {

bool isJson(const std::string& text) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(text)).isObject();
}

}  // namespace

class DescribeTest : public QObject {
  Q_OBJECT
 private slots:
  void everyMessageIsJson() {
    base::Random random(4);
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        const std::string request = describe(support::randomRequest(key, version, random), version);
        QVERIFY2(isJson(request), request.c_str());
        const std::string response = describe(support::randomResponse(key, version, random), version);
        QVERIFY2(isJson(response), response.c_str());
      }
    }
    for (size_t i = 0; i < std::variant_size_v<protocol::MetadataRecord>; ++i)
      QVERIFY(isJson(describe(support::randomMetadataRecord(i, 0, random), 0)));
  }

  void fieldsOfTheVersionAreShown() {
    protocol::ProduceRequest request;
    request.acks = -1;
    request.timeoutMs = 1500;
    request.topicData.push_back({"orders", {}, {{2, base::SharedBytes(base::Bytes(70))}, {3, std::nullopt}}});
    QCOMPARE(describe(protocol::RequestBody(request), 8),
             std::string(R"({"transactionalId":null,"acks":-1,"timeoutMs":1500,"topicData":[{"name":"orders",)"
                         R"("partitionData":[{"index":2,"recordsSizeInBytes":70},)"
                         R"({"index":3,"records":null}]}]})"));
    QVERIFY(describe(protocol::RequestBody(request), 13).find("\"name\"") == std::string::npos);
  }

  void recordsOfTheMetadataLogAreNamedAsInKafkasDump() {
    const protocol::MetadataRecord topic = protocol::TopicRecord{"orders", base::kMetadataTopicId};
    QCOMPARE(describe(topic, 0), std::string(R"({"type":"TOPIC_RECORD","version":0,"data":{"name":"orders",)"
                                             R"("topicId":"AAAAAAAAAAAAAAAAAAAAAQ"}})"));
    QCOMPARE(describe(protocol::MetadataRecord(protocol::NoOpRecord{}), 0),
             std::string(R"({"type":"NO_OP_RECORD","version":0,"data":{}})"));
    QCOMPARE(describe(protocol::ControlRecord(protocol::SnapshotFooterRecord{})),
             std::string(R"({"type":"SNAPSHOT_FOOTER","version":0,"data":{"version":0}})"));
  }

  void bytesThatAreNotTextStayJson() {
    protocol::MetadataRequest request;
    request.topics.emplace();
    request.topics->push_back({{}, std::string("a\xff\"\n\x01")});
    const std::string text = describe(protocol::RequestBody(request), 1);
    QVERIFY2(isJson(text), text.c_str());
    QVERIFY2(text.find("a\xef\xbf\xbd\\\"\\n\\u0001") != std::string::npos, text.c_str());
  }
};

STREAMSCOPE_TEST(DescribeTest);
#include "describe_test.moc"
