#include "partition.h"

#include <QtTest>

#include "log/end_transaction_marker.h"
#include "log/record_batch.h"
#include "node_fakes.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;

struct FakeChannel : AlterPartitionChannel {
  void submit(IsrProposal proposal, Handler onDecision) override {
    proposals.push_back(std::move(proposal));
    handlers.push_back(std::move(onDecision));
  }
  std::vector<base::BrokerId> lastIsr() const {
    std::vector<base::BrokerId> isr;
    for (const auto& member : proposals.back().isr) isr.push_back(member.broker);
    return isr;
  }
  std::vector<IsrProposal> proposals;
  std::vector<Handler> handlers;
};

struct FakeListener : PartitionListener {
  void onHighWatermarkMoved(Partition&) override { ++moves; }
  void onLowWatermarkMoved(Partition&) override { ++lowWatermarkMoves; }
  void onStorageFailure(const base::Error& error) override { failure = error.message; }
  int moves = 0, lowWatermarkMoves = 0;
  std::string failure;
};

/// Broker 1 with a replica of t-0 on brokers 1, 2 and 3.
struct Fixture {
  explicit Fixture(int32_t minInsyncReplicas = 1) {
    for (base::BrokerId id = 1; id <= 3; ++id) {
      protocol::RegisterBrokerRecord record;
      record.brokerId = id;
      record.brokerEpoch = 100 + id;
      record.fenced = false;
      record.rack = "rack-" + std::to_string(id);
      image.replay(record);
    }
    log::PartitionLog::OpenOptions options;
    options.partition = {"t", 0};
    options.topicId = base::Uuid{1, 2};
    log::RecoveryReport report;
    auto opened = log::PartitionLog::open(node.storage, "t-0", options, report);
    log = std::move(*opened);
    TopicConfig topic;
    topic.minInsyncReplicas = minInsyncReplicas;
    partition = std::make_shared<Partition>(context, base::TopicPartition{"t", 0}, base::Uuid{1, 2}, 0, *log, 0, topic);
    registration.replicas = {1, 2, 3};
    registration.isr = {1, 2, 3};
    registration.leader = 1;
  }

  bool lead(std::vector<base::BrokerId> isr, int32_t leaderEpoch = 0) {
    registration.isr = std::move(isr);
    registration.leader = 1;
    registration.leaderEpoch = leaderEpoch;
    ++registration.partitionEpoch;
    return *partition->makeLeader(registration);
  }
  bool follow(int32_t leaderEpoch) {
    registration.leader = 2;
    registration.leaderEpoch = leaderEpoch;
    ++registration.partitionEpoch;
    return partition->makeFollower(registration);
  }
  base::Result<log::AppendInfo> append(int records = 1, int16_t acks = -1) {
    log::RecordBatchBuilder builder({});
    for (int i = 0; i < records; ++i) builder.append(node.clock.wallClockMs(), std::nullopt, base::asBytes("value"));
    return partition->appendAsLeader(base::SharedBytes(builder.build()), acks);
  }
  base::ErrorCode fetched(base::BrokerId follower, base::Offset offset, std::optional<int64_t> epoch = std::nullopt) {
    PartitionFetch fetch;
    fetch.fetchOffset = offset;
    return partition->updateFollower(follower, fetch, epoch.value_or(100 + follower));
  }
  void decide(std::vector<base::BrokerId> isr) {
    ++registration.partitionEpoch;
    channel.handlers.back()(IsrDecision{registration.leaderEpoch, registration.partitionEpoch, std::move(isr)});
  }
  void refuse(base::ErrorCode error) { channel.handlers.back()(tl::unexpected(error)); }

  NodeFakes node;
  BrokerConfig config;
  controller::MetadataImage image;
  FakeChannel channel;
  FakeListener listener;
  PartitionContext context{node.context, config, image, channel, listener};
  std::unique_ptr<log::PartitionLog> log;
  std::shared_ptr<Partition> partition;
  controller::PartitionRegistration registration;
};

using Brokers = std::vector<base::BrokerId>;

}  // namespace

class PartitionTest : public QObject {
  Q_OBJECT

