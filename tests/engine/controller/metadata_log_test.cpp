#include "metadata_log.h"

#include <QTest>
#include <filesystem>

#include "controller/bootstrap.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::MetadataImage;
using controller::MetadataLog;

namespace {

constexpr base::TimestampMs kNow = 1'700'000'000'000;
constexpr int16_t kLevel = controller::kMetadataVersionLevel;
const std::filesystem::path kDirectory = "__cluster_metadata-0";

/// A metadata log on a memory disk, with the image that goes with it.
class LogOnDisk {
 public:
  LogOnDisk() { open(); }

  base::Status open() {
    m_log.reset();
    m_told.clear();
    m_image = MetadataImage();
    log::RecoveryReport report;
    auto log = MetadataLog::open(m_storage, {}, kNow, report);
    if (!log) return base::fail(log.error());
    m_log = std::move(*log);
    controller::ReplayListener listener;
    listener.onSkipped = [this](base::Offset offset, const std::string&) {
      m_told.push_back("skipped " + std::to_string(offset));
    };
    listener.onDamagedSnapshot = [this](const std::string& reason) { m_told.push_back(reason); };
    if (const base::Status loaded = m_log->load(m_image, kNow, listener); !loaded) return loaded;
    m_log->advanceHighWatermark(m_log->logEndOffset());
    return m_log->replayCommitted(m_image, listener);
  }
  void append(const std::vector<protocol::MetadataRecord>& records) {
    const auto appended = m_log->append(records, kLevel, 1, kNow);
    QVERIFY2(appended.has_value(), appended ? "" : appended.error().message.c_str());
    for (const auto& record : records) m_image.replay(record);
    m_image.setPosition(appended->lastOffset, 1);
    m_log->advanceHighWatermark(m_log->logEndOffset());
  }
  void addTopic(uint64_t number) { append({protocol::TopicRecord{"t" + std::to_string(number), {5, number}}}); }
  void snapshot() { QVERIFY(m_log->writeSnapshot(m_image, kLevel, kNow).has_value()); }
  void damage(const std::string& name) {
    base::Bytes bytes = m_storage.readFile(kDirectory / name).value();
    bytes[bytes.size() / 2] ^= 1;
    QVERIFY(m_storage.writeFileAtomically(kDirectory / name, bytes).has_value());
  }

  storage::MemoryStorage m_storage;
  std::optional<MetadataLog> m_log;
  MetadataImage m_image;
  std::vector<std::string> m_told;
};

}  // namespace

