#include "controller/snapshot_file.h"

#include <QTest>

#include "controller/metadata_image.h"
#include "image_builder.h"
#include "log/record_batch.h"
#include "protocol/record_codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::SnapshotFileState;
using controller::SnapshotId;

namespace {

constexpr base::Uuid kOrders{7, 1};

std::string hex(const base::Bytes& bytes) {
  return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()))
      .toHex()
      .toStdString();
}

controller::MetadataImage imageOfEverything() {
  controller::MetadataImage image;
  image.replay(protocol::FeatureLevelRecord{"metadata.version", 30});
  image.replay(protocol::FeatureLevelRecord{"eligible.leader.replicas.version", 1});
  protocol::RegisterBrokerRecord broker = controller::registered(1);
  broker.endPoints = {{"PLAINTEXT", "localhost", 9092, 0}};
  broker.features = {{"metadata.version", 7, 30}};
  broker.cordonedLogDirs.emplace();
  image.replay(broker);
  image.replay(protocol::RegisterControllerRecord{100, {3, 3}, false, {{"CONTROLLER", "localhost", 9093, 0}}, {}});
  image.replay(protocol::TopicRecord{"orders", kOrders});
  protocol::PartitionRecord partition = controller::partitionOf(kOrders, 0, {1}, {}, -1);
  partition.eligibleLeaderReplicas = {{1}};
  partition.lastKnownElr = {{1}};
  partition.addingReplicas = {2};
  image.replay(partition);
  image.replay(protocol::ConfigRecord{2, "orders", "retention.ms", "1000"});
  image.replay(protocol::ConfigRecord{4, "", "min.insync.replicas", "1"});
  image.replay(protocol::ClientQuotaRecord{{{"user", "alice"}}, "producer_byte_rate", 1024, false});
  image.replay(protocol::ProducerIdsRecord{1, 13, 2000});
  image.replay(protocol::AccessControlEntryRecord{{9, 9}, 2, "orders", 3, "User:alice", "*", 3, 3});
  image.replay(protocol::UserScramCredentialRecord{
      "alice", 1, base::SharedBytes(base::Bytes{1}), base::SharedBytes(base::Bytes{2}), {}, 4096});
  image.replay(protocol::DelegationTokenRecord{"User:alice", "User:alice", {}, 1, 2, 3, "token"});
  return image;
}

base::Bytes snapshotOf(const controller::MetadataImage& image, const controller::QuorumVoters& voters = {}) {
  controller::SnapshotWriter writer({.epoch = 3,
                                     .lastContainedLogTimestamp = 1'700'000'000'123,
                                     .nowMs = 1'700'000'000'500,
                                     .voters = voters,
                                     .metadataVersionLevel = 30});
  return writer.write(image.toRecords());
}

base::Result<controller::SnapshotContents> readInto(controller::MetadataImage& image, base::Bytes bytes) {
  return controller::readSnapshot(base::SharedBytes(std::move(bytes)), "snapshot",
                                  [&image](const auto& record) -> base::Status {
                                    return record ? image.tryReplay(*record) : base::fail(record.error());
                                  });
}

}  // namespace

class SnapshotFileTest : public QObject {
  Q_OBJECT
 private slots:
  void namesAreKafkas() {
    const SnapshotId id{12345, 7};
    QCOMPARE(controller::snapshotFileName(id), std::string("00000000000000012345-0000000007.checkpoint"));
    QCOMPARE(controller::deletedSnapshotFileName(id),
             std::string("00000000000000012345-0000000007.checkpoint.deleted"));
    const std::string partial = controller::partialSnapshotFileName(id, 42);
    QVERIFY(controller::parseSnapshotFileName(partial) ==
            (controller::SnapshotFileName{id, SnapshotFileState::Partial}));
    QVERIFY(controller::parseSnapshotFileName(controller::snapshotFileName(id)) ==
            (controller::SnapshotFileName{id, SnapshotFileState::Complete}));
    QVERIFY(controller::parseSnapshotFileName(controller::deletedSnapshotFileName(id)) ==
            (controller::SnapshotFileName{id, SnapshotFileState::Deleted}));
    for (const char* other : {"bootstrap.checkpoint", "leader-epoch-checkpoint", "00000000000000012345.snapshot",
                              "0000000000000001234x-0000000007.checkpoint", "00000000000000012345-0000000007.check",
                              "99999999999999999999-0000000007.checkpoint", ""})
      QVERIFY2(!controller::parseSnapshotFileName(other), other);
  }

