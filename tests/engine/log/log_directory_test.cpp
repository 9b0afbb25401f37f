#include "log/log_directory.h"

#include <QTemporaryDir>
#include <QTest>

#include "batches.h"
#include "storage/faulty_storage.h"
#include "storage/posix_storage.h"
#include "support/crashable_memory.h"
#include "support/open_log_directory.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::kTestTime;

namespace {

const base::TopicPartition kOrders0{"orders", 0};
const base::TopicPartition kOrders1{"orders", 1};
const base::Uuid kTopicId{1, 2};

struct Fixture {
  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};
  log::DirectoryIdentity identity{"lab-cluster", 1, {5, 6}};
  log::LogDirectory::OpenReport report;
  std::unique_ptr<log::LogDirectory> directory;

  base::Status open() { return open(test::everyReplica({})); }
  base::Status open(const log::LogDirectory::Assignments& assignments) {
    directory.reset();
    auto opened = test::openLogDirectory(disk, identity, assignments, kTestTime, report);
    if (!opened) return base::fail(opened.error());
    directory = std::move(*opened);
    return {};
  }
  log::PartitionLog* create(const base::TopicPartition& partition) {
    return directory->getOrCreate(partition, kTopicId, {}, kTestTime).value_or(nullptr);
  }
  static bool write(log::PartitionLog* log, int count = 1) {
    return log->appendAsLeader(log::makeBatch({.count = count}), 0, kTestTime).has_value();
  }
  static constexpr const char* kFuture = "orders-0.0123456789abcdef0123456789abcdef-future";
  /// A replica of three records that was on its way here when the process ended.
  bool makeFuture() {
    if (!open() || !write(create(kOrders0), 3)) return false;
    directory.reset();
    return memory.rename("orders-0", kFuture).has_value();
  }
  std::string content(const std::filesystem::path& path) {
    const auto bytes = memory.readFile(path);
    return bytes ? std::string(base::asText(*bytes)) : "(none)";
  }
};

}  // namespace

