#include <QTest>
#include <algorithm>

#include "metadata_replay.h"
#include "quorum_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using controller::QuorumRole;
using controller::QuorumWorld;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

}  // namespace

/// What a quorum of several controllers promises, one story each.
class QuorumTest : public QObject {
  Q_OBJECT
 private slots:
  void threeElectOneAndAgree() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    const int32_t active = *lab.active();
    QCOMPARE(*lab.registerBroker(active, 1), int16_t{0});
    lab.pass(seconds(2));
    for (const int32_t id : lab.ids()) {
      QVERIFY(lab.controller(id).image().findBroker(1) != nullptr);
      QCOMPARE(lab.controller(id).leaderId().value_or(-1), active);
      QVERIFY(lab.controller(id).role() == (id == active ? QuorumRole::Leader : QuorumRole::Follower));
    }
    QVERIFY(lab.runUntil([&] { return lab.doImagesAgree(); }));
    QCOMPARE(lab.told<world::ControllerElected>().size(), size_t{1});
    // Whoever is asked and does not lead says so.
    QCOMPARE(*lab.registerBroker(lab.others(active).front(), 2), code(ErrorCode::NOT_CONTROLLER));
  }

  void aStandbyTakesOverAndKeepsWhatWasCommitted() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    const int32_t first = *lab.active();
    QCOMPARE(*lab.registerBroker(first, 1), int16_t{0});
    lab.kill(first);
    const base::VirtualTime died = lab.world().now();
    QVERIFY(lab.runUntilActive());
    const int32_t second = *lab.active();
    QVERIFY(second != first);
    // The fetch timeout; once more when the first to notice asks one that has not noticed, which refuses its pre-vote.
    QVERIFY(lab.world().now() - died < milliseconds(4500));
    QVERIFY(lab.controller(second).image().findBroker(1) != nullptr);
    QCOMPARE(*lab.registerBroker(second, 2), int16_t{0});
    lab.start(first);
    QVERIFY(lab.runUntil([&] { return lab.controller(first).image().findBroker(2) != nullptr; }));
    QVERIFY(lab.controller(first).role() == QuorumRole::Follower);
    QVERIFY(lab.runUntil([&] { return lab.doImagesAgree(); }));
  }

  void aGracefulStopHandsOverAtOnce() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    // Not at the moment of an append, which the others would not have yet: then nobody may take over before it.
    lab.pass(milliseconds(2200));
    const int32_t first = *lab.active();
    const base::VirtualTime stopped = lab.world().now();
    lab.world().stopNode(world::controllerAddress(first), nullptr);
    QVERIFY(lab.runUntil([&] { return !lab.isUp(first); }));
    QVERIFY(lab.runUntilActive());
    QVERIFY2(lab.world().now() - stopped < milliseconds(100), "the preferred successor did not stand at once");
  }

  void aLeaderThatIsCutOffResignsAndWhatItDidNotCommitIsGone() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    const int32_t old = *lab.active();
    QCOMPARE(*lab.registerBroker(old, 1), int16_t{0});
    lab.isolate(old);
    const base::VirtualTime cutAt = lab.world().now();
    std::optional<protocol::BrokerRegistrationResponse> answer;
    lab.client().send(old, 4, QuorumWorld::registration(2), [&](const world::Response& response) {
      answer = std::get<protocol::BrokerRegistrationResponse>(response.body);
    });
    lab.pass(milliseconds(500));
    // Decided, not committed: nobody is told.
    QVERIFY(lab.controller(old).isActive());
    QVERIFY(lab.controller(old).image().findBroker(2) != nullptr);
    QVERIFY(!answer);
    QVERIFY(lab.runUntil([&] { return answer.has_value(); }));
    QCOMPARE(answer->errorCode, code(ErrorCode::NOT_CONTROLLER));
    QVERIFY(!lab.controller(old).isActive());
    QVERIFY(lab.controller(old).image().findBroker(2) == nullptr);
    QVERIFY(lab.controller(old).image().findBroker(1) != nullptr);
    const auto waited = lab.world().now() - cutAt;
    QVERIFY(waited > milliseconds(2000) && waited < milliseconds(3200));

    QVERIFY(lab.runUntilActive());
    const int32_t next = *lab.active();
    QCOMPARE(*lab.registerBroker(next, 3), int16_t{0});
    lab.healAll();
    QVERIFY(lab.runUntil([&] { return lab.controller(old).image().findBroker(3) != nullptr && lab.doImagesAgree(); }));
    for (const int32_t id : lab.ids()) QVERIFY(lab.controller(id).image().findBroker(2) == nullptr);
    const auto truncated = lab.told<world::LogTruncated>();
    QVERIFY(!truncated.empty());
    QVERIFY(truncated.front().node == world::controllerAddress(old));
  }

  void aFollowerThatComesBackDisturbsNobody() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    lab.pass(seconds(2));
    const int32_t active = *lab.active();
    const int32_t epoch = lab.controller(active).epoch();
    lab.isolate(lab.others(active).front());
    lab.pass(seconds(15));
    lab.healAll();
    lab.pass(seconds(5));
    // Its pre-votes were refused: no new epoch (KIP-996).
    QCOMPARE(*lab.active(), active);
    for (const int32_t id : lab.ids()) QCOMPARE(lab.controller(id).epoch(), epoch);
    QVERIFY(lab.runUntil([&] { return lab.doImagesAgree(); }));
  }

  void withoutAMajorityNobodyLeads() {
    QuorumWorld lab(3);
    lab.start(100);
    lab.pass(seconds(30));
    QVERIFY(!lab.active());
    // Only pre-votes: the epoch stays.
    QCOMPARE(lab.controller(100).epoch(), 0);
    lab.start(102);
    QVERIFY(lab.runUntilActive());
  }

  void aVoteSurvivesALossOfPower() {
    QuorumWorld lab(3);
    lab.start(100);
    QVERIFY(lab.askForVote(100, 101, 5, 0, 0, false)->voteGranted);
    lab.losePower(100);
    lab.start(100);
    QVERIFY(!lab.askForVote(100, 102, 5, 0, 0, false)->voteGranted);
    QVERIFY(lab.askForVote(100, 101, 5, 0, 0, false)->voteGranted);
    QVERIFY(lab.askForVote(100, 102, 6, 0, 0, false)->voteGranted);
    QCOMPARE(lab.askForVote(100, 101, 5, 0, 0, false)->errorCode, code(ErrorCode::FENCED_LEADER_EPOCH));
    QCOMPARE(lab.askForVote(100, 101, 7, 3, 7, false)->errorCode, code(ErrorCode::INVALID_REQUEST));
    const auto answers = lab.told<world::QuorumVoteAnswered>();
    QCOMPARE(answers.size(), size_t{4});
    QCOMPARE(answers[1].reason, std::string("it has voted for 101 in this epoch"));
  }

  void preVotesBindNobodyAndAShortLogWinsNone() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    lab.pass(seconds(1));
    for (const int32_t id : lab.ids()) lab.kill(id);
    lab.start(100);
    const int32_t epoch = lab.controller(100).epoch();
    QVERIFY(!lab.askForVote(100, 101, epoch + 1, 1, 0, false)->voteGranted);
    QVERIFY(lab.askForVote(100, 101, epoch + 1, 1'000'000, epoch, true)->voteGranted);
    QVERIFY(lab.askForVote(100, 102, epoch + 1, 1'000'000, epoch, true)->voteGranted);
    QVERIFY(lab.askForVote(100, 102, epoch + 1, 1'000'000, epoch, false)->voteGranted);
  }

  void aDeathInTheMiddleOfAnElectionDelaysIt() {
    QuorumWorld lab(5);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    lab.pass(seconds(2));
    lab.kill(*lab.active());
    // The next candidate dies as soon as it is one.
    const auto isCandidate = [&] {
      const auto changes = lab.told<world::QuorumRoleChanged>();
      return !changes.empty() && changes.back().to == "Candidate";
    };
    QVERIFY(lab.runUntil(isCandidate));
    lab.losePower(lab.told<world::QuorumRoleChanged>().back().node.id);
    QVERIFY(lab.runUntilActive());
    QCOMPARE(*lab.registerBroker(*lab.active(), 1), int16_t{0});
    lab.startAll();
    QVERIFY(lab.runUntil([&] { return lab.controller(104).image().findBroker(1) != nullptr && lab.doImagesAgree(); }));
  }

  void theLogsHeadIsCutAndAFollowerBehindItIsGivenASnapshot() {
    QuorumWorld lab(3, 1, [](controller::ControllerConfig& config) {
      config.metadataLogMaxRecordBytesBetweenSnapshots = 3000;
      config.metadataMaxRetentionBytes = 8000;
      config.metadataLogSegmentBytes = 2000;
    });
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    const int32_t active = *lab.active();
    const int32_t absent = lab.others(active).front();
    QCOMPARE(*lab.registerBroker(active, 1), int16_t{0});
    lab.pass(seconds(1));
    lab.kill(absent);
    for (int32_t broker = 2; broker < 60; ++broker) QCOMPARE(*lab.registerBroker(active, broker), int16_t{0});
    lab.pass(std::chrono::minutes(2));
    QVERIFY(!lab.told<world::MetadataSnapshotWritten>().empty());
    QVERIFY(!lab.told<world::MetadataSnapshotDeleted>().empty());
    QVERIFY(!lab.told<world::SegmentDeleted>().empty());
    QVERIFY(lab.controller(active).logStartOffset() > 0);
    QVERIFY(lab.controller(lab.others(active).back()).logStartOffset() > 0);

    lab.start(absent);
    QVERIFY(
        lab.runUntil([&] { return lab.controller(absent).image().findBroker(59) != nullptr && lab.doImagesAgree(); }));
    const auto fetched = lab.told<world::MetadataSnapshotFetched>();
    QCOMPARE(fetched.size(), size_t{1});
    QVERIFY(fetched[0].node == world::controllerAddress(absent));
    QVERIFY(fetched[0].leader == world::controllerAddress(active));
    QCOMPARE(lab.controller(absent).logStartOffset(), fetched[0].endOffset);
    // It may lead with that, and a restart finds its way from the snapshot.
    lab.losePower(absent);
    lab.start(absent);
    QVERIFY(lab.runUntil([&] { return lab.doImagesAgree(); }));
    lab.kill(active);
    lab.kill(lab.others(active).back());
    lab.start(lab.others(active).back());
    QVERIFY(lab.runUntilActive());
    QVERIFY(lab.controller(*lab.active()).image().findBroker(59) != nullptr);
  }

  void aSnapshotIsReadInPartsAndOnlyTheLeaderGivesIt() {
    QuorumWorld lab(
        3, 1, [](controller::ControllerConfig& config) { config.metadataLogMaxRecordBytesBetweenSnapshots = 300; });
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    lab.pass(seconds(20));
    const int32_t active = *lab.active();
    const auto written = lab.told<world::MetadataSnapshotWritten>();
    const auto last = std::find_if(written.rbegin(), written.rend(),
                                   [&](const auto& event) { return event.node == world::controllerAddress(active); });
    QVERIFY(last != written.rend());
    protocol::FetchSnapshotRequest request;
    request.clusterId = "lab";
    request.replicaId = 7;
    request.maxBytes = 50;
    request.topics = {{"__cluster_metadata",
                       {{0, lab.controller(active).epoch(), {last->endOffset, last->epoch}, 100, base::kZeroUuid}}}};
    auto& asked = request.topics[0].partitions[0];
    const auto answer = [&](int32_t controller) {
      return lab.ask<protocol::FetchSnapshotResponse>(controller, 1, request)->topics.at(0).partitions.at(0);
    };
    const auto part = answer(active);
    QCOMPARE(part.errorCode, int16_t{0});
    QCOMPARE(part.size, static_cast<int64_t>(last->bytes));
    QCOMPARE(part.position, int64_t{100});
    QCOMPARE(part.unalignedRecords.size(), size_t{50});
    QCOMPARE(answer(lab.others(active).front()).errorCode, code(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    asked.position = part.size;
    QCOMPARE(answer(active).errorCode, code(ErrorCode::POSITION_OUT_OF_RANGE));
    asked.snapshotId.endOffset += 1;
    QCOMPARE(answer(active).errorCode, code(ErrorCode::SNAPSHOT_NOT_FOUND));
    asked.currentLeaderEpoch -= 1;
    QCOMPARE(answer(active).errorCode, code(ErrorCode::FENCED_LEADER_EPOCH));
  }

  void describeQuorumTellsHowFarEachReplicaIs() {
    QuorumWorld lab(3);
    lab.startAll();
    QVERIFY(lab.runUntilActive());
    lab.pass(seconds(2));
    protocol::DescribeQuorumRequest request;
    request.topics = {{"__cluster_metadata", {{0}}}};
    const int32_t active = *lab.active();
    const auto answer = *lab.ask<protocol::DescribeQuorumResponse>(active, 2, request);
    const auto& partition = answer.topics.at(0).partitions.at(0);
    QCOMPARE(partition.errorCode, int16_t{0});
    QCOMPARE(partition.leaderId, active);
    QCOMPARE(partition.leaderEpoch, lab.controller(active).epoch());
    QCOMPARE(partition.currentVoters.size(), size_t{3});
    QVERIFY(partition.highWatermark > 0);
    for (const auto& voter : partition.currentVoters) {
      QVERIFY(voter.logEndOffset >= partition.highWatermark - 1);
      QVERIFY(voter.lastFetchTimestamp > 0 && voter.lastCaughtUpTimestamp > 0);
    }
    const auto refused = *lab.ask<protocol::DescribeQuorumResponse>(lab.others(active).front(), 2, request);
    QCOMPARE(refused.topics.at(0).partitions.at(0).errorCode, code(ErrorCode::NOT_LEADER_OR_FOLLOWER));
  }

  void theSameSeedGivesTheSameElection() {
    const auto story = [] {
      QuorumWorld lab(5, 42);
      lab.startAll();
      lab.pass(seconds(5));
      return std::pair(lab.world().lastEvent(), lab.active());
    };
    QVERIFY(story() == story());
  }
};

STREAMSCOPE_TEST(QuorumTest);
#include "quorum_test.moc"
