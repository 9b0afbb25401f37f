#include "protocol/record_codec.h"

#include <QTest>

#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;

class RecordCodecTest : public QObject {
  Q_OBJECT
 private slots:
  void metadataRecordsRoundTripAndTruncationsAreRefused() {
    base::Random random(5);
    for (size_t i = 0; i < std::variant_size_v<protocol::MetadataRecord>; ++i) {
      const protocol::MessageInfo info = support::metadataRecordInfo(i);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        for (int repeat = 0; repeat < 30; ++repeat) {
          const protocol::MetadataRecord record = support::randomMetadataRecord(i, version, random);
          const base::Bytes bytes = protocol::encodeMetadataRecord(record, version);
          const auto decoded = protocol::decodeMetadataRecord(base::SharedBytes(bytes));
          QVERIFY2(decoded.has_value(), decoded ? "" : decoded.error().message.c_str());
          QVERIFY2(*decoded == record, std::string(info.name).c_str());
          for (size_t size = 0; size < bytes.size(); ++size) {
            const auto part = base::SharedBytes::copyOf(base::ByteView(bytes).first(size));
            QVERIFY(!protocol::decodeMetadataRecord(part).has_value());
          }
        }
      }
    }
  }

  void controlRecordsRoundTrip() {
    base::Random random(6);
    for (size_t i = 0; i < std::variant_size_v<protocol::ControlRecord>; ++i) {
      const protocol::ControlRecord record = support::randomControlRecord(i, 0, random);
      const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(record);
      const auto decoded = protocol::decodeControlRecord(base::SharedBytes(bytes.key), base::SharedBytes(bytes.value));
      QVERIFY(decoded.has_value() && *decoded == record);
      QVERIFY(!protocol::decodeControlRecord(base::SharedBytes(bytes.key), base::SharedBytes()).has_value());
    }
    const base::SharedBytes unknownType(base::Bytes{0, 0, 0, 99});
    QVERIFY(!protocol::decodeControlRecord(unknownType, base::SharedBytes()).has_value());
  }

  void unknownFramesAndTypesAreRefusedByName() {
    expectRefusal({2, 12, 0}, "Metadata record: frame version 2 is not known here");
    expectRefusal({1, 99, 0}, "Metadata record: type 99 is not known here");
    expectRefusal({1, 2, 7}, "Metadata record: TopicRecord v7 is not known here");
    expectRefusal({1}, "Metadata record frame v1: ApiKey at byte 1: 1 byte needed, 0 left");
  }

  void versionsFollowTheMetadataVersion() {
    const protocol::MetadataRecord partition = protocol::PartitionRecord{};
    QCOMPARE(protocol::metadataRecordVersion(partition, 16), int16_t{0});
    QCOMPARE(protocol::metadataRecordVersion(partition, 21), int16_t{1});
    QCOMPARE(protocol::metadataRecordVersion(partition, 23), int16_t{2});
    QCOMPARE(protocol::metadataRecordVersion(protocol::RegisterBrokerRecord{}, 29), int16_t{3});
    QCOMPARE(protocol::metadataRecordVersion(protocol::RegisterBrokerRecord{}, 30), int16_t{4});
    protocol::BrokerRegistrationChangeRecord change;
    change.fenced = 1;
    QCOMPARE(protocol::metadataRecordVersion(change, 29), int16_t{0});
    change.inControlledShutdown = 1;
    QCOMPARE(protocol::metadataRecordVersion(change, 29), int16_t{1});
    change.logDirs = {{1, 1}};
    QCOMPARE(protocol::metadataRecordVersion(change, 29), int16_t{2});
    change.cordonedLogDirs.emplace();
    QCOMPARE(protocol::metadataRecordVersion(change, 30), int16_t{3});
    QCOMPARE(protocol::metadataRecordVersion(protocol::TopicRecord{}, 33), int16_t{0});
    QCOMPARE(protocol::metadataRecordKey(protocol::PartitionChangeRecord{}), int16_t{5});
  }

 private:
  static void expectRefusal(base::Bytes bytes, const char* message) {
    const auto decoded = protocol::decodeMetadataRecord(base::SharedBytes(std::move(bytes)));
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().message, std::string(message));
  }
};

STREAMSCOPE_TEST(RecordCodecTest);
#include "record_codec_test.moc"
