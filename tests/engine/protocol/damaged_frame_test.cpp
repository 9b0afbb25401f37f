#include <QTest>

#include "protocol/codec.h"
#include "protocol/tree.h"
#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;

namespace {

/// Name of the message, version, a field and a byte must be in every refusal of bytes.
bool isNamed(const base::Error& error) {
  if (error.code == base::ErrorCode::UNSUPPORTED_VERSION) return error.message.find(" v") != std::string::npos;
  return error.code == base::ErrorCode::INVALID_REQUEST && error.message.find(" at byte ") != std::string::npos;
}

std::vector<base::Bytes> sampleFrames() {
  base::Random random(7);
  std::vector<base::Bytes> frames;
  for (const ApiKey key : support::everyApi()) {
    const protocol::MessageInfo info = support::requestInfo(key);
    for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
      base::Bytes frame = protocol::encodeRequestFrame(version, 1, "c", support::randomRequest(key, version, random));
      frame.erase(frame.begin(), frame.begin() + 4);
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

}  // namespace

class DamagedFrameTest : public QObject {
  Q_OBJECT
 private slots:
  void everyTruncationIsRefusedByName() {
    for (const base::Bytes& frame : sampleFrames()) {
      QVERIFY(protocol::decodeRequestFrame(base::SharedBytes(frame)).has_value());
      for (size_t size = 0; size < frame.size(); ++size) {
        const base::SharedBytes part = base::SharedBytes::copyOf(base::ByteView(frame).first(size));
        const auto decoded = protocol::decodeRequestFrame(part);
        QVERIFY2(!decoded.has_value(), std::to_string(size).c_str());
        QVERIFY2(isNamed(decoded.error()), decoded.error().message.c_str());
      }
    }
  }

  void everyFlippedByteEndsWell() {
    int refused = 0;
    int accepted = 0;
    for (const base::Bytes& frame : sampleFrames()) {
      for (size_t position = 0; position < frame.size(); ++position) {
        for (const uint8_t mask : base::Bytes{0x01, 0x80, 0xff}) {
          base::Bytes damaged = frame;
          damaged[position] = static_cast<uint8_t>(damaged[position] ^ mask);
          const auto decoded = protocol::decodeRequestFrame(base::SharedBytes(std::move(damaged)));
          decoded ? ++accepted : ++refused;
          if (!decoded)
            QVERIFY2(isNamed(decoded.error()) || decoded.error().message.starts_with("RequestHeader: RequestApiKey"),
                     decoded.error().message.c_str());
        }
      }
    }
    QVERIFY(refused > 1000);
    QVERIFY(accepted > 1000);
  }

  void damagedResponsesEndWell() {
    base::Random random(8);
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        base::ByteWriter writer;
        protocol::encodeResponse(support::randomResponse(key, version, random), version, writer);
        const base::Bytes body = writer.take();
        for (size_t position = 0; position < body.size(); ++position) {
          const base::SharedBytes part = base::SharedBytes::copyOf(base::ByteView(body).first(position));
          const auto cut = protocol::decodeResponse(key, version, part);
          QVERIFY(!cut.has_value());
          QVERIFY2(isNamed(cut.error()), cut.error().message.c_str());
          base::Bytes damaged = body;
          damaged[position] = static_cast<uint8_t>(~damaged[position]);
          const auto flipped = protocol::decodeResponse(key, version, base::SharedBytes(std::move(damaged)));
          QVERIFY(flipped.has_value() || isNamed(flipped.error()));
        }
      }
    }
  }