class LogDirectoryTest : public QObject {
  Q_OBJECT
 private slots:
  void anEmptyDirectoryIsFormatted() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(!fixture.report.cleanShutdown);
    const base::Uuid directoryId{5, 6};
    QCOMPARE(fixture.content("meta.properties"),
             "#\ncluster.id=lab-cluster\ndirectory.id=" + directoryId.toString() + "\nnode.id=1\nversion=1\n");
    QVERIFY(fixture.memory.exists(".lock"));
    QCOMPARE(fixture.directory->previousBrokerEpoch(), -1);
    QVERIFY(fixture.directory->partitions().empty());
  }

  void anotherClustersDirectoryIsRefused() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    fixture.directory.reset();
    fixture.identity.clusterId = "other";
    const auto cluster = fixture.open();
    QCOMPARE(cluster.error().code, ErrorCode::INCONSISTENT_CLUSTER_ID);
    for (const char* part : {"lab-cluster", "other", "meta.properties"})
      QVERIFY2(cluster.error().message.find(part) != std::string::npos, part);
    fixture.identity = {"lab-cluster", 2, {5, 6}};
    QCOMPARE(fixture.open().error().code, ErrorCode::INCONSISTENT_CLUSTER_ID);
    // The id of the directory is whatever it was formatted with.
    fixture.identity = {"lab-cluster", 1, {9, 9}};
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.directory->identity().directoryId, (base::Uuid{5, 6}));
  }

  void replicasWithoutAnOwnerAreRefused() {
    Fixture fixture;
    QVERIFY(fixture.memory.createDirectories("orders-0").has_value());
    const auto refused = fixture.open();
    QCOMPARE(refused.error().code, ErrorCode::KAFKA_STORAGE_ERROR);
    QVERIFY(refused.error().message.find("orders-0") != std::string::npos);
    QVERIFY(fixture.memory.writeFileAtomically("meta.properties", base::asBytes("version=7\n")).has_value());
    QVERIFY(fixture.open().error().message.find("version 7") != std::string::npos);
  }

  void aCleanShutdownIsRemembered() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
    QVERIFY(Fixture::write(fixture.create(kOrders1), 2));
    fixture.directory->find(kOrders1)->setHighWatermark(1);
    QVERIFY(fixture.directory->find(kOrders1)->incrementLogStartOffset(1).has_value());
    QVERIFY(fixture.directory->closeCleanly({{kOrders0, 3}, {kOrders1, 1}}, 42).has_value());
    fixture.directory.reset();
    QCOMPARE(fixture.content(".kafka_cleanshutdown"), std::string("{\"version\":0,\"brokerEpoch\":42}"));
    QCOMPARE(fixture.content("recovery-point-offset-checkpoint"), std::string("0\n2\norders 0 3\norders 1 2\n"));
    QCOMPARE(fixture.content("replication-offset-checkpoint"), std::string("0\n2\norders 0 3\norders 1 1\n"));
    QCOMPARE(fixture.content("log-start-offset-checkpoint"), std::string("0\n1\norders 1 1\n"));
    // The machine may lose power now.
    fixture.memory.crash();
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.report.cleanShutdown);
    QVERIFY(fixture.report.cuts.empty());
    QCOMPARE(fixture.directory->previousBrokerEpoch(), 42);
    QVERIFY(!fixture.memory.exists(".kafka_cleanshutdown"));
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 3);
    QCOMPARE(fixture.directory->find(kOrders0)->topicId(), kTopicId);
    QCOMPARE(fixture.directory->find(kOrders1)->logStartOffset(), 1);
    QCOMPARE(fixture.directory->checkpointedHighWatermark(kOrders1), 1);
    QCOMPARE(fixture.directory->checkpointedHighWatermark({"none", 0}), 0);
    QVERIFY(fixture.open().has_value());
    QVERIFY(!fixture.report.cleanShutdown);
  }

  void anUncleanShutdownIsRecoveredAndTold() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
    QVERIFY(Fixture::write(fixture.create(kOrders1), 3));
    QVERIFY(fixture.directory->find(kOrders0)->flush().has_value());
    QVERIFY(fixture.directory->writeOffsetCheckpoints().has_value());
    QVERIFY(Fixture::write(fixture.directory->find(kOrders0)));
    fixture.directory.reset();
    fixture.memory.crash({20});
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 3);
    QCOMPARE(fixture.report.cuts.size(), size_t{1});
    QVERIFY(fixture.report.cuts[0].first == kOrders0);
    QCOMPARE(fixture.report.cuts[0].second.cuts[0].bytesCut, uint64_t{20});
  }

  void damagedFilesAreToldAndSurvived() {
    for (const char* name : {"recovery-point-offset-checkpoint", "replication-offset-checkpoint",
                             "log-start-offset-checkpoint", ".kafka_cleanshutdown"}) {
      Fixture fixture;
      QVERIFY(fixture.open().has_value());
      QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
      QVERIFY(fixture.directory->closeCleanly({{kOrders0, 3}}, 1).has_value());
      fixture.directory.reset();
      QVERIFY(fixture.memory.writeFileAtomically(name, base::asBytes("0\n2\norders")).has_value());
      QVERIFY2(fixture.open().has_value(), name);
      QCOMPARE(fixture.report.damagedFiles.size(), size_t{1});
      QCOMPARE(fixture.report.damagedFiles[0].file, std::string(name));
      QVERIFY(!fixture.report.cleanShutdown);
      QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 3);
    }
  }

  void aRemovedReplicaIsGoneForGood() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
    QVERIFY(fixture.directory->find(kOrders0)->flush().has_value());
    QVERIFY(fixture.directory->writeOffsetCheckpoints().has_value());
    QVERIFY(fixture.directory->writeHighWatermarks({{kOrders0, 3}}).has_value());
    QVERIFY(fixture.directory->remove(kOrders0, kTestTime).has_value());
    QVERIFY(fixture.directory->remove(kOrders0, kTestTime).has_value());
    QVERIFY(fixture.directory->find(kOrders0) == nullptr);
    QCOMPARE(fixture.directory->checkpointedHighWatermark(kOrders0), 0);
    fixture.directory.reset();
    fixture.memory.crash();
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.directory->partitions().empty());
    // Opening begins its time anew, as in Kafka.
    const std::string doomed = "orders-0.00000000000000010000000000000002-delete";
    QVERIFY(fixture.memory.exists(doomed));
    QCOMPARE(*fixture.directory->nextRemoval(), kTestTime + 60'000);
    QVERIFY(fixture.directory->removeDue(kTestTime + 59'999)->empty());
    const auto removals = fixture.directory->removeDue(kTestTime + 60'000).value();
    QCOMPARE(removals.size(), size_t{1});
    QCOMPARE(removals[0].partition, kOrders0);
    QVERIFY(removals[0].isDirectory);
    QCOMPARE(removals[0].names, std::vector<std::string>{doomed});
    QVERIFY(!fixture.directory->nextRemoval());
    const auto entries = fixture.memory.list("");
    for (const auto& entry : *entries) QVERIFY2(!entry.isDirectory, entry.name.c_str());
    // A new topic of the same name starts from nothing.
    QCOMPARE(fixture.directory->getOrCreate(kOrders0, {8, 8}, {}, kTestTime).value()->logEndOffset(), 0);
  }

  void whatIsGivenUpIsToldWithItsTime() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    std::vector<base::TimestampMs> told;
    fixture.directory->onAwaitingRemoval([&](base::TimestampMs removeAtMs) { told.push_back(removeAtMs); });
    QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
    QVERIFY(Fixture::write(fixture.create(kOrders1), 3));
    QVERIFY(fixture.directory->remove(kOrders1, kTestTime).has_value());
    QVERIFY(fixture.directory->find(kOrders0)->truncateFullyAndStartAt(7, kTestTime + 5).has_value());
    QCOMPARE(told, (std::vector<base::TimestampMs>{kTestTime + 60'000, kTestTime + 60'005}));
    QCOMPARE(*fixture.directory->nextRemoval(), kTestTime + 60'000);
    QCOMPARE(fixture.directory->removeDue(kTestTime + 60'004)->size(), size_t{1});
    const auto files = fixture.directory->removeDue(kTestTime + 60'005).value();
    QCOMPARE(files.size(), size_t{1});
    QCOMPARE(files[0].partition, kOrders0);
    QVERIFY(!files[0].isDirectory);
    QCOMPARE(files[0].names[0], std::string("00000000000000000000.log.deleted"));
  }

  void aReplicaSetAsideKeepsItsFilesAndIsNotLoaded() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    const std::string stray = "orders-0.00000000000000010000000000000002-stray";
    const std::string nextStray = "orders-0.00000000000000010000000000000003-stray";
    std::string kept;
    for (const std::string& name : {stray, nextStray}) {
      QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
      QVERIFY(fixture.directory->find(kOrders0)->flush().has_value());
      QVERIFY(fixture.directory->writeOffsetCheckpoints().has_value());
      QVERIFY(fixture.directory->writeHighWatermarks({{kOrders0, 3}}).has_value());
      kept = fixture.content("orders-0/00000000000000000000.log");
      QVERIFY(kept.size() > 60);
      log::LogDirectory::Assignments assignments = test::everyReplica({});
      assignments.isStray = [](const base::TopicPartition& partition, const base::Uuid& topicId) {
        return partition == kOrders0 && topicId == kTopicId;
      };
      QVERIFY(fixture.open(assignments).has_value());
      QVERIFY(fixture.directory->find(kOrders0) == nullptr);
      QCOMPARE(fixture.directory->checkpointedHighWatermark(kOrders0), 0);
      QCOMPARE(fixture.content("recovery-point-offset-checkpoint"), std::string("0\n0\n"));
      fixture.directory.reset();
      fixture.memory.crash();
      QVERIFY(fixture.open().has_value());
      QVERIFY(fixture.directory->partitions().empty());
      QVERIFY(!fixture.memory.exists("orders-0"));
      QVERIFY(fixture.content(name + "/00000000000000000000.log") == kept);
    }
    QVERIFY(fixture.content(stray + "/00000000000000000000.log") == kept);
    QCOMPARE(fixture.directory->getOrCreate(kOrders0, {8, 8}, {}, kTestTime).value()->logEndOffset(), 0);
  }

  void aClaimedDirectoryIsAsItWasUntilItsLogsAreLoaded() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(Fixture::write(fixture.create(kOrders0), 3));
    QVERIFY(fixture.directory->closeCleanly({{kOrders0, 3}}, 7).has_value());
    for (int life = 0; life < 2; ++life) {
      fixture.directory = log::LogDirectory::claim(fixture.disk, fixture.identity, 60'000, fixture.report).value();
      QCOMPARE(fixture.directory->previousBrokerEpoch(), 7);
      QVERIFY(fixture.directory->partitions().empty());
      // Stopped before it knew its replicas.
      QVERIFY(fixture.directory->closeCleanly({}, 8).has_value());
    }
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.report.cleanShutdown);
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 3);
    QCOMPARE(fixture.directory->checkpointedHighWatermark(kOrders0), 3);
  }

  void aLogIsRecoveredWithTheConfigsOfItsTopic() {
    Fixture fixture;
    log::LogConfig dense;
    dense.indexIntervalBytes = 0;
    log::LogDirectory::Assignments assignments = test::everyReplica({});
    assignments.configOf = [&](const std::string& topic) { return topic == "orders" ? dense : log::LogConfig{}; };
    QVERIFY(fixture.open(assignments).has_value());
    const base::TopicPartition other{"other", 0};
    const auto indexBytes = [&](const base::TopicPartition& partition) {
      return fixture.content(std::filesystem::path(partition.toString()) / "00000000000000000000.index").size();
    };
    for (const base::TopicPartition& partition : {kOrders0, other}) {
      log::PartitionLog* const log =
          fixture.directory->getOrCreate(partition, kTopicId, assignments.configOf(partition.topic), kTestTime).value();
      for (int i = 0; i < 4; ++i) QVERIFY(Fixture::write(log));
    }
    fixture.directory.reset();
    for (const base::TopicPartition& partition : {kOrders0, other})
      QVERIFY(fixture.memory.removeAll(std::filesystem::path(partition.toString()) / "00000000000000000000.index"));
    QVERIFY(fixture.open(assignments).has_value());
    QCOMPARE(indexBytes(kOrders0), size_t{24});
    QCOMPARE(indexBytes(other), size_t{0});
  }

  // Copies on their way to this directory.

  void aFutureReplicaIsLoadedAsOneAndCanBecomeTheReplica() {
    Fixture fixture;
    QVERIFY(fixture.makeFuture());
    QVERIFY(fixture.open().has_value());
    log::LogDirectory& directory = *fixture.directory;
    QVERIFY(directory.find(kOrders0) == nullptr);
    QVERIFY(directory.partitions().empty());
    QCOMPARE(directory.futurePartitions(), std::vector{kOrders0});
    QCOMPARE(directory.findFuture(kOrders0)->logEndOffset(), 3);
    const auto promoted = directory.promoteFuture(kOrders0, 2, kTestTime);
    QVERIFY(promoted.has_value());
    QCOMPARE((*promoted)->logEndOffset(), 3);
    QCOMPARE((*promoted)->highWatermark(), 2);
    QCOMPARE(directory.find(kOrders0), *promoted);
    QVERIFY(directory.futurePartitions().empty());
    QVERIFY(!fixture.memory.exists(Fixture::kFuture));
    fixture.directory.reset();
    fixture.memory.crash();
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 3);
  }

  void aFutureReplicaHasTheNameKafkaGivesIt() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    const auto unique = base::Uuid{1, 2};
    const auto created = fixture.directory->createFuture(kOrders0, kTopicId, unique, {}, kTestTime);
    QVERIFY(created.has_value());
    QVERIFY(fixture.memory.exists("orders-0.00000000000000010000000000000002-future/partition.metadata"));
    QVERIFY(Fixture::write(*created));
    QVERIFY(fixture.directory->removeFuture(kOrders0, kTestTime).has_value());
    QVERIFY(fixture.directory->findFuture(kOrders0) == nullptr);
    QVERIFY(fixture.directory->nextRemoval().has_value());
    const base::TopicPartition tooLong{std::string(249, 'a'), 0};
    const auto refused = fixture.directory->createFuture(tooLong, kTopicId, unique, {}, kTestTime);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, base::ErrorCode::INVALID_TOPIC_EXCEPTION);
  }

  void aNewReplicaTakesThePlaceOfACopy() {
    Fixture fixture;
    QVERIFY(fixture.makeFuture());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.create(kOrders0) != nullptr);
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 0);
    QVERIFY(fixture.directory->futurePartitions().empty());
    QVERIFY(!fixture.memory.exists(Fixture::kFuture));
  }

  void aFutureReplicaBesideItsReplicaStaysAsItIs() {
    Fixture fixture;
    QVERIFY(fixture.makeFuture());
    QVERIFY(fixture.memory.createDirectories("orders-0").has_value());
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.memory.exists(Fixture::kFuture));
    QVERIFY(fixture.directory->futurePartitions().empty());
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 0);
  }

  void aFutureReplicaTheClusterDoesNotKnowIsAStray() {
    Fixture fixture;
    QVERIFY(fixture.makeFuture());
    log::LogDirectory::Assignments assignments = test::everyReplica({});
    assignments.isStray = [](const base::TopicPartition&, const base::Uuid& topicId) { return topicId == kTopicId; };
    QVERIFY(fixture.open(assignments).has_value());
    QVERIFY(!fixture.memory.exists(Fixture::kFuture));
    QVERIFY(fixture.memory.exists("orders-0.00000000000000010000000000000002-stray"));
    QVERIFY(fixture.directory->find(kOrders0) == nullptr);
  }

  void anotherTopicsReplicaIsNotTaken() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.create(kOrders0) != nullptr);
    QVERIFY(fixture.create(kOrders0) == fixture.directory->find(kOrders0));
    QCOMPARE(fixture.directory->getOrCreate(kOrders0, {8, 8}, {}, kTestTime).error().code,
             ErrorCode::INCONSISTENT_TOPIC_ID);
  }

  void oneFaultTakesTheWholeDirectoryOffline() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    log::PartitionLog* const first = fixture.create(kOrders0);
    log::PartitionLog* const second = fixture.create(kOrders1);
    QVERIFY(Fixture::write(first));
    QVERIFY(!fixture.directory->failure());
    fixture.disk.setFull(true);
    QVERIFY(!Fixture::write(first));
    fixture.disk.setFull(false);
    QVERIFY(fixture.directory->failure().has_value());
    QVERIFY(fixture.directory->failure()->message.find("full") != std::string::npos);
    QVERIFY(!Fixture::write(second));
    QVERIFY(!fixture.directory->writeHighWatermarks({{kOrders0, 1}}).has_value());
    QVERIFY(!fixture.directory->closeCleanly({}, 1).has_value());
    QVERIFY(first->read(0, 1, 100, true).has_value());
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.directory->find(kOrders0)->logEndOffset(), 1);
    QVERIFY(Fixture::write(fixture.directory->find(kOrders1)));
  }

  /// What the file on disk vouches for shrinks with the log.
  void truncationLowersTheRecoveryPointOnDisk() {
    Fixture fixture;
    QVERIFY(fixture.open().has_value());
    log::PartitionLog* const log = fixture.create(kOrders0);
    for (int i = 0; i < 5; ++i) QVERIFY(Fixture::write(log));
    QVERIFY(log->flush().has_value());
    QVERIFY(fixture.directory->writeOffsetCheckpoints().has_value());
    QCOMPARE(fixture.content("recovery-point-offset-checkpoint"), std::string("0\n1\norders 0 5\n"));
    QVERIFY(log->truncateTo(2, kTestTime).has_value());
    QCOMPARE(fixture.content("recovery-point-offset-checkpoint"), std::string("0\n1\norders 0 2\n"));
  }

  void aCrashAtEveryCallLeavesADirectoryThatOpens() {
    const auto script = [](Fixture& fixture) {
      if (!fixture.open()) return;
      for (const auto& partition : {kOrders0, kOrders1}) {
        log::PartitionLog* const log = fixture.create(partition);
        if (log == nullptr || !Fixture::write(log, 2)) return;
      }
      if (!fixture.directory->remove(kOrders1, kTestTime)) return;
      if (!fixture.directory->removeDue(INT64_MAX)) return;
      if (!fixture.directory->closeCleanly({{kOrders0, 2}}, 3)) return;
      if (!fixture.open()) return;
      if (!Fixture::write(fixture.directory->find(kOrders0))) return;
    };
    Fixture counting;
    script(counting);
    QCOMPARE(counting.directory->find(kOrders0)->logEndOffset(), 3);
    const uint64_t operations = counting.disk.operationCount();
    for (uint64_t stop = 0; stop < operations; ++stop) {
      Fixture fixture;
      fixture.disk.stopAtOperation(stop);
      script(fixture);
      fixture.disk.stopAtOperation(UINT64_MAX);
      fixture.directory.reset();
      fixture.memory.crash();
      const auto opened = fixture.open();
      QVERIFY2(opened.has_value(), (std::to_string(stop) + (opened ? "" : opened.error().message)).c_str());
      QVERIFY(Fixture::write(fixture.create(kOrders0)));
    }
  }

  void worksOnRealFilesAndLocksThem() {
    const QTemporaryDir temporary;
    const std::filesystem::path root = temporary.path().toStdString();
    const log::DirectoryIdentity identity{"lab", 3, {1, 1}};
    log::LogDirectory::OpenReport report;
    {
      storage::PosixStorage disk(root);
      auto directory = test::openLogDirectory(disk, identity, log::LogConfig{}, kTestTime, report).value();
      QVERIFY(Fixture::write(directory->getOrCreate(kOrders0, kTopicId, {}, kTestTime).value(), 4));
      storage::PosixStorage intruder(root);
      const auto refused = test::openLogDirectory(intruder, identity, log::LogConfig{}, kTestTime, report);
      QCOMPARE(refused.error().code, ErrorCode::KAFKA_STORAGE_ERROR);
      QVERIFY(refused.error().message.find("another running program") != std::string::npos);
      QVERIFY(directory->closeCleanly({{kOrders0, 4}}, 7).has_value());
    }
    storage::PosixStorage disk(root);
    const auto directory = test::openLogDirectory(disk, identity, log::LogConfig{}, kTestTime, report).value();
    QVERIFY(report.cleanShutdown);
    QCOMPARE(directory->previousBrokerEpoch(), 7);
    QCOMPARE(directory->find(kOrders0)->logEndOffset(), 4);
  }
};

STREAMSCOPE_TEST(LogDirectoryTest);
#include "log_directory_test.moc"
