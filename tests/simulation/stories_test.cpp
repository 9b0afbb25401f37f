#include <QTest>
#include <algorithm>

#include "stories/story.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::test;
using namespace std::chrono_literals;

namespace {

const std::vector<base::Offset> kNothing;

std::vector<base::Offset> range(base::Offset from, base::Offset end) {
  std::vector<base::Offset> offsets;
  for (; from < end; ++from) offsets.push_back(from);
  return offsets;
}

}  // namespace

/// The cases every book about Kafka has, with Kafka's default timeouts.
class StoriesTest : public QObject {
  Q_OBJECT
 private slots:
  void aLeaderDiesAndAcksAllLosesNothing() {
    Story story({});
    const base::BrokerId dead = story.leader();
    const base::Duration took = story.kill(dead).until([&] { return story.leader() != dead; }, 60s);
    // broker.session.timeout.ms after its last heartbeat, which was at most broker.heartbeat.interval.ms ago.
    QVERIFY(took > 7s && took < 9200ms);
    QCOMPARE(story.told<world::BrokerFenced>().size(), size_t{1});
    QCOMPARE(story.leaderEpoch(), 1);
    story.after(5s).comeToRest();
    QCOMPARE(story.lost(), kNothing);
    QCOMPARE(story.failed(), 0);
    QCOMPARE(story.broken(), std::string());
  }

  void aLeaderDiesAndAcksOneLosesWhatNobodyFetched() {
    Story story({.acks = 1});
    const base::BrokerId dead = story.leader();
    for (const base::BrokerId other : {1, 2, 3})
      if (other != dead) story.cut(dead, other);
    const base::Offset replicated = story.highWatermark(dead);
    story.after(2s).kill(dead);
    const base::Offset end = story.logEndOffset(dead);
    QVERIFY(end > replicated + 80);
    story.after(20s).comeToRest();
    // What was in flight to a follower at the cut arrived; the rest of what was acknowledged is gone.
    const std::vector<base::Offset> lost = story.lost();
    QVERIFY(!lost.empty() && lost.front() < replicated + 5);
    QCOMPARE(lost, range(lost.front(), lost.back() + 1));
    QVERIFY(lost.back() <= end - 1 && lost.back() >= end - 3);
  }

  void aFollowerThatLagsLeavesTheIsrAndComesBack() {
    Story story({});
    const base::BrokerId leader = story.leader(), slow = leader % 3 + 1;
    const base::Duration left = story.cut(leader, slow).until([&] { return story.inSync() == 2; }, 120s);
    // replica.lag.time.max.ms, looked at every half of it.
    QVERIFY(left >= 30s && left <= 46s);
    const base::Offset committed = story.highWatermark(leader);
    story.after(5s);
    QVERIFY(story.highWatermark(leader) > committed + 200);
    QVERIFY(story.logEndOffset(slow) < committed);
    QVERIFY(story.heal(leader, slow).until([&] { return story.inSync() == 3; }, 60s) < 31s);
    QCOMPARE(story.leaderEpoch(), 0);
    QCOMPARE(story.comeToRest().lost(), kNothing);
    QCOMPARE(story.broken(), std::string());
  }

  void aPartitionedLeaderKeepsAcceptingAndMustTruncate() {
    Story story({.acks = 1});
    const base::BrokerId old = story.leader();
    story.cutFromController(old);
    for (const base::BrokerId other : {1, 2, 3})
      if (other != old) story.cut(old, other);
    const base::Offset common = story.highWatermark(old);
    story.until([&] { return story.leader() != old; }, 60s);
    // Fenced by the controller, and it does not know: it goes on acknowledging what nobody else has.
    const base::Offset accepted = story.logEndOffset(old);
    QVERIFY(accepted > common + 300);
    story.healToController(old);
    for (const base::BrokerId other : {1, 2, 3})
      if (other != old) story.heal(old, other);
    QVERIFY(story.until([&] { return story.inSync() == 3; }, 60s) < 60s);
    const auto cuts = story.told<world::LogTruncated>();
    QVERIFY(!cuts.empty());
    QCOMPARE(cuts.front().node, world::brokerAddress(old));
    QVERIFY(cuts.front().to >= common && cuts.front().to < common + 5);
    QVERIFY(cuts.front().from >= accepted);
    const std::vector<base::Offset> lost = story.comeToRest().lost();
    QVERIFY(!lost.empty());
    QCOMPARE(lost.front(), cuts.front().to);
  }

  void tooFewInSyncReplicasRefuseTheWrite() {
    Story story({.topicConfigs = {{"min.insync.replicas", "2"}}});
    const base::BrokerId leader = story.leader();
    for (const base::BrokerId other : {1, 2, 3})
      if (other != leader) story.stop(other);
    story.until([&] { return story.inSync() == 1; }, 60s);
    const int64_t before = story.after(1s).acknowledged();
    story.after(20s);
    QCOMPARE(story.acknowledged(), before);
    const base::Offset end = story.logEndOffset(leader);
    story.after(5s);
    QCOMPARE(story.logEndOffset(leader), end);
    QVERIFY(std::ranges::any_of(story.told<world::ResponseSent>(), [](const world::ResponseSent& answer) {
      return answer.api == protocol::ApiKey::Produce &&
             answer.errorCode == static_cast<int16_t>(base::ErrorCode::NOT_ENOUGH_REPLICAS);
    }));
    story.start(leader % 3 + 1).after(30s);
    QVERIFY(story.acknowledged() > before + 500);
    QCOMPARE(story.comeToRest().lost(), kNothing);
    QCOMPARE(story.failed(), 0);
  }

