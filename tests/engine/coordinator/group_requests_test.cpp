#include "group_requests.h"

#include <QTest>

#include "base/error_code.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::coordinator;

namespace {

const base::Uuid kOrdersId{1, 2};

controller::MetadataImage imageWithOrders() {
  controller::MetadataImage image;
  protocol::TopicRecord topic;
  topic.name = "orders";
  topic.topicId = kOrdersId;
  image.replay(topic);
  protocol::PartitionRecord partition;
  partition.partitionId = 0;
  partition.topicId = kOrdersId;
  image.replay(partition);
  return image;
}

}  // namespace

class GroupRequestsTest : public QObject {
  Q_OBJECT
 private slots:
  void theOldestJoinGroupHasOneTimeout() {
    protocol::JoinGroupRequest request;
    request.sessionTimeoutMs = 7000;
    completeTimeouts(request, 0);
    QCOMPARE(request.rebalanceTimeoutMs, 7000);
    request.rebalanceTimeoutMs = 9000;
    completeTimeouts(request, 1);
    QCOMPARE(request.rebalanceTimeoutMs, 9000);
  }

  void oneMemberLeavesInOldVersions() {
    protocol::LeaveGroupRequest request;
    request.memberId = "a-1";
    listMembers(request, 2);
    QCOMPARE(request.members.size(), size_t{1});
    QCOMPARE(request.members[0].memberId, std::string("a-1"));
    protocol::LeaveGroupResponse answer;
    answer.members.push_back({"a-1", std::nullopt, 25});
    tellOnlyMember(answer, 3);
    QCOMPARE(answer.members.size(), size_t{1});
    tellOnlyMember(answer, 2);
    QVERIFY(answer.members.empty());
    QCOMPARE(answer.errorCode, int16_t{25});
  }

  void whatDoesNotExistIsTakenOutOfACommit() {
    const controller::MetadataImage image = imageWithOrders();
    protocol::OffsetCommitRequest request;
    request.topics = {{"orders", {}, {{0, 5, -1, ""}, {9, 5, -1, ""}}}, {"nothing", {}, {{0, 5, -1, ""}}}};
    protocol::OffsetCommitResponse answer;
    takeOutUnknown(image, 9, request, answer);
    QCOMPARE(request.topics.size(), size_t{1});
    QCOMPARE(request.topics[0].partitions.size(), size_t{1});
    QCOMPARE(answer.topics.size(), size_t{2});
    QCOMPARE(answer.topics[0].partitions[0].partitionIndex, 9);
    QCOMPARE(answer.topics[1].partitions[0].errorCode, int16_t{3});
    request.topics = {{"", kOrdersId, {{0, 5, -1, ""}}}, {"", {9, 9}, {{0, 5, -1, ""}}}};
    answer = {};
    takeOutUnknown(image, 10, request, answer);
    QCOMPARE(request.topics[0].name, std::string("orders"));
    QCOMPARE(answer.topics[0].partitions[0].errorCode, int16_t{100});
  }

  void offsetFetchHasThreeForms() {
    protocol::OffsetFetchRequest request;
    request.groupId = "g";
    request.topics.emplace().push_back({"orders", {0}});
    const auto groups = groupsOf(request, 7);
    QCOMPARE(groups.size(), size_t{1});
    QCOMPARE(groups[0].topics->front().name, std::string("orders"));
    OffsetFetchGroupAnswer failed;
    failed.groupId = "g";
    failed.errorCode = 16;
    QCOMPARE(answerOf(request, {failed}, 1).topics[0].partitions[0].errorCode, int16_t{16});
    QCOMPARE(answerOf(request, {failed}, 2).errorCode, int16_t{16});
    QCOMPARE(answerOf(request, {failed}, 8).groups[0].errorCode, int16_t{16});
  }

  void topicsAreAskedForByIdFromVersion10On() {
    const controller::MetadataImage image = imageWithOrders();
    OffsetFetchGroup question;
    question.topics.emplace() = {{"", kOrdersId, {0}}, {"", {9, 9}, {0}}};
    OffsetFetchGroupAnswer answer;
    takeOutUnknown(image, 10, question, answer);
    QCOMPARE(question.topics->size(), size_t{1});
    QCOMPARE(question.topics->front().name, std::string("orders"));
    QCOMPARE(answer.topics[0].partitions[0].errorCode, int16_t{100});
  }
};

STREAMSCOPE_TEST(GroupRequestsTest);
#include "group_requests_test.moc"