class MetadataLogTest : public QObject {
  Q_OBJECT
 private slots:
  void theNewestSnapshotAndTheLogBehindItGiveTheImage() {
    LogOnDisk disk;
    disk.addTopic(1);
    disk.snapshot();
    disk.addTopic(2);
    disk.snapshot();
    disk.addTopic(3);
    const MetadataImage before = disk.m_image;
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_image == before);
    QCOMPARE(disk.m_log->snapshots().sizes().size(), size_t{2});
    QCOMPARE(disk.m_log->highWatermark(), base::Offset{3});
    QVERIFY(disk.m_told.empty());
  }

  void aDamagedSnapshotIsToldAndTheOneBeforeIsTaken() {
    LogOnDisk disk;
    disk.addTopic(1);
    disk.snapshot();
    disk.addTopic(2);
    disk.snapshot();
    disk.addTopic(3);
    const MetadataImage before = disk.m_image;
    disk.damage("00000000000000000002-0000000001.checkpoint");
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_image == before);
    QCOMPARE(disk.m_told.size(), size_t{1});
    const auto file = std::filesystem::path("__cluster_metadata-0") / "00000000000000000002-0000000001.checkpoint";
    QVERIFY(disk.m_told[0].starts_with(file.string() + " at byte "));
    // The log goes back to offset 0, so that it can do without any.
    disk.damage("00000000000000000001-0000000001.checkpoint");
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_image == before);
  }

  void whatWasBeingWrittenOrDeletedIsRemoved() {
    LogOnDisk disk;
    disk.addTopic(1);
    const controller::SnapshotId id{1, 1};
    const std::string partial = controller::partialSnapshotFileName(id, 3);
    QVERIFY(disk.m_storage.writeFileAtomically(kDirectory / partial, base::asBytes("x")).has_value());
    const std::string deleted = controller::deletedSnapshotFileName(id);
    QVERIFY(disk.m_storage.writeFileAtomically(kDirectory / deleted, base::asBytes("x")).has_value());
    QVERIFY(disk.open().has_value());
    QVERIFY(!disk.m_storage.exists(kDirectory / partial));
    QVERIFY(!disk.m_storage.exists(kDirectory / deleted));
    QVERIFY(disk.m_log->snapshots().sizes().empty());
  }

  void aLogThatEndsBeforeItsSnapshotBeginsAnewBehindIt() {
    LogOnDisk disk;
    disk.addTopic(1);
    disk.addTopic(2);
    disk.snapshot();
    const MetadataImage before = disk.m_image;
    disk.m_log.reset();
    for (const char* file : {"00000000000000000000.log", "00000000000000000000.index", "00000000000000000000.timeindex",
                             "leader-epoch-checkpoint"})
      static_cast<void>(disk.m_storage.remove(kDirectory / file));
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_image == before);
    QCOMPARE(disk.m_log->logStartOffset(), base::Offset{2});
    QCOMPARE(disk.m_log->lastEpoch(), 1);
    disk.addTopic(3);
    QCOMPARE(disk.m_log->logEndOffset(), base::Offset{3});
    // Nothing stands for the first two records now.
    disk.damage("00000000000000000002-0000000001.checkpoint");
    const base::Status refused = disk.open();
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().message,
             std::string("__cluster_metadata-0 begins at offset 2 and has no snapshot that can be read for what comes "
                         "before; restore one."));
  }

  void votersOfTheFirstSnapshotGoIntoTheLog() {
    LogOnDisk disk;
    controller::QuorumVoters voters{1, {0, {{1, {8, 8}, {{"CONTROLLER", "localhost", 9093}}, {0, 1}}}}};
    controller::SnapshotWriter writer({.voters = voters, .metadataVersionLevel = kLevel});
    QVERIFY(
        disk.m_storage.writeFileAtomically(kDirectory / "00000000000000000000-0000000000.checkpoint", writer.write({}))
            .has_value());
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_log->voters() == voters);
    QVERIFY(disk.m_log->appendLeaderChange({1, 1, {1}, {1}}, kNow).has_value());
    QCOMPARE(disk.m_log->logEndOffset(), base::Offset{3});
    QVERIFY(disk.m_storage.remove(kDirectory / "00000000000000000000-0000000000.checkpoint").has_value());
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_log->voters() == voters);
  }

  void recordsOfATransactionCountAllAtOnce() {
    LogOnDisk disk;
    disk.append({protocol::BeginTransactionRecord{"topics"}, protocol::TopicRecord{"a", {1, 1}}});
    QVERIFY(disk.m_image.findTopic("a") == nullptr);
    QVERIFY(disk.open().has_value());
    QVERIFY(disk.m_image.isInTransaction());
    disk.append({protocol::EndTransactionRecord()});
    QVERIFY(disk.m_image.findTopic("a") != nullptr);
    disk.append(
        {protocol::BeginTransactionRecord{}, protocol::TopicRecord{"b", {1, 2}}, protocol::AbortTransactionRecord{}});
    QVERIFY(disk.m_image.findTopic("b") == nullptr);
    QVERIFY(!disk.m_image.isInTransaction());
  }

  void contradictionsAreRefusedWithTheirOffset() {
    LogOnDisk disk;
    disk.addTopic(1);
    const auto appended = disk.m_log->append({protocol::RemoveTopicRecord{{6, 6}}}, kLevel, 1, kNow);
    QVERIFY(appended.has_value());
    const base::Status refused = disk.open();
    QVERIFY(!refused.has_value());
    QVERIFY2(refused.error().message.starts_with("__cluster_metadata-0 at offset 1: topic id "),
             refused.error().message.c_str());
  }

  void theBootstrapFileDecidesWhatAClusterBeginsWith() {
    storage::MemoryStorage storage;
    QVERIFY(controller::readBootstrapFile(storage).value() == controller::defaultBootstrapRecords());
    QVERIFY(controller::writeBootstrapFile(storage, kNow).has_value());
    QVERIFY(controller::readBootstrapFile(storage).value() == controller::defaultBootstrapRecords());
    const auto records =
        controller::activationRecords({protocol::FeatureLevelRecord{"metadata.version", 30},
                                       protocol::FeatureLevelRecord{"eligible.leader.replicas.version", 1}},
                                      2);
    QCOMPARE(records.size(), size_t{5});
    QVERIFY(records[0] == protocol::MetadataRecord(protocol::BeginTransactionRecord{"Bootstrap records"}));
    QVERIFY(records[3] == protocol::MetadataRecord(protocol::ConfigRecord{4, "", "min.insync.replicas", "2"}));
    QVERIFY(records[4] == protocol::MetadataRecord(protocol::EndTransactionRecord{}));

    controller::SnapshotWriter writer({.metadataVersionLevel = 6});
    const base::Bytes old = writer.write({protocol::FeatureLevelRecord{"metadata.version", 6}});
    QVERIFY(storage.writeFileAtomically(controller::kBootstrapFile, old).has_value());
    QCOMPARE(controller::readBootstrapFile(storage).error().code, base::ErrorCode::UNSUPPORTED_VERSION);
    QVERIFY(storage.writeFileAtomically(controller::kBootstrapFile, base::asBytes("damaged")).has_value());
    QCOMPARE(controller::readBootstrapFile(storage).error().code, base::ErrorCode::CORRUPT_MESSAGE);
  }
};

STREAMSCOPE_TEST(MetadataLogTest);
#include "metadata_log_test.moc"
