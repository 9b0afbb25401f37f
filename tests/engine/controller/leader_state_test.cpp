#include "leader_state.h"

#include <QTest>

#include "epoch_election.h"
#include "support/test_registry.h"

using namespace streamscope;
using controller::EpochElection;
using controller::LeaderState;
using std::chrono::milliseconds;

namespace {

constexpr base::VirtualTime kStart{};

LeaderState leaderOf(std::vector<int32_t> voters, base::Offset epochStartOffset = 10) {
  return LeaderState({.localId = 1,
                      .epoch = 3,
                      .epochStartOffset = epochStartOffset,
                      .voters = std::move(voters),
                      .grantingVoters = {1},
                      .fetchTimeout = milliseconds(2000)},
                     kStart);
}

}  // namespace

class LeaderStateTest : public QObject {
  Q_OBJECT
 private slots:
  void theHighWatermarkIsOnAMajorityAndCoversTheOwnEpoch() {
    LeaderState leader = leaderOf({1, 2, 3});
    QVERIFY(!leader.updateLocalEndOffset(11));
    // Voter 2 has everything of the epochs before: not enough (Raft, figure 8).
    QVERIFY(!leader.updateReplica(2, 10, 11, kStart));
    QVERIFY(!leader.highWatermark());
    QVERIFY(leader.updateReplica(2, 11, 11, kStart));
    QCOMPARE(*leader.highWatermark(), base::Offset{11});
    QVERIFY(!leader.updateLocalEndOffset(20));
    QVERIFY(!leader.updateReplica(3, 8, 20, kStart));
    // It never goes back.
    QVERIFY(!leader.updateReplica(2, 9, 20, kStart));
    QCOMPARE(*leader.highWatermark(), base::Offset{11});
    QVERIFY(leader.updateReplica(3, 15, 20, kStart));
    QCOMPARE(*leader.highWatermark(), base::Offset{15});
  }

  void fiveVotersNeedThree() {
    LeaderState leader = leaderOf({1, 2, 3, 4, 5});
    leader.updateLocalEndOffset(30);
    QVERIFY(!leader.updateReplica(2, 30, 30, kStart));
    QVERIFY(leader.updateReplica(5, 20, 30, kStart));
    QCOMPARE(*leader.highWatermark(), base::Offset{20});
  }

  void theOnlyVoterIsTheMajority() {
    LeaderState leader = leaderOf({1});
    QVERIFY(leader.updateLocalEndOffset(11));
    QCOMPARE(*leader.highWatermark(), base::Offset{11});
    QVERIFY(leader.checkQuorumDeadline() == base::kVirtualTimeMax);
    QVERIFY(leader.beginQuorumEpochDeadline() == base::kVirtualTimeMax);
  }

  void observersAreKnownAndDoNotCount() {
    LeaderState leader = leaderOf({1, 2, 3});
    leader.updateLocalEndOffset(30);
    QVERIFY(!leader.updateReplica(7, 30, 30, kStart));
    QVERIFY(!leader.highWatermark());
    QCOMPARE(leader.observers(kStart).size(), size_t{1});
    QCOMPARE(leader.observers(kStart + std::chrono::minutes(6)).size(), size_t{0});
  }

  void aMajorityMustFetch() {
    LeaderState leader = leaderOf({1, 2, 3, 4, 5});
    QVERIFY(leader.checkQuorumDeadline() == kStart + milliseconds(3000));
    leader.onFetchedBy(2, kStart + milliseconds(1000));
    leader.onFetchedBy(7, kStart + milliseconds(1000));
    QVERIFY(leader.checkQuorumDeadline() == kStart + milliseconds(3000));
    leader.onFetchedBy(3, kStart + milliseconds(1500));
    QVERIFY(leader.checkQuorumDeadline() == kStart + milliseconds(4500));
    // One voter that goes on fetching is no majority.
    for (int i = 0; i < 5; ++i) leader.onFetchedBy(2, kStart + milliseconds(2000));
    QVERIFY(leader.checkQuorumDeadline() == kStart + milliseconds(4500));
  }

  void silentVotersAreToldAndTheBestIsTheSuccessor() {
    LeaderState leader = leaderOf({1, 2, 3});
    QVERIFY(leader.votersToTell(kStart) == (std::vector<int32_t>{2, 3}));
    leader.updateReplica(3, 11, 11, kStart);
    QVERIFY(leader.votersToTell(kStart + milliseconds(500)) == std::vector<int32_t>{2});
    QVERIFY(leader.votersToTell(kStart + milliseconds(1000)) == (std::vector<int32_t>{2, 3}));
    QVERIFY(leader.followersByDescendingEndOffset() == (std::vector<int32_t>{3, 2}));
  }

  void electionsAreWonAndLostByMajority() {
    EpochElection election({1, 2, 3, 4, 5});
    election.record(1, true);
    election.record(2, true);
    election.record(9, true);
    QVERIFY(!election.isVoteGranted());
    election.record(3, false);
    election.record(4, false);
    QVERIFY(!election.isVoteRejected());
    QVERIFY(election.unrecordedVoters() == std::vector<int32_t>{5});
    election.record(5, true);
    QVERIFY(election.isVoteGranted());
    QVERIFY(election.grantingVoters() == (std::vector<int32_t>{1, 2, 5}));
    election.record(5, false);
    QVERIFY(election.isVoteRejected());
  }
};

STREAMSCOPE_TEST(LeaderStateTest);
#include "leader_state_test.moc"
