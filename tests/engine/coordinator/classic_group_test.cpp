#include "group/classic_group.h"

#include <QRegularExpression>
#include <QTest>

#include "shard_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::coordinator;
using namespace std::chrono_literals;
using base::ErrorCode;
using Member = ShardFixture::Member;

namespace {

QString text(const std::string& value) {
  return QString::fromStdString(value);
}

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

}  // namespace

class ClassicGroupTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { m_fixture = std::make_unique<ShardFixture>(); }
  void cleanup() { m_fixture.reset(); }

  // Joining.

  void aNewMemberComesBackWithTheIdItIsGiven() {
    Member a{.name = "a"};
    const auto first = m_fixture->joined(m_fixture->join(a));
    QCOMPARE(first.errorCode, code(ErrorCode::MEMBER_ID_REQUIRED));
    QVERIFY2(QRegularExpression("^a-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
                 .match(text(first.memberId))
                 .hasMatch(),
             first.memberId.c_str());
    a.id = first.memberId;
    const int32_t second = m_fixture->join(a);
    QVERIFY(m_fixture->isWaiting(second));
    m_fixture->advance(3s);
    QCOMPARE(m_fixture->joined(second).errorCode, int16_t{0});
    QCOMPARE(m_fixture->joined(second).generationId, 1);
    QCOMPARE(m_fixture->joined(second).leader, a.id);
    QCOMPARE(m_fixture->joined(second).members.size(), size_t{1});
    QCOMPARE(text(m_fixture->group()), QString("CompletingRebalance 1: a()*"));
  }

  void beforeVersion4AMemberJoinsAtOnce() {
    const int32_t join = m_fixture->join({.name = "a", .version = 3});
    QVERIFY(m_fixture->isWaiting(join));
    m_fixture->advance(3s);
    QCOMPARE(m_fixture->joined(join).generationId, 1);
  }

  void anIdThatIsNotComeBackWithIsForgotten() {
    Member a{.name = "a"};
    a.id = m_fixture->joined(m_fixture->join(a)).memberId;
    m_fixture->advance(10s);
    QCOMPARE(m_fixture->joined(m_fixture->join(a)).errorCode, code(ErrorCode::UNKNOWN_MEMBER_ID));
  }

  void theFirstRebalanceWaitsAgainForEachNewMember() {
    Member a{.name = "a"}, b{.name = "b"};
    const int32_t joinA = m_fixture->joinWithId(a);
    m_fixture->advance(2s);
    const int32_t joinB = m_fixture->joinWithId(b);
    m_fixture->advance(2s);
    QVERIFY(m_fixture->isWaiting(joinA) && m_fixture->isWaiting(joinB));
    m_fixture->advance(2s);
    QCOMPARE(m_fixture->joined(joinA).generationId, 1);
    QCOMPARE(m_fixture->joined(joinB).generationId, 1);
    QCOMPARE(m_fixture->joined(joinA).members.size(), size_t{2});
    QVERIFY(m_fixture->joined(joinB).members.empty());
    QCOMPARE(m_fixture->joined(joinB).leader, a.id);
  }

  void anUnknownIdIsRefused() {
    QCOMPARE(m_fixture->joined(m_fixture->join({.name = "a", .id = "a-1"})).errorCode,
             code(ErrorCode::UNKNOWN_MEMBER_ID));
    m_fixture->stableGroup({"a"});
    QCOMPARE(m_fixture->joined(m_fixture->join({.name = "a", .id = "a-1"})).errorCode,
             code(ErrorCode::UNKNOWN_MEMBER_ID));
  }

  void membersNeedAnAssignorInCommon() {
    m_fixture->stableGroup({"a"});
    QCOMPARE(m_fixture->joined(m_fixture->join({.name = "b", .assignors = {"sticky"}})).errorCode,
             code(ErrorCode::INCONSISTENT_GROUP_PROTOCOL));
    QCOMPARE(m_fixture->joined(m_fixture->join({.name = "b", .assignors = {}})).errorCode,
             code(ErrorCode::INCONSISTENT_GROUP_PROTOCOL));
  }

  void theAssignorMostMembersLikeBestIsChosen() {
    Member a{.name = "a", .assignors = {"range", "sticky"}};
    Member b{.name = "b", .assignors = {"sticky", "range", "roundrobin"}};
    Member c{.name = "c", .assignors = {"sticky", "range"}};
    const int32_t join = m_fixture->joinWithId(a);
    m_fixture->joinWithId(b);
    m_fixture->joinWithId(c);
    m_fixture->advance(7s);
    QCOMPARE(m_fixture->joined(join).protocolName, std::optional<std::string>("sticky"));
    QCOMPARE(m_fixture->joined(join).protocolType, std::optional<std::string>("consumer"));
  }

  void aFullGroupTurnsNewMembersAway() {
    m_fixture->config.group.maxSize = 1;
    m_fixture->stableGroup({"a"});
    QCOMPARE(m_fixture->joined(m_fixture->join({.name = "b"})).errorCode, code(ErrorCode::GROUP_MAX_SIZE_REACHED));
    QCOMPARE(text(m_fixture->group()), QString("Stable 1: a(0)*"));
  }

  void aGroupThatCouldNotBeWrittenIsToldSo() {
    m_fixture->nextWrite = ErrorCode::NOT_ENOUGH_REPLICAS;
    const int32_t join = m_fixture->join({.name = "a", .version = 3});
    QCOMPARE(m_fixture->joined(join).errorCode, code(ErrorCode::COORDINATOR_NOT_AVAILABLE));
  }

  // A generation.

  void theLeadersAssignmentReachesEverybody() {
    Member a{.name = "a"}, b{.name = "b"};
    const int32_t joinA = m_fixture->joinWithId(a);
    m_fixture->joinWithId(b);
    m_fixture->advance(7s);
    a.generation = b.generation = m_fixture->joined(joinA).generationId;
    const int32_t syncB = m_fixture->sync(b);
    QVERIFY(m_fixture->isWaiting(syncB));
    m_fixture->isHeldBack = true;
    const int32_t syncA = m_fixture->sync(a, {{a, {0, 1}}, {b, {2}}});
    QVERIFY(m_fixture->isWaiting(syncA));
    QCOMPARE(text(m_fixture->group()), QString("CompletingRebalance 1: a()* b()"));
    m_fixture->replicate();
    QCOMPARE(text(m_fixture->group()), QString("Stable 1: a(0 1)* b(2)"));
    const auto assignment =
        protocol::decodeAssignment(m_fixture->answer<protocol::SyncGroupResponse>(syncB)->assignment);
    QVERIFY(assignment->assignedPartitions.front().partitions == std::vector<int32_t>{2});
    QCOMPARE(m_fixture->node.trace.all<world::GroupMemberAssigned>().size(), size_t{2});
  }

  void anAssignmentThatCannotBeWrittenBringsTheNextRebalance() {
    Member a{.name = "a"};
    const int32_t join = m_fixture->joinWithId(a);
    m_fixture->advance(7s);
    a.generation = m_fixture->joined(join).generationId;
    m_fixture->nextWrite = ErrorCode::NOT_LEADER_OR_FOLLOWER;
    const int32_t sync = m_fixture->sync(a, {{a, {0}}});
    QCOMPARE(m_fixture->answer<protocol::SyncGroupResponse>(sync)->errorCode, code(ErrorCode::NOT_COORDINATOR));
    QCOMPARE(text(m_fixture->group()), QString("PreparingRebalance 1: a()*"));
  }

  void syncIsRefusedToWhoeverIsNotInThisGeneration() {
    std::vector<Member> members = m_fixture->stableGroup({"a"});
    Member& a = members.front();
    const auto error = [&](const Member& member) {
      return m_fixture->answer<protocol::SyncGroupResponse>(m_fixture->sync(member))->errorCode;
    };
    QCOMPARE(error(a), int16_t{0});
    Member old = a;
    old.generation = 0;
    QCOMPARE(error(old), code(ErrorCode::ILLEGAL_GENERATION));
    old.id = "a-2";
    QCOMPARE(error(old), code(ErrorCode::UNKNOWN_MEMBER_ID));
    m_fixture->joinWithId(members.emplace_back(Member{.name = "b"}));
    QCOMPARE(error(members.front()), code(ErrorCode::REBALANCE_IN_PROGRESS));
  }

  void whoDoesNotAskForItsAssignmentIsRemoved() {
    Member a{.name = "a"}, b{.name = "b"};
    const int32_t join = m_fixture->joinWithId(a);
    m_fixture->joinWithId(b);
    m_fixture->advance(6s);
    a.generation = b.generation = m_fixture->joined(join).generationId;
    m_fixture->sync(a, {{a, {0}}, {b, {1}}});
    for (int second = 0; second < 60; second += 5) {
      m_fixture->advance(5s);
      m_fixture->heartbeat(a);
      m_fixture->heartbeat(b);
    }
    QCOMPARE(text(m_fixture->group()), QString("PreparingRebalance 1: a(0)*"));
  }

  void aFollowerThatJoinsAgainGetsItsGenerationAndTheLeaderANewOne() {
    std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    const auto again = m_fixture->joined(m_fixture->join(members[1]));
    QCOMPARE(again.generationId, 1);
    QCOMPARE(text(m_fixture->group()), QString("Stable 1: a(0)* b(1)"));
    const int32_t leader = m_fixture->join(members[0]);
    QVERIFY(m_fixture->isWaiting(leader));
    QCOMPARE(m_fixture->heartbeat(members[1]), ErrorCode::REBALANCE_IN_PROGRESS);
    m_fixture->join(members[1]);
    QCOMPARE(m_fixture->joined(leader).generationId, 2);
  }

  void anotherSubscriptionBringsARebalance() {
    std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    members[1].topics = {"orders", "payments"};
    QVERIFY(m_fixture->isWaiting(m_fixture->join(members[1])));
    QCOMPARE(text(m_fixture->group()), QString("PreparingRebalance 1: a(0)* b(1)"));
    const auto started = m_fixture->node.trace.all<world::GroupRebalanceStarted>();
    QVERIFY(started.back().reason.find("subscription") != std::string::npos);
  }

  void whoDoesNotJoinAgainInTimeIsRemoved() {
    std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    const int32_t join = m_fixture->join(members[0]);
    for (int second = 0; second < 60; second += 5) {
      m_fixture->advance(5s);
      m_fixture->heartbeat(members[1]);
    }
    QCOMPARE(m_fixture->joined(join).generationId, 2);
    QCOMPARE(text(m_fixture->group()), QString("CompletingRebalance 2: a(0)*"));
    QCOMPARE(m_fixture->heartbeat(members[1]), ErrorCode::UNKNOWN_MEMBER_ID);
  }

  // Sessions.

  void heartbeatsKeepASession() {
    const std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    for (int i = 0; i < 4; ++i) {
      m_fixture->advance(4s);
      QCOMPARE(m_fixture->heartbeat(members[0]), i < 2 ? ErrorCode::NONE : ErrorCode::REBALANCE_IN_PROGRESS);
    }
    QCOMPARE(text(m_fixture->group()), QString("PreparingRebalance 1: a(0)*"));
    const auto left = m_fixture->node.trace.all<world::GroupMemberLeft>();
    QCOMPARE(left.size(), size_t{1});
    QCOMPARE(left[0].memberId, members[1].id);
  }

  void aHeartbeatOfAnotherGenerationIsRefused() {
    std::vector<Member> members = m_fixture->stableGroup({"a"});
    Member a = members.front();
    a.generation = 7;
    QCOMPARE(m_fixture->heartbeat(a), ErrorCode::ILLEGAL_GENERATION);
    a.id = "stranger";
    QCOMPARE(m_fixture->heartbeat(a), ErrorCode::UNKNOWN_MEMBER_ID);
  }

  void theLastMemberLeavesAnEmptyGroup() {
    const std::vector<Member> members = m_fixture->stableGroup({"a"});
    const size_t written = m_fixture->log.size();
    QCOMPARE(m_fixture->leave(members[0]), ErrorCode::NONE);
    QCOMPARE(text(m_fixture->group()), QString("Empty 2:"));
    QCOMPARE(m_fixture->log.size(), written + 1);
    QCOMPARE(m_fixture->leave(members[0]), ErrorCode::UNKNOWN_MEMBER_ID);
    m_fixture->moveElsewhere();
    QCOMPARE(text(m_fixture->group()), QString("Empty 2:"));
  }

  void oneLeavesAndTheOthersGoOn() {
    const std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    QCOMPARE(m_fixture->leave(members[1]), ErrorCode::NONE);
    const int32_t join = m_fixture->join(members[0]);
    QCOMPARE(m_fixture->joined(join).generationId, 2);
  }

  // Static members.

  void aStaticMemberComesBackWithoutARebalance() {
    Member a{.name = "a", .instance = "till"}, b{.name = "b"};
    const int32_t join = m_fixture->join(a);
    m_fixture->joinWithId(b);
    m_fixture->advance(7s);
    a.id = m_fixture->joined(join).memberId;
    QVERIFY(text(a.id).startsWith("till-"));
    a.generation = b.generation = 1;
    m_fixture->sync(b);
    m_fixture->sync(a, {{a, {0}}, {b, {1}}});
    Member restarted = a;
    restarted.id.clear();
    const auto again = m_fixture->joined(m_fixture->join(restarted));
    QCOMPARE(again.generationId, 1);
    QVERIFY(again.memberId != a.id);
    QVERIFY(again.skipAssignment);
    QCOMPARE(text(m_fixture->group()), QString("Stable 1: a(0)* b(1)"));
    QCOMPARE(m_fixture->heartbeat(a), ErrorCode::FENCED_INSTANCE_ID);
    restarted.id = again.memberId;
    QCOMPARE(m_fixture->heartbeat(restarted), ErrorCode::NONE);
    m_fixture->moveElsewhere();
    QCOMPARE(m_fixture->heartbeat(restarted), ErrorCode::NONE);
  }

  void aReplacementThatCannotBeWrittenIsUndone() {
    Member a{.name = "a", .instance = "till"};
    const int32_t join = m_fixture->join(a);
    m_fixture->advance(7s);
    a.id = m_fixture->joined(join).memberId;
    a.generation = 1;
    m_fixture->sync(a, {{a, {0}}});
    Member restarted = a;
    restarted.id.clear();
    m_fixture->nextWrite = ErrorCode::NOT_ENOUGH_REPLICAS;
    QCOMPARE(m_fixture->joined(m_fixture->join(restarted)).errorCode, code(ErrorCode::COORDINATOR_NOT_AVAILABLE));
    QCOMPARE(m_fixture->heartbeat(a), ErrorCode::NONE);
  }

  void anAdministratorRemovesAStaticMemberByItsInstance() {
    Member a{.name = "a", .instance = "till"};
    const int32_t join = m_fixture->join(a);
    m_fixture->advance(7s);
    a.id = m_fixture->joined(join).memberId;
    Member byInstance{.name = "admin", .instance = "till"};
    QCOMPARE(m_fixture->leave(byInstance), ErrorCode::NONE);
    QCOMPARE(text(m_fixture->group()), QString("Empty 2:"));
    QCOMPARE(m_fixture->leave(byInstance), ErrorCode::UNKNOWN_MEMBER_ID);
  }

  // The log.

  void anotherBrokerGoesOnWithTheSameGeneration() {
    const std::vector<Member> members = m_fixture->stableGroup({"a", "b"});
    const std::string before = m_fixture->group();
    m_fixture->moveElsewhere();
    QCOMPARE(m_fixture->group(), before);
    QCOMPARE(m_fixture->heartbeat(members[1]), ErrorCode::NONE);
    // A whole session, from the move on.
    m_fixture->advance(9s);
    QCOMPARE(m_fixture->group(), before);
    m_fixture->advance(2s);
    QVERIFY(m_fixture->group() != before);
  }

  void whoWaitsIsToldThatTheCoordinatorMoved() {
    m_fixture->stableGroup({"a", "b"});
    Member c{.name = "c"};
    const int32_t join = m_fixture->joinWithId(c);
    QVERIFY(m_fixture->isWaiting(join));
    m_fixture->moveElsewhere();
    QCOMPARE(m_fixture->joined(join).errorCode, code(ErrorCode::NOT_COORDINATOR));
  }

 private:
  std::unique_ptr<ShardFixture> m_fixture;
};

STREAMSCOPE_TEST(ClassicGroupTest);
#include "classic_group_test.moc"
