#include <QTest>

#include "protocol/api_versions.h"
#include "protocol/codec.h"
#include "protocol/record_codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;

namespace {

base::Bytes fromHex(std::string_view text) {
  const QByteArray bytes = QByteArray::fromHex(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
  return base::Bytes(bytes.begin(), bytes.end());
}

/// One record, key "k" and value "v", in a v2 batch.
base::Bytes batch(std::string_view leaderEpoch) {
  return fromHex(
      "00000000000000000000003a" + std::string(leaderEpoch) +
      "02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffffffffffffffff0000000110000000026b"
      "027600");
}

}  // namespace

/// Frames and values known byte for byte from outside this program.
class ByteVectorsTest : public QObject {
  Q_OBJECT
 private slots:
  void apiVersionsRequest() {
    protocol::ApiVersionsRequest request;
    request.clientSoftwareName = "lab";
    request.clientSoftwareVersion = "1.0";
    check(3, 7, request, "00000015001200030000000700016300046c616204312e3000");
  }

  void answerToAnUnknownApiVersionsVersion() {
    protocol::ApiVersionsResponse response;
    response.errorCode = 35;
    response.apiKeys.push_back({18, 0, 4});
    QCOMPARE(base::toHex(protocol::encodeResponseFrame(0, 7, response)),
             std::string("0000001000000007002300000001001200000004"));
    // Whatever version was asked for.
    QCOMPARE(base::toHex(protocol::encodeResponseFrame(99, 7, response)),
             std::string("0000001000000007002300000001001200000004"));
  }

  void sessionlessFetchRequest() {
    protocol::FetchRequest request;
    request.maxWaitMs = 500;
    request.minBytes = 1;
    request.maxBytes = 52428800;
    protocol::FetchRequest::FetchPartition partition;
    partition.partitionMaxBytes = 1048576;
    request.topics.push_back({"", base::Uuid{0x4000, 0x8000000000000091}, {partition}});
    check(16, 8, request,
          "00000058000100100000000800016300000001f400000001032000000000000000ffffffff0200000000000040008000000000000091"
          "0200000000ffffffff0000000000000000ffffffffffffffffffffffff001000000000010100");
  }

  void produceRequest() {
    protocol::ProduceRequest request;
    request.acks = -1;
    request.timeoutMs = 30000;
    request.topicData.push_back({"t", {}, {{0, base::SharedBytes(batch("ffffffff"))}}});
    check(8, 9, request,
          "0000006c0000000800000009000163ffffffff000075300000000100017400000001000000000000004600000000000000000000003a"
          "ffffffff02e99b8dd80000000000000000018bcfe568000000018bcfe56800ffffffffffffffffffffffffffff000000011000000002"
          "6b027600");
  }

  void featureLevelRecordAsKafkaWroteIt() {
    const protocol::MetadataRecord record = protocol::FeatureLevelRecord{"metadata.version", 20};
    const base::Bytes expected = fromHex("010c00116d657461646174612e76657273696f6e001400");
    QCOMPARE(base::toHex(protocol::encodeMetadataRecord(record, 0)), base::toHex(expected));
    const auto decoded = protocol::decodeMetadataRecord(base::SharedBytes(expected));
    QVERIFY(decoded.has_value() && *decoded == record);
  }

  void controlRecords() {
    protocol::LeaderChangeMessage change;
    change.leaderId = 1;
    change.voters = {{1, {}}, {2, {}}, {3, {}}};
    change.grantingVoters = {{1, {}}, {2, {}}};
    const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(change);
    QCOMPARE(base::toHex(bytes.key), std::string("00000002"));
    QCOMPARE(base::toHex(bytes.value),
             std::string("00000000000104000000010000000002000000000300030000000100000000020000"));
    QCOMPARE(base::toHex(protocol::encodeControlRecord(protocol::SnapshotHeaderRecord{}).value),
             std::string("0000000000000000000000"));
    QCOMPARE(base::toHex(protocol::encodeControlRecord(protocol::SnapshotFooterRecord{}).key), std::string("00000004"));
    QCOMPARE(base::toHex(protocol::encodeControlRecord(protocol::SnapshotFooterRecord{}).value), std::string("000000"));
  }

 private:
  static void check(int16_t version, int32_t correlationId, const protocol::RequestBody& body, const char* hex) {
    QCOMPARE(base::toHex(protocol::encodeRequestFrame(version, correlationId, "c", body)), std::string(hex));
    const base::SharedBytes frame(fromHex(hex));
    const auto decoded = protocol::decodeRequestFrame(frame.slice(4, frame.size() - 4));
    QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
    QVERIFY(decoded->body == body);
    QCOMPARE(decoded->header.correlationId, correlationId);
  }
};

STREAMSCOPE_TEST(ByteVectorsTest);
#include "byte_vectors_test.moc"