 private slots:
  void consumersAreSentToTheFollowerOfTheirRackThatHasTheOffset() {
    Fixture f;
    f.config.replicaSelector = ReplicaSelector::RackAware;
    f.lead({1, 2});
    QVERIFY(f.append(5));
    f.fetched(2, 3);
    f.fetched(3, 5);
    QCOMPARE(f.partition->preferredReadReplica("rack-2", 3), 2);
    // It does not have the record before that.
    QCOMPARE(f.partition->preferredReadReplica("rack-2", 4), base::kNoBroker);
    // Here; nowhere; not in the ISR.
    QCOMPARE(f.partition->preferredReadReplica("rack-1", 3), base::kNoBroker);
    QCOMPARE(f.partition->preferredReadReplica("", 3), base::kNoBroker);
    QCOMPARE(f.partition->preferredReadReplica("rack-3", 3), base::kNoBroker);

    protocol::FenceBrokerRecord fenced;
    fenced.id = 2;
    fenced.epoch = 102;
    f.image.replay(fenced);
    QCOMPARE(f.partition->preferredReadReplica("rack-2", 3), base::kNoBroker);
    f.lead({1, 2, 3});
    QCOMPARE(f.partition->preferredReadReplica("rack-3", 3), 3);
    f.config.replicaSelector = ReplicaSelector::None;
    QCOMPARE(f.partition->preferredReadReplica("rack-3", 3), base::kNoBroker);
    f.config.replicaSelector = ReplicaSelector::RackAware;
    f.follow(1);
    QCOMPARE(f.partition->preferredReadReplica("rack-3", 3), base::kNoBroker);
  }

  void highWatermarkIsTheSmallestEndInTheIsr() {
    Fixture f;
    f.lead({1, 2, 3});
    QVERIFY(f.append(5));
    QCOMPARE(f.partition->highWatermark(), 0);
    f.fetched(2, 5);
    QCOMPARE(f.partition->highWatermark(), 0);
    f.fetched(3, 3);
    QCOMPARE(f.partition->highWatermark(), 3);
    f.fetched(3, 5);
    QCOMPARE(f.partition->highWatermark(), 5);
    QCOMPARE(f.listener.moves, 2);
    // A follower that asks for less than before does not take anything back.
    f.fetched(3, 4);
    QCOMPARE(f.partition->highWatermark(), 5);
  }

  void anIsrOfOneCommitsAtOnce() {
    Fixture f;
    f.lead({1});
    f.node.clock.time += 60s;
    QVERIFY(f.append(2));
    QCOMPARE(f.partition->highWatermark(), 2);
  }

  void committedReadsFollowTheLastStableOffset() {
    Fixture f;
    f.lead({1, 2, 3});
    const auto send = [&](int64_t producerId) {
      log::RecordBatchBuilder::Options options;
      options.producerId = producerId;
      options.producerEpoch = 0;
      options.baseSequence = 0;
      options.isTransactional = true;
      log::RecordBatchBuilder builder(options);
      builder.append(f.node.clock.wallClockMs(), std::nullopt, base::asBytes("value"));
      return f.partition->appendAsLeader(base::SharedBytes(builder.build()), -1).has_value();
    };
    const auto replicated = [&](base::Offset offset) {
      f.fetched(2, offset);
      f.fetched(3, offset);
    };
    const auto fetch = [&] {
      PartitionFetch question;
      question.bytesMax = 1 << 20;
      question.isolation = FetchIsolation::TxnCommitted;
      return f.partition->fetch(question);
    };
    QVERIFY(f.append(2));
    QVERIFY(send(1));
    replicated(3);
    QCOMPARE(f.partition->highWatermark(), 3);
    QCOMPARE(f.partition->endOffset(FetchIsolation::TxnCommitted), 2);
    QCOMPARE(fetch().lastStableOffset, 2);
    QCOMPARE(f.partition->offsetForTimestamp(-1, FetchIsolation::TxnCommitted)->offset, 2);
    QCOMPARE(f.partition->offsetForTimestamp(-1, FetchIsolation::HighWatermark)->offset, 3);

    const base::SharedBytes marker(log::buildEndTransactionMarker(1, 0, {false, 7, f.node.clock.wallClockMs()}));
    QCOMPARE(f.partition->appendAsLeader(marker, -1).error().code, base::ErrorCode::INVALID_RECORD);
    QVERIFY(f.partition->appendAsLeader(marker, -1, log::AppendOrigin::Coordinator).has_value());
    // Not stable before the marker is replicated; then whoever waits is looked at again.
    QCOMPARE(f.partition->endOffset(FetchIsolation::TxnCommitted), 2);
    QVERIFY(fetch().abortedTransactions->empty());
    const int moves = f.listener.moves;
    replicated(4);
    QCOMPARE(f.listener.moves, moves + 1);
    const PartitionFetched fetched = fetch();
    QCOMPARE(fetched.lastStableOffset, 4);
    QCOMPARE(fetched.abortedTransactions->size(), size_t{1});
    QCOMPARE(fetched.abortedTransactions->front().firstOffset, 2);
    QVERIFY(!f.partition->fetch({.bytesMax = 1 << 20}).abortedTransactions);
  }

