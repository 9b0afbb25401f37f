// What brokers answer about transactions. Coordinators come later: here a test writes the batches and markers of
// transactional producers into the leader's log, as a replica that comes back with them.

#include <QtTest>

#include "cluster.h"
#include "log/end_transaction_marker.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

constexpr const char* kTopic = "orders";
constexpr int8_t kReadUncommitted = 0;
constexpr int8_t kReadCommitted = 1;

/// A topic of one replica whose log a test can write to while the broker is down.
struct Scene {
  Cluster cluster;
  base::BrokerId leader = base::kNoBroker;
  std::map<int64_t, int32_t> nextSequence;
  std::unique_ptr<log::PartitionLog> log;

  bool boot() {
    if (!cluster.boot() || !cluster.createTopic(kTopic, 1, 1)) return false;
    leader = cluster.leaderOf(kTopic);
    return true;
  }

  bool openLog() {
    cluster.kill(leader);
    log::PartitionLog::OpenOptions options;
    options.partition = {kTopic, 0};
    options.nowMs = 1;
    log::RecoveryReport report;
    auto opened = log::PartitionLog::open(cluster.disk(leader), std::string(kTopic) + "-0", options, report);
    if (!opened) return false;
    log = std::move(*opened);
    return true;
  }
  void send(int64_t producerId) {
    log::RecordBatchBuilder::Options options;
    options.producerId = producerId;
    options.producerEpoch = 0;
    options.baseSequence = nextSequence[producerId]++;
    options.isTransactional = true;
    log::RecordBatchBuilder builder(options);
    builder.append(1, std::nullopt, base::asBytes("value"));
    QVERIFY(log->appendAsLeader(base::SharedBytes(builder.build()), 0, 1).has_value());
  }
  void end(int64_t producerId, bool isCommit) {
    const base::SharedBytes marker(log::buildEndTransactionMarker(producerId, 0, {isCommit, 0, 1}));
    QVERIFY(log->appendAsLeader(marker, 0, 1, log::AppendOrigin::Coordinator).has_value());
  }
  bool bringBack() {
    if (!log->flush()) return false;
    log.reset();
    cluster.restart(leader);
    return cluster.runUntil([&] { return cluster.allUnfenced() && cluster.leaderOf(kTopic) == leader; }) &&
           cluster.runUntil([&] {
             const auto replica = cluster.replica(leader, kTopic);
             return replica && replica->isLeader && replica->highWatermark == replica->logEndOffset;
           });
  }

  protocol::FetchRequest request(base::Offset offset, int8_t isolationLevel, int32_t maxWaitMs) {
    protocol::FetchRequest request;
    request.maxWaitMs = maxWaitMs;
    request.minBytes = 1;
    request.isolationLevel = isolationLevel;
    auto& topic = request.topics.emplace_back();
    topic.topicId = cluster.image().findTopic(kTopic)->id;
    auto& partition = topic.partitions.emplace_back();
    partition.fetchOffset = offset;
    partition.partitionMaxBytes = 1 << 20;
    return request;
  }
  protocol::FetchResponse::PartitionData fetch(base::Offset offset, int8_t isolationLevel) {
    const auto answer = cluster.call<protocol::FetchResponse>(leader, request(offset, isolationLevel, 100));
    return answer ? answer->responses.at(0).partitions.at(0) : protocol::FetchResponse::PartitionData{};
  }
  base::Offset listOffset(int64_t timestamp, int8_t isolationLevel) {
    protocol::ListOffsetsRequest request;
    request.replicaId = -1;
    request.isolationLevel = isolationLevel;
    auto& topic = request.topics.emplace_back();
    topic.name = kTopic;
    auto& partition = topic.partitions.emplace_back();
    partition.timestamp = timestamp;
    partition.currentLeaderEpoch = -1;
    const auto answer = cluster.call<protocol::ListOffsetsResponse>(leader, request);
    if (!answer || answer->topics.at(0).partitions.at(0).errorCode != 0) return -99;
    return answer->topics[0].partitions[0].offset;
  }
};

base::Offset endOf(const protocol::FetchResponse::PartitionData& answer) {
  base::Offset end = base::kNoOffset;
  for (base::ByteView rest = answer.records->view(); !rest.empty();) {
    const log::BatchScan scan = log::scanBatch(rest, true);
    end = scan.header.nextOffset();
    rest = rest.subspan(scan.header.sizeInBytes);
  }
  return end;
}

}  // namespace

class TransactionsStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void readCommittedStopsBeforeAnOpenTransaction() {
    Scene scene;
    QVERIFY(scene.boot());
    QVERIFY(scene.openLog());
    scene.send(1);        // 0
    scene.end(1, true);   // 1
    scene.send(2);        // 2
    scene.send(1);        // 3
    scene.end(1, false);  // 4
    scene.end(2, false);  // 5
    scene.send(3);        // 6
    scene.send(1);        // 7
    scene.end(1, false);  // 8
    QVERIFY(scene.bringBack());

    const auto everything = scene.fetch(0, kReadUncommitted);
    QCOMPARE(everything.errorCode, 0);
    QCOMPARE(endOf(everything), 9);
    QCOMPARE(everything.highWatermark, 9);
    QCOMPARE(everything.lastStableOffset, 6);
    QVERIFY(!everything.abortedTransactions);

    const auto committed = scene.fetch(0, kReadCommitted);
    QCOMPARE(committed.highWatermark, 9);
    QCOMPARE(committed.lastStableOffset, 6);
    QCOMPARE(endOf(committed), 6);
    using Aborted = protocol::FetchResponse::AbortedTransaction;
    QVERIFY(committed.abortedTransactions == (std::vector<Aborted>{{1, 3}, {2, 2}}));
    QVERIFY(scene.fetch(5, kReadCommitted).abortedTransactions == (std::vector<Aborted>{{2, 2}}));
    const auto nothing = scene.fetch(6, kReadCommitted);
    QVERIFY(nothing.records->empty());
    QVERIFY(nothing.abortedTransactions == std::vector<Aborted>{});

    // Latest, and a time.
    QCOMPARE(scene.listOffset(-1, kReadUncommitted), 9);
    QCOMPARE(scene.listOffset(-1, kReadCommitted), 6);
    QCOMPARE(scene.listOffset(1, kReadCommitted), 0);
  }

  void readCommittedWaitsForTheMarker() {
    Scene scene;
    QVERIFY(scene.boot());
    QVERIFY(scene.openLog());
    scene.send(1);
    QVERIFY(scene.bringBack());
    const size_t waiting = scene.cluster.client().send(scene.leader, protocol::FetchRequest::kInfo.versionMax,
                                                       scene.request(0, kReadCommitted, 3000));
    // New records that are stable only behind the open transaction end no wait.
    Cluster::Batch plain;
    plain.value = "plain";
    QVERIFY(scene.cluster.produce(scene.leader, kTopic, plain).has_value());
    scene.cluster.runFor(1s);
    QVERIFY(!scene.cluster.client().response(waiting).has_value());
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.client().response(waiting).has_value(); }, 5s));
    const auto& answer = std::get<protocol::FetchResponse>(scene.cluster.client().response(waiting)->body);
    QVERIFY(answer.responses.at(0).partitions.at(0).records->empty());
  }
};

STREAMSCOPE_TEST(TransactionsStoryTest);
#include "transactions_story_test.moc"

}  // namespace streamscope::broker
