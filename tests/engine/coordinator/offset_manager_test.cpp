#include "group/offset_manager.h"

#include <QTest>

#include "shard_fixture.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::coordinator;
using namespace std::chrono_literals;
using base::ErrorCode;
using Member = ShardFixture::Member;
using View = CommittedOffsets::View;

namespace {

const base::TopicPartition kOrders{"orders", 0};
const Member kNobody{.name = "tool"};

}  // namespace

class OffsetManagerTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { m_fixture = std::make_unique<ShardFixture>(); }
  void cleanup() { m_fixture.reset(); }

  void aCommitIsSeenWhenItIsReplicated() {
    m_fixture->isHeldBack = true;
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 5), ErrorCode::REQUEST_TIMED_OUT);
    QCOMPARE(m_fixture->committed(kOrders), base::kNoOffset);
    QCOMPARE(m_fixture->committed(kOrders, View::Latest), base::Offset{5});
    QVERIFY(m_fixture->node.trace.all<world::OffsetCommitted>().empty());
    m_fixture->replicate();
    QCOMPARE(m_fixture->committed(kOrders), base::Offset{5});
    const auto committed = m_fixture->node.trace.all<world::OffsetCommitted>();
    QCOMPARE(committed.size(), size_t{1});
    QCOMPARE(committed[0].offset, base::Offset{5});
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("Empty 0:"));
  }

  void aCommitThatFailsLeavesNothing() {
    m_fixture->nextWrite = ErrorCode::NOT_ENOUGH_REPLICAS;
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 5), ErrorCode::COORDINATOR_NOT_AVAILABLE);
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("none"));
  }

  void onlyMembersOfThisGenerationCommit() {
    const std::vector<Member> members = m_fixture->stableGroup({"a"});
    Member a = members.front();
    QCOMPARE(m_fixture->commit(a, kOrders, 7), ErrorCode::NONE);
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 1), ErrorCode::UNKNOWN_MEMBER_ID);
    a.generation = 0;
    QCOMPARE(m_fixture->commit(a, kOrders, 1), ErrorCode::ILLEGAL_GENERATION);
    a.id = "stranger";
    QCOMPARE(m_fixture->commit(a, kOrders, 1), ErrorCode::UNKNOWN_MEMBER_ID);
    QCOMPARE(m_fixture->committed(kOrders), base::Offset{7});
    m_fixture->leave(members.front());
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 3), ErrorCode::NONE);
    QCOMPARE(m_fixture->committed(kOrders), base::Offset{3});
  }

  void aMemberOfAnUnknownGroupIsToldSo() {
    QCOMPARE(m_fixture->commit({.name = "a", .id = "a-1", .generation = 3}, kOrders, 1), ErrorCode::GROUP_ID_NOT_FOUND);
  }

  void duringARebalanceCommitsWait() {
    Member a{.name = "a"};
    const int32_t join = m_fixture->joinWithId(a);
    m_fixture->advance(7s);
    a.generation = m_fixture->joined(join).generationId;
    QCOMPARE(m_fixture->commit(a, kOrders, 1), ErrorCode::REBALANCE_IN_PROGRESS);
  }

  void metadataHasABound() {
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 1, std::string(4097, 'x')), ErrorCode::OFFSET_METADATA_TOO_LARGE);
    QCOMPARE(m_fixture->commit(kNobody, kOrders, 1, std::string(4096, 'x')), ErrorCode::NONE);
  }

  void aCommitKeepsTheSession() {
    const std::vector<Member> members = m_fixture->stableGroup({"a"});
    for (int i = 0; i < 4; ++i) {
      m_fixture->advance(6s);
      QCOMPARE(m_fixture->commit(members.front(), kOrders, i), ErrorCode::NONE);
    }
  }

  void offsetsExpireWhenTheGroupHasBeenEmptyForLong() {
    m_fixture->config.group.offsetsRetention = 60min;
    const std::vector<Member> members = m_fixture->stableGroup({"a"});
    m_fixture->commit(members.front(), kOrders, 7);
    m_fixture->commit(members.front(), {"old", 0}, 7);
    for (int minute = 0; minute < 120; ++minute) {
      for (int i = 0; i < 10; ++i) {
        m_fixture->advance(6s);
        m_fixture->heartbeat(members.front());
      }
    }
    // Nobody subscribes to "old", so that time takes it although the group lives.
    QCOMPARE(m_fixture->committed(kOrders), base::Offset{7});
    QCOMPARE(m_fixture->committed({"old", 0}), base::kNoOffset);
    m_fixture->leave(members.front());
    m_fixture->advance(50min);
    QCOMPARE(m_fixture->committed(kOrders), base::Offset{7});
    m_fixture->advance(30min);
    QCOMPARE(m_fixture->committed(kOrders), base::kNoOffset);
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("none"));
    m_fixture->moveElsewhere();
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("none"));
  }

  void aDeletedTopicTakesItsOffsets() {
    m_fixture->commit(kNobody, kOrders, 7);
    m_fixture->commit(kNobody, {"payments", 0}, 8);
    m_fixture->run(m_fixture->shard().forgetTopics({"orders"}));
    QCOMPARE(m_fixture->committed(kOrders), base::kNoOffset);
    QCOMPARE(m_fixture->committed({"payments", 0}), base::Offset{8});
    const auto removed = m_fixture->node.trace.all<world::CommittedOffsetRemoved>();
    QCOMPARE(removed.size(), size_t{1});
    QCOMPARE(removed[0].offset, base::Offset{7});
  }

  void onlyEmptyGroupsAreDeleted() {
    const std::vector<Member> members = m_fixture->stableGroup({"a"});
    m_fixture->commit(members.front(), kOrders, 7);
    QCOMPARE(remove(), ErrorCode::NON_EMPTY_GROUP);
    m_fixture->leave(members.front());
    QCOMPARE(remove(), ErrorCode::NONE);
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("none"));
    QCOMPARE(m_fixture->committed(kOrders), base::kNoOffset);
    QCOMPARE(remove(), ErrorCode::GROUP_ID_NOT_FOUND);
    m_fixture->moveElsewhere();
    QCOMPARE(QString::fromStdString(m_fixture->group()), QString("none"));
  }

  void anotherBrokerKnowsTheSameOffsets() {
    m_fixture->commit(kNobody, kOrders, 7, "note");
    m_fixture->commit(kNobody, kOrders, 8, "later note");
    m_fixture->moveElsewhere();
    const auto views = m_fixture->shard().views();
    QCOMPARE(views.size(), size_t{1});
    QCOMPARE(views[0].offsets.size(), size_t{1});
    QCOMPARE(views[0].offsets[0].offset, base::Offset{8});
    QCOMPARE(views[0].offsets[0].metadata, std::string("later note"));
  }

  void groupsAreListedByStateAndType() {
    m_fixture->commit(kNobody, kOrders, 7);
    QCOMPARE(m_fixture->shard().listGroups({}, {}).size(), size_t{1});
    QCOMPARE(m_fixture->shard().listGroups({"empty"}, {"CLASSIC"}).size(), size_t{1});
    QVERIFY(m_fixture->shard().listGroups({"Stable"}, {}).empty());
    QVERIFY(m_fixture->shard().listGroups({}, {"consumer"}).empty());
  }

 private:
  ErrorCode remove() {
    ErrorCode error = ErrorCode::UNKNOWN_SERVER_ERROR;
    m_fixture->run(m_fixture->shard().deleteGroups({ShardFixture::kGroup}, [&](const auto& deleted) {
      error = static_cast<ErrorCode>(deleted.front().errorCode);
    }));
    return error;
  }

  std::unique_ptr<ShardFixture> m_fixture;
};

STREAMSCOPE_TEST(OffsetManagerTest);
#include "offset_manager_test.moc"