  void acksAllNeedsMinInsyncReplicas() {
    Fixture f(2);
    f.lead({1});
    const auto refused = f.append();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, base::ErrorCode::NOT_ENOUGH_REPLICAS);
    QVERIFY(f.append(1, 1));
    // Below min.insync.replicas the high watermark stands still (KIP-966).
    QCOMPARE(f.partition->highWatermark(), 0);
  }

  void minInsyncReplicasIsAtMostTheReplicas() {
    Fixture f(5);
    f.lead({1, 2, 3});
    QCOMPARE(f.partition->effectiveMinIsr(), 3);
    QVERIFY(f.append());
  }

  void acksAllOutcome() {
    Fixture f(2);
    f.lead({1, 2});
    f.append(3);
    QVERIFY(!f.partition->acksAllOutcome(3));
    f.fetched(2, 3);
    f.fetched(3, 3);
    QCOMPARE(f.partition->acksAllOutcome(3), base::ErrorCode::NONE);
    f.lead({1});
    QCOMPARE(f.partition->acksAllOutcome(3), base::ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    f.follow(1);
    QCOMPARE(f.partition->acksAllOutcome(3), base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
  }

  void waitsForAFollowerThatKeepsUpOutsideTheIsr() {
    Fixture f;
    f.lead({1, 2});
    f.fetched(3, 0);
    f.refuse(base::ErrorCode::INELIGIBLE_REPLICA);
    QCOMPARE(f.partition->maximalIsr(), (Brokers{1, 2}));
    f.append(4);
    f.fetched(2, 4);
    QCOMPARE(f.partition->highWatermark(), 0);
    f.fetched(3, 4);
    QCOMPARE(f.partition->highWatermark(), 4);
  }

  void expandsTheIsrWhenAFollowerReachedTheHighWatermark() {
    Fixture f;
    f.lead({1, 2});
    f.node.clock.time += 60s;
    f.append(4);
    f.fetched(2, 4);
    QCOMPARE(f.partition->highWatermark(), 4);
    f.fetched(3, 3);
    QVERIFY(f.channel.proposals.empty());
    f.fetched(3, 4);
    QCOMPARE(f.channel.lastIsr(), (Brokers{1, 2, 3}));
    QCOMPARE(f.channel.proposals.back().isr[2].brokerEpoch, 103);
    QCOMPARE(f.partition->isr(), (Brokers{1, 2}));
    QCOMPARE(f.partition->maximalIsr(), (Brokers{1, 2, 3}));
    // The proposed member counts for the high watermark before the controller has decided.
    f.append(1);
    f.fetched(2, 5);
    QCOMPARE(f.partition->highWatermark(), 4);
    QCOMPARE(f.channel.proposals.size(), 1U);
    f.decide({1, 2, 3});
    QCOMPARE(f.partition->isr(), (Brokers{1, 2, 3}));
    QVERIFY(!f.partition->isIsrProposalInFlight());
  }

  void aFencedOrRestartedFollowerStaysOut() {
    Fixture f;
    f.lead({1, 2});
    f.fetched(3, 0, 55);
    QVERIFY(f.channel.proposals.empty());
    QCOMPARE(f.fetched(3, 0, 55), base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
    protocol::BrokerRegistrationChangeRecord fence;
    fence.brokerId = 3;
    fence.brokerEpoch = 103;
    fence.fenced = 1;
    f.image.replay(fence);
    QCOMPARE(f.fetched(3, 0), base::ErrorCode::NONE);
    QVERIFY(f.channel.proposals.empty());
  }

  void shrinksTheIsrByTime() {
    Fixture f;
    f.lead({1, 2, 3});
    f.append(2);
    f.fetched(2, 2);
    f.fetched(3, 0);
    f.node.clock.time += 30s;
    f.partition->maybeShrinkIsr();
    QVERIFY(f.channel.proposals.empty());
    f.node.clock.time += 1s;
    f.partition->maybeShrinkIsr();
    QCOMPARE(f.channel.lastIsr(), (Brokers{1, 2}));
    // The old ISR still counts until the controller has decided.
    QCOMPARE(f.partition->maximalIsr(), (Brokers{1, 2, 3}));
    QCOMPARE(f.partition->highWatermark(), 0);
    f.partition->maybeShrinkIsr();
    QCOMPARE(f.channel.proposals.size(), 1U);
    f.decide({1, 2});
    QCOMPARE(f.partition->highWatermark(), 2);
  }

  void aFollowerAtTheEndIsCaughtUpHoweverLongAgo() {
    Fixture f;
    f.lead({1, 2, 3});
    f.append(2);
    f.fetched(2, 2);
    f.fetched(3, 2);
    f.node.clock.time += 3600s;
    f.partition->maybeShrinkIsr();
    QVERIFY(f.channel.proposals.empty());
  }

  void refusalsOfAProposal_data() {
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("isInFlight");
    QTest::addColumn<int>("proposals");
    QTest::newRow("ineligible") << int(base::ErrorCode::INELIGIBLE_REPLICA) << false << 1;
    QTest::newRow("not attempted") << int(base::ErrorCode::OPERATION_NOT_ATTEMPTED) << false << 1;
    QTest::newRow("fenced") << int(base::ErrorCode::FENCED_LEADER_EPOCH) << true << 1;
    QTest::newRow("version") << int(base::ErrorCode::INVALID_UPDATE_VERSION) << true << 1;
    QTest::newRow("unknown topic") << int(base::ErrorCode::UNKNOWN_TOPIC_ID) << true << 1;
    QTest::newRow("invalid") << int(base::ErrorCode::INVALID_REQUEST) << true << 1;
    QTest::newRow("new leader") << int(base::ErrorCode::NEW_LEADER_ELECTED) << true << 1;
    QTest::newRow("other: again") << int(base::ErrorCode::NOT_CONTROLLER) << true << 2;
  }
  void refusalsOfAProposal() {
    QFETCH(int, error);
    QFETCH(bool, isInFlight);
    QFETCH(int, proposals);
    Fixture f;
    f.lead({1, 2});
    f.fetched(3, 0);
    QCOMPARE(f.channel.proposals.size(), 1U);
    f.refuse(static_cast<base::ErrorCode>(error));
    QCOMPARE(f.partition->isIsrProposalInFlight(), isInFlight);
    QCOMPARE(static_cast<int>(f.channel.proposals.size()), proposals);
    QCOMPARE(f.partition->isr(), (Brokers{1, 2}));
    // The metadata log ends what is left open.
    f.lead({1, 2, 3});
    QVERIFY(!f.partition->isIsrProposalInFlight());
  }

  void aNewLeaderKnowsNoFollowersEnd() {
    Fixture f;
    f.lead({1, 2, 3});
    f.append(2);
    f.fetched(2, 2);
    f.fetched(3, 2);
    QCOMPARE(f.partition->highWatermark(), 2);
    f.follow(1);
    QVERIFY(f.lead({1, 2, 3}, 2));
    QCOMPARE(f.log->latestEpoch(), 2);
    f.append(1);
    f.fetched(2, 3);
    QCOMPARE(f.partition->highWatermark(), 2);
    const auto changes = f.node.trace.all<world::LeadershipChanged>();
    QCOMPARE(changes.size(), 3U);
    QCOMPARE(changes[1].isLeader, false);
    QCOMPARE(changes[2].leaderEpoch, 2);
  }

  void anOlderPartitionEpochChangesNothing() {
    Fixture f;
    f.lead({1, 2, 3});
    f.registration.partitionEpoch = 0;
    f.registration.isr = {1};
    QVERIFY(!*f.partition->makeLeader(f.registration));
    QCOMPARE(f.partition->isr(), (Brokers{1, 2, 3}));
  }

  void truncationTakesTheHighWatermarkBack() {
    Fixture f;
    f.lead({1});
    f.node.clock.time += 60s;
    f.append(1);
    f.append(1);
    QCOMPARE(f.partition->highWatermark(), 2);
    f.follow(1);
    QVERIFY(f.partition->truncateTo(1));
    QCOMPARE(f.partition->highWatermark(), 1);
    QCOMPARE(f.node.trace.all<world::LogTruncated>().front().to, 1);
    f.partition->followLeaderOffsets(7, 0);
    QCOMPARE(f.partition->highWatermark(), 1);
  }

  void fetchChecksEpochRoleAndOffset() {
    Fixture f;
    f.lead({1}, 3);
    f.node.clock.time += 60s;
    f.append(2);
    const auto ask = [&](auto change) {
      PartitionFetch question;
      question.bytesMax = 1000;
      change(question);
      return f.partition->fetch(question);
    };
    QCOMPARE(ask([](auto& q) { q.currentLeaderEpoch = 2; }).error, base::ErrorCode::FENCED_LEADER_EPOCH);
    QCOMPARE(ask([](auto& q) { q.currentLeaderEpoch = 4; }).error, base::ErrorCode::UNKNOWN_LEADER_EPOCH);
    QCOMPARE(ask([](auto& q) { q.fetchOffset = 3; }).error, base::ErrorCode::OFFSET_OUT_OF_RANGE);
    QCOMPARE(ask([](auto& q) { q.fetchOffset = -1; }).error, base::ErrorCode::OFFSET_OUT_OF_RANGE);
    QVERIFY(ask([](auto& q) { q.fetchOffset = 2; }).records.empty());
    QVERIFY(!ask([](auto& q) { q.currentLeaderEpoch = 3; }).records.empty());
    const auto diverging = ask([](auto& q) { q.lastFetchedEpoch = 2, q.fetchOffset = 1; });
    QCOMPARE(diverging.error, base::ErrorCode::NONE);
    QVERIFY(diverging.divergingEpoch);
    QCOMPARE(diverging.divergingEpoch->endOffset, 0);
    f.follow(4);
    QCOMPARE(ask([](auto&) {}).error, base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
    QCOMPARE(ask([](auto& q) { q.onlyFromLeader = false; }).error, base::ErrorCode::NONE);
    f.partition->makeOffline();
    QCOMPARE(ask([](auto& q) { q.onlyFromLeader = false; }).error, base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
  }

  void consumersReadToTheHighWatermarkFollowersToTheEnd() {
    Fixture f;
    f.lead({1, 2});
    f.append(2);
    PartitionFetch question;
    question.bytesMax = 1000;
    QVERIFY(f.partition->fetch(question).records.empty());
    question.isolation = FetchIsolation::LogEnd;
    QVERIFY(!f.partition->fetch(question).records.empty());
  }

  void latestOffsetIsUnknownUntilTheNewLeaderHasCaughtUp() {
    Fixture f;
    f.lead({1, 2});
    f.append(2);
    QCOMPARE(f.partition->offsetForTimestamp(-1, FetchIsolation::HighWatermark)->offset, 0);
    f.lead({1, 2}, 1);
    const auto latest = f.partition->offsetForTimestamp(-1, FetchIsolation::HighWatermark);
    QVERIFY(!latest);
    QCOMPARE(latest.error().code, base::ErrorCode::OFFSET_NOT_AVAILABLE);
    QCOMPARE(f.partition->offsetForTimestamp(-2, FetchIsolation::HighWatermark)->offset, 0);
    f.fetched(2, 2);
    QCOMPARE(f.partition->offsetForTimestamp(-1, FetchIsolation::HighWatermark)->offset, 2);
    QCOMPARE(f.partition->offsetForTimestamp(-1, FetchIsolation::HighWatermark)->leaderEpoch, 1);
  }

  // Log start offsets.

  void aFollowerTakesTheLeadersLogStart() {
    Fixture f;
    f.follow(0);
    log::RecordBatchBuilder builder({.partitionLeaderEpoch = 0});
    for (int i = 0; i < 5; ++i) builder.append(f.node.clock.wallClockMs(), std::nullopt, base::asBytes("value"));
    QVERIFY(f.partition->appendAsFollower(base::SharedBytes(builder.build())).has_value());
    f.partition->followLeaderOffsets(2, 3);
    // Above what is known to be replicated nothing is given up.
    QCOMPARE(f.log->logStartOffset(), 0);
    f.partition->followLeaderOffsets(4, 3);
    QCOMPARE(f.log->logStartOffset(), 3);
    f.partition->followLeaderOffsets(4, 1);
    QCOMPARE(f.log->logStartOffset(), 3);
    const auto moved = f.node.trace.all<world::LogStartOffsetMoved>();
    QCOMPARE(moved.size(), size_t{1});
    QCOMPARE(moved.front().reason, std::string("leader offset incremented"));
  }

  void theLowWatermarkIsTheSmallestLogStartOfLiveReplicas() {
    Fixture f;
    f.lead({1, 2, 3});
    QVERIFY(f.append(5).has_value());
    QCOMPARE(f.partition->lowWatermark(), base::kNoOffset);
    const auto fetched = [&](base::BrokerId follower, base::Offset start) {
      PartitionFetch fetch;
      fetch.fetchOffset = 5;
      fetch.logStartOffset = start;
      return f.partition->updateFollower(follower, fetch, 100 + follower);
    };
    fetched(2, 0);
    fetched(3, 0);
    QCOMPARE(f.partition->lowWatermark(), 0);
    QCOMPARE(*f.partition->deleteRecords(4), 4);
    QCOMPARE(f.partition->lowWatermark(), 0);
    const int before = f.listener.lowWatermarkMoves;
    fetched(2, 4);
    fetched(2, 4);
    QCOMPARE(f.listener.lowWatermarkMoves, before + 1);
    QCOMPARE(f.partition->lowWatermark(), 0);
    protocol::BrokerRegistrationChangeRecord fenced;
    fenced.brokerId = 3;
    fenced.brokerEpoch = 103;
    fenced.fenced = 1;
    f.image.replay(fenced);
    QCOMPARE(f.partition->lowWatermark(), 4);
    QCOMPARE(*f.partition->deleteRecords(-1), 5);
    QCOMPARE(f.partition->deleteRecords(6).error().code, base::ErrorCode::OFFSET_OUT_OF_RANGE);
    QCOMPARE(f.partition->deleteRecords(-2).error().code, base::ErrorCode::OFFSET_OUT_OF_RANGE);
    TopicConfig compacted;
    compacted.log.cleanupDelete = false;
    compacted.log.cleanupCompact = true;
    f.partition->setConfig(compacted);
    QCOMPARE(f.partition->deleteRecords(5).error().code, base::ErrorCode::POLICY_VIOLATION);
    f.follow(1);
    QCOMPARE(f.partition->deleteRecords(5).error().code, base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
  }

  void aRollIsToldWithItsReason() {
    Fixture f;
    TopicConfig topic;
    topic.log.segmentBytes = 150;
    f.partition->setConfig(topic);
    f.lead({1});
    QVERIFY(f.append(5).has_value());
    QVERIFY(f.append(1).has_value());
    const auto rolled = f.node.trace.all<world::SegmentRolled>();
    QCOMPARE(rolled.front().baseOffset, 5);
    QCOMPARE(rolled.front().reason, std::string("segment.bytes=150"));
  }
};

STREAMSCOPE_TEST(PartitionTest);

}  // namespace streamscope::broker

#include "partition_test.moc"
