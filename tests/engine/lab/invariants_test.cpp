#include <QTest>

#include "invariants/committed_metadata_survives.h"
#include "invariants/committed_offsets_survive.h"
#include "invariants/consumers_stay_below_high_watermark.h"
#include "invariants/high_watermark_never_goes_back.h"
#include "invariants/metadata_images_agree.h"
#include "invariants/one_active_controller.h"
#include "invariants/one_leader_per_epoch.h"
#include "invariants/one_owner_per_generation.h"
#include "invariants/records_stay_in_order.h"
#include "invariants/recovery_keeps_what_was_synced.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "storage/memory_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

namespace {

const base::TopicPartition kOrders{"orders", 0};

world::TraceEvent traceEvent(world::EventPayload payload) {
  return {1, 0, base::VirtualTime{}, std::move(payload)};
}
bool everyPartition(const base::TopicPartition&) {
  return true;
}
world::TraceEvent leads(base::BrokerId broker, base::LeaderEpoch epoch) {
  return traceEvent(world::LeadershipChanged{world::brokerAddress(broker), kOrders, epoch, true});
}
world::TraceEvent moved(base::Offset from, base::Offset to) {
  return traceEvent(world::HighWatermarkMoved{world::brokerAddress(1), kOrders, from, to});
}

/// For invariants that look at nodes, where the test has none.
struct EmptyCluster {
  world::World world{world::WorldConfig{}};
  ReplicaReader replicas{world, 3, {100}};
  Promises promises{world, replicas, LabDescription{}, InvariantChecker::Claims::AsConfigured};
  world::EventId lastEvent = 0;
};

world::TraceEvent elected(int32_t controller, int32_t epoch) {
  return traceEvent(world::ControllerElected{world::controllerAddress(controller), epoch});
}

world::TraceEvent quorumRole(int32_t controller, const std::string& role, int32_t epoch) {
  return traceEvent(world::QuorumRoleChanged{world::controllerAddress(controller), "Unattached", role, epoch, -1, ""});
}

/// A log in which an idempotent producer wrote what it counted.
class NumberedLog {
 public:
  NumberedLog() {
    log::PartitionLog::OpenOptions options;
    options.partition = kOrders;
    log::RecoveryReport report;
    auto opened = log::PartitionLog::open(m_storage, "orders-0", options, report);
    if (opened) m_log = std::move(*opened);
  }
  void append(int number, int16_t producerEpoch) {
    log::RecordBatchBuilder::Options options;
    options.baseOffset = m_log->logEndOffset();
    options.partitionLeaderEpoch = 0;
    options.producerId = 7;
    options.producerEpoch = producerEpoch;
    options.baseSequence = m_sequence++;
    log::RecordBatchBuilder batch(options);
    const std::string value = R"({"order":)" + std::to_string(number) + R"(,"item":"tea"})";
    batch.append(0, std::nullopt, base::asBytes(value));
    const base::Bytes bytes = batch.build();
    QVERIFY(m_log->appendAsFollower(base::SharedBytes::copyOf(bytes), 0).has_value());
  }
  const log::PartitionLog& log() const { return *m_log; }

 private:
  storage::MemoryStorage m_storage;
  std::unique_ptr<log::PartitionLog> m_log;
  int32_t m_sequence = 0;
};

}  // namespace

/// Each invariant must be able to fail, and must not fail on what is allowed.
class InvariantsTest : public QObject {
  Q_OBJECT
 private slots:
  void twoLeadersInOneEpochAreFound() {
    OneLeaderPerEpoch invariant;
    invariant.observe(leads(1, 3));
    invariant.observe(leads(2, 4));
    invariant.observe(leads(1, 3));
    QVERIFY(invariant.violations().empty());
    invariant.observe(leads(2, 3));
    QCOMPARE(invariant.violations().size(), size_t{1});
    QCOMPARE(invariant.violations().at(0).how, std::string("brokers 1 and 2 both lead orders-0 in epoch 3"));
  }