  void refusalNamesTheFieldAndTheByte() {
    protocol::FetchRequest request;
    request.topics.resize(1);
    request.topics[0].topic = "orders";
    request.topics[0].partitions.resize(4);
    base::ByteWriter writer;
    protocol::encodeRequest(request, 12, writer);
    // A partition takes 33 bytes; after the last come the topic's tags, forgotten topics, rack and tags, a byte each.
    // tags.
    const base::Bytes bytes = writer.take();
    const size_t lastPartition = bytes.size() - 4 - 33;
    const size_t offsetField = lastPartition + 8;
    const base::SharedBytes part = base::SharedBytes::copyOf(base::ByteView(bytes).first(offsetField + 3));
    const auto decoded = protocol::decodeRequest(ApiKey::Fetch, 12, part);
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().message, "FetchRequest v12: Topics[0].Partitions[3].FetchOffset at byte " +
                                          std::to_string(offsetField) + ": 8 bytes needed, 3 left");
  }

  void hugeArrayCountIsRefusedBeforeAnythingIsAllocated() {
    base::ByteWriter writer;
    writer.writeInt32(0x7fffffff);
    const auto decoded = protocol::decodeRequest(ApiKey::Metadata, 1, base::SharedBytes(writer.take()));
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().message,
             std::string("MetadataRequest v1: Topics at byte 0: an array of 2147483647 elements, but 0 bytes left"));
  }

  void nullWhereNoneMayBeIsRefused() {
    base::ByteWriter writer;
    writer.writeInt32(1);
    writer.writeInt16(-1);
    const auto decoded = protocol::decodeRequest(ApiKey::Metadata, 1, base::SharedBytes(writer.take()));
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().message,
             std::string("MetadataRequest v1: Topics[0].Name at byte 4: null, which this version does not allow here"));
  }

  void unknownTagsAreSkipped() {
    base::ByteWriter writer;
    protocol::encodeRequest(protocol::DescribeClusterRequest{}, 0, writer);
    base::Bytes bytes = writer.take();
    bytes.pop_back();
    // One field with tag 900 and three bytes.
    for (const uint8_t byte : base::Bytes{0x01, 0x84, 0x07, 0x03, 0xaa, 0xbb, 0xcc}) bytes.push_back(byte);
    const auto decoded = protocol::decodeRequest(ApiKey::DescribeCluster, 0, base::SharedBytes(bytes));
    QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
    QVERIFY(std::get<protocol::DescribeClusterRequest>(*decoded) == protocol::DescribeClusterRequest{});
  }

  void tagWhoseSizeIsNotItsValuesIsRefused() {
    protocol::FetchRequest request;
    request.clusterId = "lab";
    base::ByteWriter writer;
    protocol::encodeRequest(request, 12, writer);
    base::Bytes bytes = writer.take();
    // The end is: tag 0, size 4, length 4, "lab". The size becomes 3.
    bytes[bytes.size() - 5] = 3;
    const auto decoded = protocol::decodeRequest(ApiKey::Fetch, 12, base::SharedBytes(bytes));
    QVERIFY(!decoded.has_value());
    QVERIFY2(decoded.error().message.find("TaggedFields at byte ") != std::string::npos,
             decoded.error().message.c_str());
  }

  void tagsOutOfOrderAreRefused() {
    // IncludeClusterAuthorizedOperations, then two fields of no bytes with the same tag.
    const base::Bytes bytes{0, 2, 7, 0, 7, 0};
    const auto decoded = protocol::decodeRequest(ApiKey::DescribeCluster, 0, base::SharedBytes(bytes));
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().message,
             std::string("DescribeClusterRequest v0: TaggedFields at byte 4: tag 7 after tag 7"));
  }

  void treeOfADamagedFrameShowsWhatCouldBeRead() {
    for (const base::Bytes& frame : sampleFrames()) {
      const size_t size = frame.size() * 2 / 3;
      const base::SharedBytes part = base::SharedBytes::copyOf(base::ByteView(frame).first(size));
      const protocol::MessageTree tree = protocol::requestTree(part);
      const auto decoded = protocol::decodeRequestFrame(part);
      QVERIFY(tree.error.has_value() && !decoded.has_value());
      QCOMPARE(tree.error->message, decoded.error().message);
      QVERIFY(!tree.root.children.empty());
    }
  }
};

STREAMSCOPE_TEST(DamagedFrameTest);
#include "damaged_frame_test.moc"