  /// Byte vector V5 of the reference: bootstrap.checkpoint of metadata.version 20.
  void aBootstrapFileHasKafkasBytes() {
    controller::SnapshotWriter writer({.nowMs = 1'700'000'000'000, .metadataVersionLevel = 20});
    QCOMPARE(
        hex(writer.write({protocol::FeatureLevelRecord{"metadata.version", 20}})),
        std::string(
            "0000000000000000000000470000000002695d78600020000000000000018bcfe568000000018bcfe56800ffffffffffffff"
            "ffffffffffffff000000012a00000008000000031600000000000000000000000000000000000000010000004f0000000002"
            "788009e10000000000000000018bcfe568000000018bcfe56800ffffffffffffffffffffffffffff000000013a0000000"
            "12e010c00116d657461646174612e76657273696f6e0014000000000000000000020000003f00000000028f6608e600200000"
            "00000000018bcfe568000000018bcfe56800ffffffffffffffffffffffffffff000000011a00000008000000040600000000"));
  }

  void aSnapshotGivesTheImageBack() {
    const controller::MetadataImage before = imageOfEverything();
    controller::QuorumVoters voters{1, {0, {{100, {8, 8}, {{"CONTROLLER", "localhost", 9093}}, {0, 1}}}}};
    controller::MetadataImage after;
    const auto contents = readInto(after, snapshotOf(before, voters));
    QVERIFY2(contents.has_value(), contents ? "" : contents.error().message.c_str());
    QVERIFY(after == before);
    QVERIFY(contents->voters == voters);
    QCOMPARE(contents->lastContainedLogTimestamp, int64_t{1'700'000'000'123});
    QVERIFY(std::holds_alternative<protocol::FeatureLevelRecord>(before.toRecords().front()));
  }

  void everyTruncationAndEveryFlippedBitIsRefusedByName() {
    const base::Bytes bytes = snapshotOf(imageOfEverything());
    controller::MetadataImage whole;
    QVERIFY(readInto(whole, bytes).has_value());
    for (size_t size = 0; size < bytes.size(); ++size) {
      controller::MetadataImage image;
      const auto contents = readInto(image, base::Bytes(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size)));
      QVERIFY2(!contents.has_value(), std::to_string(size).c_str());
      QCOMPARE(contents.error().code, base::ErrorCode::CORRUPT_MESSAGE);
      QVERIFY(contents.error().message.starts_with("snapshot at byte "));
    }
    for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      base::Bytes damaged = bytes;
      damaged[bit / 8] = static_cast<uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
      controller::MetadataImage image;
      const auto contents = readInto(image, std::move(damaged));
      // No checksum covers a batch's base offset and leader epoch; nothing here is read from them.
      if (contents.has_value()) QVERIFY2(image == whole, std::to_string(bit).c_str());
    }
  }

  void anUnknownRecordIsToldNotFatal() {
    controller::SnapshotWriter writer({.metadataVersionLevel = 30});
    const base::Bytes empty = writer.write({});
    log::RecordBatchBuilder builder({.baseOffset = 1, .partitionLeaderEpoch = 3});
    const auto add = [&builder](const base::Bytes& value) { builder.append(0, std::nullopt, base::ByteView(value)); };
    add(protocol::encodeMetadataRecord(protocol::NoOpRecord(), 0));
    // A record of a type, and one of a version, that a later Kafka may have.
    add({1, 99, 0, 0});
    add({1, 12, 9, 0});
    add(protocol::encodeMetadataRecord(protocol::FeatureLevelRecord{"x", 1}, 0));
    const base::Bytes records = builder.build();
    base::Bytes bytes = empty;
    const auto afterHeader = static_cast<std::ptrdiff_t>(log::scanBatch(empty, true).header.sizeInBytes);
    bytes.insert(bytes.begin() + afterHeader, records.begin(), records.end());

    std::string story;
    const auto contents =
        controller::readSnapshot(base::SharedBytes(bytes), "snapshot", [&](const auto& record) -> base::Status {
          story += record ? "known " : std::string(base::errorName(record.error().code)) + ' ';
          return {};
        });
    QVERIFY2(contents.has_value(), contents ? "" : contents.error().message.c_str());
    QCOMPARE(story, std::string("known UNSUPPORTED_VERSION UNSUPPORTED_VERSION known "));
  }
};

STREAMSCOPE_TEST(SnapshotFileTest);
#include "snapshot_file_test.moc"