  void anEpochThatGoesBackIsFound() {
    OneLeaderPerEpoch invariant;
    world::PartitionChanged change;
    change.partition = kOrders;
    change.leader = 1;
    change.leaderEpoch = 5;
    invariant.observe(traceEvent(change));
    change.leaderEpoch = 4;
    invariant.observe(traceEvent(change));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void whatADeposedControllerOfAQuorumDecidesIsNoMatter() {
    OneLeaderPerEpoch invariant;
    invariant.observe(quorumRole(100, "Leader", 1));
    world::PartitionChanged change;
    change.partition = kOrders;
    for (const auto& [leader, epoch] : {std::pair{1, 5}, std::pair{2, 5}, std::pair{3, 4}}) {
      change.leader = leader;
      change.leaderEpoch = epoch;
      invariant.observe(traceEvent(change));
    }
    invariant.observe(leads(2, 5));
    QVERIFY(invariant.violations().empty());
    invariant.observe(leads(1, 5));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aLeaderWithoutTheEndOfItsLogIsAllowedItsLossAndNoMore() {
    EmptyCluster cluster;
    HighWatermarkNeverGoesBack invariant(
        [&](const base::TopicPartition& partition) { return !cluster.promises.hasLostHistory(partition); });
    const auto happens = [&](world::EventPayload payload) {
      world::TraceEvent event = traceEvent(std::move(payload));
      event.id = ++cluster.lastEvent;
      cluster.promises.onEvent(event);
      invariant.observe(event);
    };
    happens(world::HighWatermarkMoved{world::brokerAddress(1), kOrders, 0, 10});
    happens(world::UnsyncedChangesLost{world::brokerAddress(2), 0, 1, 300});
    happens(world::LogTruncated{world::brokerAddress(1), kOrders, 12, 9});
    QCOMPARE(invariant.violations().size(), size_t{1});
    // It has fetched everything again before it leads.
    happens(world::PartitionChanged{kOrders, 1, 1, 3, 4, {1}, {1, 2}});
    happens(world::LeadershipChanged{world::brokerAddress(2), kOrders, 4, true});
    QVERIFY(!cluster.promises.lossAllowedNow());
    QVERIFY(!cluster.promises.hasLostHistory(kOrders));
    happens(world::UnsyncedChangesLost{world::brokerAddress(2), 0, 1, 300});
    happens(world::LeadershipChanged{world::brokerAddress(2), kOrders, 5, true});
    QCOMPARE(cluster.promises.lossAllowedNow()->from, base::Offset{0});
    QVERIFY(cluster.promises.hasLostHistory(kOrders));
    QVERIFY(!cluster.promises.hasLostHistory({"orders", 1}));
    happens(world::LogTruncated{world::brokerAddress(1), kOrders, 12, 3});
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aHighWatermarkThatGoesBackIsFound() {
    HighWatermarkNeverGoesBack invariant(everyPartition);
    invariant.observe(moved(0, 10));
    invariant.observe(moved(10, 15));
    QVERIFY(invariant.violations().empty());
    invariant.observe(moved(15, 14));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void afterARestartAHighWatermarkMayBeginLower() {
    HighWatermarkNeverGoesBack invariant(everyPartition);
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::NodeStarted{world::brokerAddress(1)}));
    invariant.observe(moved(0, 4));
    QVERIFY(invariant.violations().empty());
  }

  void aCutBelowTheHighWatermarkIsFound() {
    HighWatermarkNeverGoesBack invariant(everyPartition);
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::LogTruncated{world::brokerAddress(1), kOrders, 15, 10}));
    QVERIFY(invariant.violations().empty());
    invariant.observe(traceEvent(world::LogTruncated{world::brokerAddress(1), kOrders, 15, 9}));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aConsumerBeyondTheHighWatermarkIsFound() {
    ConsumersStayBelowHighWatermark invariant;
    invariant.observe(moved(0, 10));
    invariant.observe(traceEvent(world::RecordsConsumed{world::clientAddress(1), kOrders, 10, 10}));
    QVERIFY(invariant.violations().empty());
    invariant.observe(traceEvent(world::RecordsConsumed{world::clientAddress(1), kOrders, 11, 1}));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void twoOwnersInOneGenerationAreFound() {
    OneOwnerPerGeneration invariant;
    const auto assigned = [](int client, const char* memberId, int generation) {
      return traceEvent(world::PartitionsAssigned{
          world::clientAddress(client), "billing", memberId, generation, {kOrders}, {kOrders}});
    };
    invariant.observe(assigned(1, "a", 1));
    invariant.observe(assigned(2, "b", 2));
    QVERIFY(invariant.violations().empty());
    invariant.observe(assigned(1, "a", 2));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aForgottenCommittedOffsetIsFound() {
    const auto begins = [](base::Offset committed, base::Offset position, bool isHistoryKept) {
      CommittedOffsetsSurvive invariant([=](const base::TopicPartition&) { return isHistoryKept; });
      const world::Address client = world::clientAddress(1);
      invariant.observe(
          traceEvent(world::OffsetCommitted{world::brokerAddress(1), "billing", "a", 1, kOrders, committed}));
      invariant.observe(traceEvent(world::PartitionsAssigned{client, "billing", "b", 2, {kOrders}, {kOrders}}));
      invariant.observe(traceEvent(world::RecordsConsumed{client, kOrders, position, 5}));
      return invariant.violations().size();
    };
    QCOMPARE(begins(10, 15, true), size_t{0});
    QCOMPARE(begins(10, 5, true), size_t{1});
    QCOMPARE(begins(10, 5, false), size_t{0});
  }

  void twoControllersInOneEpochAreFound() {
    OneActiveController invariant;
    invariant.observe(elected(100, 1));
    invariant.observe(elected(100, 2));
    invariant.observe(elected(101, 3));
    QVERIFY(invariant.violations().empty());
    invariant.observe(elected(100, 3));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void twoLeadersOfTheQuorumInOneEpochAreFound() {
    OneActiveController invariant;
    invariant.observe(quorumRole(100, "Leader", 3));
    invariant.observe(quorumRole(101, "Candidate", 3));
    QVERIFY(invariant.violations().empty());
    invariant.observe(quorumRole(101, "Leader", 3));
    QCOMPARE(invariant.violations().at(0).how, std::string("controller 100 and controller 101 both lead epoch 3"));
  }

  void aControllerThatGoesBackToAnEpochIsFound() {
    OneActiveController invariant;
    invariant.observe(elected(100, 5));
    // The fetch that made it active was late.
    invariant.observe(elected(101, 4));
    QVERIFY(invariant.violations().empty());
    invariant.observe(quorumRole(100, "Follower", 4));
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aControllerWithAnotherDiskIsNotHeldToItsEpochs() {
    OneActiveController invariant;
    invariant.observe(elected(100, 5));
    invariant.observe(traceEvent(world::DiskReplaced{world::controllerAddress(100)}));
    invariant.observe(quorumRole(100, "Follower", 4));
    QVERIFY(invariant.violations().empty());
  }

  void anotherBatchInThePlaceOfACommittedOneIsFound() {
    EmptyCluster cluster;
    CommittedMetadataSurvives invariant(cluster.replicas);
    invariant.onCommitted(world::controllerAddress(100), 7, 9, {3, 0x1234});
    invariant.onCommitted(world::controllerAddress(101), 7, 9, {3, 0x1234});
    invariant.compareEnd(world::controllerAddress(101), 9);
    const auto cutTo = [](base::Offset to) {
      return traceEvent(world::LogTruncated{world::controllerAddress(100), {"__cluster_metadata", 0}, 12, to});
    };
    invariant.observe(cutTo(9));
    QVERIFY(invariant.violations().empty());
    invariant.onCommitted(world::controllerAddress(102), 7, 9, {4, 0x1234});
    QCOMPARE(invariant.violations().size(), size_t{1});
    invariant.observe(cutTo(8));
    QCOMPARE(invariant.violations().at(1).how,
             std::string("controller 100 cut its metadata log to 8, and had up to 9 what was committed"));
    invariant.compareEnd(world::controllerAddress(102), 8);
    QCOMPARE(invariant.violations().at(2).how,
             std::string("controller 102 is active and has committed the metadata log up to 8; it was committed up to "
                         "9"));
  }

  void aRecordWrittenTwiceIsFound() {
    EmptyCluster cluster;
    RecordsStayInOrder invariant(cluster.replicas, cluster.promises);
    NumberedLog numbered;
    for (const int number : {1, 2, 4}) numbered.append(number, 0);
    invariant.comparePartition(kOrders, numbered.log());
    QVERIFY(invariant.violations().empty());
    numbered.append(4, 0);
    invariant.comparePartition(kOrders, numbered.log());
    QCOMPARE(invariant.violations().at(0).how,
             std::string("orders-0 has a producer's record 4 at offset 3, after 4 at offset 2"));
  }

  void aNewProducerEpochMayBeginAnew() {
    EmptyCluster cluster;
    RecordsStayInOrder invariant(cluster.replicas, cluster.promises);
    NumberedLog numbered;
    numbered.append(3, 0);
    numbered.append(2, 1);
    invariant.comparePartition(kOrders, numbered.log());
    QVERIFY(invariant.violations().empty());
    numbered.append(1, 1);
    invariant.comparePartition(kOrders, numbered.log());
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void imagesThatDifferAtOneOffsetAreFound() {
    EmptyCluster cluster;
    MetadataImagesAgree invariant(cluster.replicas);
    controller::MetadataImage empty, producing;
    protocol::ProducerIdsRecord record;
    record.nextProducerId = 1000;
    producing.replay(record);
    empty.setPosition(4, 1);
    producing.setPosition(5, 1);
    invariant.compare("broker 1", empty, "controller 100", producing);
    QVERIFY(invariant.violations().empty());
    empty.setPosition(5, 1);
    invariant.compare("broker 1", empty, "controller 100", producing);
    QCOMPARE(invariant.violations().size(), size_t{1});
  }

  void aBrokerThatComesBackWithLessIsFound() {
    EmptyCluster cluster;
    RecoveryKeepsWhatWasSynced invariant(cluster.replicas);
    invariant.remember(1, kOrders, 10);
    invariant.compare(1, kOrders, 10);
    QVERIFY(invariant.violations().empty());
    invariant.compare(1, kOrders, 9);
    QCOMPARE(invariant.violations().at(0).how,
             std::string("broker 1 had orders-0 on its disk up to 10 and came back with 9"));
  }
};

STREAMSCOPE_TEST(InvariantsTest);
#include "invariants_test.moc"
