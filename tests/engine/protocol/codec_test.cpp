#include "protocol/codec.h"

#include <QTest>

#include "protocol/api_versions.h"
#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;

namespace {

constexpr int kMessagesPerVersion = 40;

std::string nameOf(ApiKey key, int16_t version) {
  return std::string(protocol::apiName(key)) + " v" + std::to_string(version);
}

}  // namespace

class CodecTest : public QObject {
  Q_OBJECT
 private slots:
  void requestsRoundTripInEveryVersion() {
    base::Random random(1);
    int versions = 0;
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version, ++versions) {
        for (int i = 0; i < kMessagesPerVersion; ++i) {
          const protocol::RequestBody body = support::randomRequest(key, version, random);
          base::ByteWriter writer;
          protocol::encodeRequest(body, version, writer);
          const base::SharedBytes bytes(writer.take());
          const auto decoded = protocol::decodeRequest(key, version, bytes);
          QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
          QVERIFY2(*decoded == body, nameOf(key, version).c_str());
        }
      }
    }
    QVERIFY(versions > 80);
  }

  void responsesRoundTripInEveryVersion() {
    base::Random random(2);
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        for (int i = 0; i < kMessagesPerVersion; ++i) {
          const protocol::ResponseBody body = support::randomResponse(key, version, random);
          base::ByteWriter writer;
          protocol::encodeResponse(body, version, writer);
          const base::SharedBytes bytes(writer.take());
          const auto decoded = protocol::decodeResponse(key, version, bytes);
          QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
          QVERIFY2(*decoded == body, nameOf(key, version).c_str());
        }
      }
    }
  }

  void framesRoundTripWithTheirHeaders() {
    base::Random random(3);
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        const protocol::RequestBody request = support::randomRequest(key, version, random);
        const base::SharedBytes requestBytes(protocol::encodeRequestFrame(version, 77, "lab", request));
        const auto requestFrame = protocol::decodeRequestFrame(requestBytes.slice(4, requestBytes.size() - 4));
        QVERIFY2(requestFrame.has_value(), nameOf(key, version).c_str());
        const protocol::RequestHeader header{static_cast<int16_t>(key), version, 77, "lab"};
        QVERIFY(requestFrame->header == header);
        QVERIFY(requestFrame->body == request);

        const protocol::ResponseBody response = support::randomResponse(key, version, random);
        const base::SharedBytes responseBytes(protocol::encodeResponseFrame(version, 78, response));
        const auto responseFrame =
            protocol::decodeResponseFrame(key, version, responseBytes.slice(4, responseBytes.size() - 4));
        QVERIFY2(responseFrame.has_value(), nameOf(key, version).c_str());
        QCOMPARE(responseFrame->header.correlationId, 78);
        QVERIFY(responseFrame->body == response);
      }
    }
  }

  void recordsShareTheFramesBuffer() {
    protocol::ProduceRequest request;
    request.topicData.push_back({"orders", {}, {{0, base::SharedBytes(base::Bytes(1000, 42))}}});
    const base::SharedBytes frame(protocol::encodeRequestFrame(9, 1, std::nullopt, request));
    const base::SharedBytes content = frame.slice(4, frame.size() - 4);
    const auto decoded = protocol::decodeRequestFrame(content);
    QVERIFY(decoded.has_value());
    const base::SharedBytes records =
        std::get<protocol::ProduceRequest>(decoded->body).topicData[0].partitionData[0].records.value();
    QCOMPARE(records.size(), size_t{1000});
    QVERIFY(records.data() > content.data() && records.data() < content.data() + content.size());
  }

  void fieldsOfOtherVersionsAreLeftOut() {
    protocol::FetchRequest request;
    request.rackId = "a";       // from 11
    request.replicaId = 3;      // to 14
    request.clusterId = "lab";  // tagged from 12
    const protocol::FetchRequest v4 = throughWire(request, 4);
    QCOMPARE(v4.rackId, std::string());
    QCOMPARE(v4.replicaId, 3);
    QVERIFY(!v4.clusterId.has_value());
    const protocol::FetchRequest v15 = throughWire(request, 15);
    QCOMPARE(v15.rackId, std::string("a"));
    QCOMPARE(v15.replicaId, -1);
    QCOMPARE(v15.clusterId.value(), std::string("lab"));
  }

  void nullBecomesEmptyWhereAVersionHasNone() {
    // In version 0 of Metadata an empty list asks for every topic, from version 1 on null does.
    base::ByteWriter v0;
    protocol::encodeRequest(protocol::MetadataRequest{}, 0, v0);
    QCOMPARE(base::toHex(v0.view()), std::string("00000000"));
    base::ByteWriter v1;
    protocol::encodeRequest(protocol::MetadataRequest{}, 1, v1);
    QCOMPARE(base::toHex(v1.view()), std::string("ffffffff"));
  }

  void overlongStringIsCutBetweenCharacters() {
    protocol::CreateTopicsResponse response;
    std::string message = "x";
    while (message.size() < 40000) message += "\xc3\xbc";
    response.topics.push_back({"t", {}, 17, message, 0, -1, -1, std::nullopt});
    const base::SharedBytes bytes(protocol::encodeResponseFrame(1, 1, response));
    const auto frame = protocol::decodeResponseFrame(ApiKey::CreateTopics, 1, bytes.slice(4, bytes.size() - 4));
    QVERIFY(frame.has_value());
    const auto& topic = std::get<protocol::CreateTopicsResponse>(frame->body).topics[0];
    QCOMPARE(topic.errorMessage->size(), size_t{32767});
    QVERIFY(message.starts_with(*topic.errorMessage));
    message = message.substr(1);
    response.topics[0].errorMessage = message;
    base::ByteWriter writer;
    protocol::encodeResponse(response, 1, writer);
    const auto cut = protocol::decodeResponse(ApiKey::CreateTopics, 1, base::SharedBytes(writer.take()));
    QCOMPARE(std::get<protocol::CreateTopicsResponse>(*cut).topics[0].errorMessage->size(), size_t{32766});
  }

  void aVersionNobodySpeaksIsRefused() {
    const auto tooNew = protocol::decodeRequest(ApiKey::Fetch, 19, base::SharedBytes());
    QVERIFY(!tooNew.has_value());
    QCOMPARE(tooNew.error().code, base::ErrorCode::UNSUPPORTED_VERSION);
    QCOMPARE(tooNew.error().message, std::string("FetchRequest v19 is not spoken here; use a version from 4 to 18"));
    QVERIFY(!protocol::decodeRequest(ApiKey::Fetch, 3, base::SharedBytes()).has_value());
    QVERIFY(!protocol::decodeResponse(ApiKey::Fetch, -1, base::SharedBytes()).has_value());
  }

  void headerOfAnUnsupportedVersionCanStillBeRead() {
    base::ByteWriter writer;
    protocol::encodeRequestHeader({18, 99, 5, "new-client"}, writer);
    const auto header = protocol::decodeRequestHeader(base::SharedBytes(writer.take()));
    QVERIFY(header.has_value());
    QCOMPARE(header->key, ApiKey::ApiVersions);
    QCOMPARE(header->header.requestApiVersion, int16_t{99});
    QCOMPARE(header->header.clientId.value(), std::string("new-client"));
  }

  void unknownApiIsNamed() {
    base::ByteWriter writer;
    writer.writeInt16(999);
    writer.writeInt16(0);
    writer.writeInt32(1);
    const auto frame = protocol::decodeRequestFrame(base::SharedBytes(writer.take()));
    QVERIFY(!frame.has_value());
    QCOMPARE(frame.error().message, std::string("RequestHeader: RequestApiKey at byte 0: no request has the key 999"));
  }

 private:
  static protocol::FetchRequest throughWire(const protocol::FetchRequest& request, int16_t version) {
    base::ByteWriter writer;
    protocol::encodeRequest(request, version, writer);
    auto decoded = protocol::decodeRequest(ApiKey::Fetch, version, base::SharedBytes(writer.take()));
    return decoded ? std::get<protocol::FetchRequest>(*decoded) : protocol::FetchRequest{};
  }
};

STREAMSCOPE_TEST(CodecTest);
#include "codec_test.moc"