  void aControllerDiesInTheMiddleOfAnElection() {
    Story story({.controllers = 5});
    const base::BrokerId dead = story.leader();
    story.kill(dead).after(8s).killController(story.activeController());
    // Who stands for election dies before it has a vote, and with it who knows that the broker is dead.
    const auto isCandidate = [](const world::QuorumRoleChanged& change) { return change.to == "Candidate"; };
    const auto candidate = story.untilTold<world::QuorumRoleChanged>(isCandidate, 10s);
    story.killController(candidate.node.id);
    const auto isElected = [&](const world::ControllerElected& elected) { return elected.epoch > candidate.epoch; };
    story.untilTold<world::ControllerElected>(isElected, 10s);
    // The new controller waits for the broker a whole session, as it cannot know when it was heard last; it looks every
    // eighth of one.
    const base::Duration took = story.until([&] { return story.leader() != dead; }, 60s);
    QVERIFY2(took > 8s && took < 10300ms, qPrintable(QString::number(took.count())));
    QCOMPARE(story.leaderEpoch(), 1);
    story.after(5s).comeToRest();
    QCOMPARE(story.lost(), kNothing);
    QCOMPARE(story.failed(), 0);
    QCOMPARE(story.broken(), std::string());
  }

  void aFollowerRejoinsWithALostDisk() {
    Story story({});
    const base::BrokerId leader = story.leader(), broken = leader % 3 + 1;
    story.kill(broken).replaceDisk(broken).after(15s);
    QCOMPARE(story.inSync(), size_t{2});
    const base::Offset committed = story.highWatermark(leader);
    QVERIFY(story.start(broken).until([&] { return story.inSync() == 3; }, 60s) < 20s);
    QVERIFY(story.logEndOffset(broken) >= committed);
    QCOMPARE(story.leaderEpoch(), 0);
    QCOMPARE(story.comeToRest().lost(), kNothing);
    QCOMPARE(story.broken(), std::string());
  }

  void theLastMemberOfAnIsrRejoinsWithALostDiskAndLeadsNothing() {
    Story story({.replicationFactor = 2});
    const base::BrokerId leader = story.leader();
    const base::BrokerId other = story.replicas().back() == leader ? story.replicas().front() : story.replicas().back();
    story.kill(other).until([&] { return story.inSync() == 1; }, 60s);
    story.after(5s).kill(leader).replaceDisk(leader).after(15s).start(leader).start(other).after(60s);
    // Its registration names another directory than the partition does, so it is not elected, and nobody else is in
    // sync. Kafka 4.3.1 says "Leader: none, Isr: 1" and waits for an unclean election; so does this one.
    QCOMPARE(story.leader(), base::kNoBroker);
    QCOMPARE(story.inSync(), size_t{1});
  }

  void thePreferredLeaderReturns() {
    Story story({});
    const base::BrokerId preferred = story.replicas().front();
    QCOMPARE(story.leader(), preferred);
    story.stop(preferred).after(10s);
    QVERIFY(story.leader() != preferred);
    story.start(preferred);
    // leader.imbalance.check.interval.seconds is 300.
    const base::Duration took = story.until([&] { return story.leader() == preferred; }, 700s);
    QVERIFY2(took > 10s && took <= 601s, qPrintable(QString::number(took.count())));
    QCOMPARE(story.leaderEpoch(), 2);
    QCOMPARE(story.comeToRest().lost(), kNothing);
    QCOMPARE(story.broken(), std::string());
  }

  void anUncleanElectionLosesExactlyWhatTheNewLeaderHasNot() {
    Story story({.replicationFactor = 2, .topicConfigs = {{"unclean.leader.election.enable", "true"}}, .acks = 1});
    const base::BrokerId leader = story.leader();
    const base::BrokerId other = story.replicas().back() == leader ? story.replicas().front() : story.replicas().back();
    story.kill(other).until([&] { return story.inSync() == 1; }, 60s);
    const base::Offset had = story.logEndOffset(other);
    story.after(10s).kill(leader).after(15s).start(other);
    QVERIFY(story.until([&] { return story.leader() == other; }, 60s) < 60s);
    const base::Offset end = story.logEndOffset(leader);
    QVERIFY(end > had + 500);
    story.after(5s).start(leader).after(60s).comeToRest();
    const std::vector<base::Offset> lost = story.lost();
    QVERIFY(!lost.empty());
    QCOMPARE(lost, range(had, lost.back() + 1));
    QVERIFY(lost.back() <= end - 1 && lost.back() >= end - 3);
  }

  void withoutUncleanElectionThePartitionWaitsForItsLeader() {
    Story story({.replicationFactor = 2, .acks = 1});
    const base::BrokerId leader = story.leader();
    const base::BrokerId other = story.replicas().back() == leader ? story.replicas().front() : story.replicas().back();
    story.kill(other).until([&] { return story.inSync() == 1; }, 60s);
    story.after(10s).kill(leader).after(15s).start(other).after(60s);
    QCOMPARE(story.leader(), base::kNoBroker);
    story.start(leader).after(30s);
    QCOMPARE(story.leader(), leader);
    QCOMPARE(story.comeToRest().lost(), kNothing);
  }
};

STREAMSCOPE_TEST(StoriesTest);
#include "stories_test.moc"
