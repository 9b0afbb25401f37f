#include <QTest>
#include <algorithm>

#include "broker/coordinator_partition.h"
#include "cluster.h"
#include "coordinator/group_coordinator.h"
#include "protocol/consumer_protocol_codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace std::chrono_literals;
using base::ErrorCode;
using broker::Cluster;

namespace {

constexpr const char* kGroup = "readers";
constexpr const char* kOffsetsTopic = "__consumer_offsets";
constexpr int32_t kOffsetsPartitions = 5;

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

/// A consumer of "orders" in a cluster of three, as its requests.
class Consumer {
 public:
  explicit Consumer(Cluster& cluster) : m_cluster(cluster) {}

  std::optional<base::BrokerId> findCoordinator() {
    protocol::FindCoordinatorRequest request;
    request.coordinatorKeys = {kGroup};
    const bool isFound = m_cluster.runUntil([&] { return ask(request); });
    return isFound ? std::optional(m_coordinator) : std::nullopt;
  }

  /// Joins and takes every partition of the topic; false when that does not come about.
  bool joinAlone() {
    protocol::JoinGroupRequest join;
    join.groupId = kGroup;
    join.sessionTimeoutMs = 45'000;
    join.rebalanceTimeoutMs = 60'000;
    join.protocolType = "consumer";
    join.protocols.push_back({"range", protocol::encodeSubscription({{"orders"}, std::nullopt, {}, -1, {}}, 1)});
    for (int attempt = 0; attempt < 50; ++attempt) {
      const auto answer = m_cluster.call<protocol::JoinGroupResponse>(m_coordinator, join);
      if (!answer) return false;
      if (answer->errorCode == 0) {
        memberId = answer->memberId;
        generation = answer->generationId;
        return sync();
      }
      if (answer->errorCode == code(ErrorCode::MEMBER_ID_REQUIRED)) join.memberId = answer->memberId;
      m_cluster.runFor(100ms);
    }
    return false;
  }

  ErrorCode heartbeat() {
    protocol::HeartbeatRequest request;
    request.groupId = kGroup;
    request.memberId = memberId;
    request.generationId = generation;
    const auto answer = m_cluster.call<protocol::HeartbeatResponse>(m_coordinator, request);
    return answer ? static_cast<ErrorCode>(answer->errorCode) : ErrorCode::NETWORK_EXCEPTION;
  }

  ErrorCode commit(base::Offset offset) {
    protocol::OffsetCommitRequest request;
    request.groupId = kGroup;
    request.memberId = memberId;
    request.generationIdOrMemberEpoch = generation;
    request.topics.push_back({"orders", {}, {{0, offset, -1, ""}}});
    const auto answer = m_cluster.call<protocol::OffsetCommitResponse>(m_coordinator, request, 9);
    return answer ? static_cast<ErrorCode>(answer->topics[0].partitions[0].errorCode) : ErrorCode::NETWORK_EXCEPTION;
  }

  /// -2 when there was no answer or it was an error.
  base::Offset committed() {
    protocol::OffsetFetchRequest request;
    auto& group = request.groups.emplace_back();
    group.groupId = kGroup;
    group.topics.emplace().push_back({"orders", {}, {0}});
    const auto answer = m_cluster.call<protocol::OffsetFetchResponse>(m_coordinator, request, 9);
    if (!answer || answer->groups[0].errorCode != 0) return -2;
    return answer->groups[0].topics[0].partitions[0].committedOffset;
  }

  std::string memberId;
  int32_t generation = -1;

 private:
  bool ask(const protocol::FindCoordinatorRequest& request) {
    for (base::BrokerId id = 1; id <= Cluster::kBrokers; ++id) {
      if (m_cluster.world().node(world::brokerAddress(id)) == nullptr) continue;
      const auto answer = m_cluster.call<protocol::FindCoordinatorResponse>(id, request);
      if (!answer || answer->coordinators[0].errorCode != 0) continue;
      m_coordinator = answer->coordinators[0].nodeId;
      return m_cluster.world().node(world::brokerAddress(m_coordinator)) != nullptr;
    }
    return false;
  }
  bool sync() {
    protocol::SyncGroupRequest request;
    request.groupId = kGroup;
    request.memberId = memberId;
    request.generationId = generation;
    request.assignments.push_back({memberId, protocol::encodeAssignment({{{"orders", {0}}}, std::nullopt}, 1)});
    const auto answer = m_cluster.call<protocol::SyncGroupResponse>(m_coordinator, request);
    return answer && answer->errorCode == 0;
  }

  Cluster& m_cluster;
  base::BrokerId m_coordinator = 1;
};

std::unique_ptr<Cluster> bootWithOrders() {
  auto cluster = std::make_unique<Cluster>(Cluster::Options{
      .configure = [](broker::BrokerConfig& config) { config.offsetsTopicNumPartitions = kOffsetsPartitions; },
      .coordinators = {coordinator::GroupCoordinator::factory()}});
  if (!cluster->boot() || !cluster->createTopic("orders")) return nullptr;
  return cluster;
}

std::vector<coordinator::GroupView> groupsOf(Cluster& cluster, base::BrokerId id) {
  const auto hosted = cluster.broker(id).coordinators();
  return dynamic_cast<const coordinator::GroupCoordinator&>(*hosted.front()).groups();
}

}  // namespace

class GroupStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void theFirstConsumerCreatesTheTopicAndItsGroup() {
    const auto cluster = bootWithOrders();
    QVERIFY(cluster != nullptr);
    QVERIFY(cluster->image().findTopic(kOffsetsTopic) == nullptr);
    Consumer consumer(*cluster);
    const auto coordinator = consumer.findCoordinator();
    QVERIFY(coordinator.has_value());
    const auto* topic = cluster->image().findTopic(kOffsetsTopic);
    QCOMPARE(topic->partitions.size(), size_t{kOffsetsPartitions});
    QCOMPARE(cluster->image().topicConfigs(kOffsetsTopic).at("cleanup.policy"), std::string("compact"));
    QVERIFY(consumer.joinAlone());
    QCOMPARE(consumer.generation, 1);
    QCOMPARE(consumer.heartbeat(), ErrorCode::NONE);
    QCOMPARE(consumer.commit(42), ErrorCode::NONE);
    QCOMPARE(consumer.committed(), base::Offset{42});
    const auto groups = groupsOf(*cluster, *coordinator);
    QCOMPARE(groups.size(), size_t{1});
    QCOMPARE(groups[0].state, std::string("Stable"));
    QCOMPARE(groups[0].members[0].assignment.size(), size_t{1});
    QCOMPARE(groups[0].members[0].clientHost, std::string("client 1"));
    QCOMPARE(groups[0].offsets[0].offset, base::Offset{42});
  }

  void theGroupGoesOnWhenItsCoordinatorDies() {
    const auto cluster = bootWithOrders();
    QVERIFY(cluster != nullptr);
    Consumer consumer(*cluster);
    const auto before = consumer.findCoordinator();
    QVERIFY(before && consumer.joinAlone());
    QCOMPARE(consumer.commit(42), ErrorCode::NONE);
    cluster->kill(*before);
    const auto after = consumer.findCoordinator();
    QVERIFY(after && *after != *before);
    QVERIFY(cluster->runUntil([&] { return !groupsOf(*cluster, *after).empty(); }));
    QCOMPARE(consumer.heartbeat(), ErrorCode::NONE);
    QCOMPARE(consumer.committed(), base::Offset{42});
    QCOMPARE(consumer.commit(43), ErrorCode::NONE);
    QCOMPARE(groupsOf(*cluster, *after)[0].generation, 1);
    const auto loaded = cluster->all<world::CoordinatorLoaded>();
    QVERIFY(std::ranges::any_of(
        loaded, [&](const auto& event) { return event.node == world::brokerAddress(*after) && event.records > 0; }));
  }

  void aBrokerThatDoesNotCoordinateSaysSo() {
    const auto cluster = bootWithOrders();
    QVERIFY(cluster != nullptr);
    Consumer consumer(*cluster);
    const auto coordinator = consumer.findCoordinator();
    QVERIFY(coordinator && consumer.joinAlone());
    const base::BrokerId other = *coordinator == 1 ? 2 : 1;
    protocol::HeartbeatRequest heartbeat;
    heartbeat.groupId = kGroup;
    QCOMPARE(cluster->call<protocol::HeartbeatResponse>(other, heartbeat)->errorCode, code(ErrorCode::NOT_COORDINATOR));
    protocol::DescribeGroupsRequest describe;
    describe.groups = {kGroup};
    QCOMPARE(cluster->call<protocol::DescribeGroupsResponse>(other, describe)->groups[0].errorCode,
             code(ErrorCode::NOT_COORDINATOR));
    QCOMPARE(cluster->call<protocol::DescribeGroupsResponse>(*coordinator, describe)->groups[0].groupState,
             std::string("Stable"));
    QCOMPARE(cluster->call<protocol::ListGroupsResponse>(*coordinator, protocol::ListGroupsRequest{})->groups.size(),
             size_t{1});
    QVERIFY(cluster->call<protocol::ListGroupsResponse>(other, protocol::ListGroupsRequest{})->groups.empty());
  }

  void aCommitThatIsNotReplicatedIsNotAnswered() {
    const auto cluster = bootWithOrders();
    QVERIFY(cluster != nullptr);
    Consumer consumer(*cluster);
    const auto coordinator = consumer.findCoordinator();
    QVERIFY(coordinator && consumer.joinAlone());
    QCOMPARE(consumer.commit(42), ErrorCode::NONE);
    for (base::BrokerId id = 1; id <= Cluster::kBrokers; ++id)
      if (id != *coordinator) cluster->cut(world::brokerAddress(id), world::brokerAddress(*coordinator));
    // offsets.commit.timeout.ms
    QCOMPARE(consumer.commit(43), ErrorCode::COORDINATOR_NOT_AVAILABLE);
    QCOMPARE(consumer.committed(), base::Offset{42});
  }

  void deletedTopicsTakeTheirOffsets() {
    const auto cluster = bootWithOrders();
    QVERIFY(cluster != nullptr);
    Consumer consumer(*cluster);
    QVERIFY(consumer.findCoordinator() && consumer.joinAlone());
    QCOMPARE(consumer.commit(42), ErrorCode::NONE);
    protocol::DeleteTopicsRequest request;
    request.topics.push_back({"orders", {}});
    QVERIFY(cluster->call<protocol::DeleteTopicsResponse>(1, request).has_value());
    QVERIFY(cluster->runUntil([&] { return consumer.committed() == base::kNoOffset; }));
    QVERIFY(!cluster->all<world::CommittedOffsetRemoved>().empty());
  }

  void theSameInputsGiveTheSameTrace() {
    const auto play = [] {
      const auto cluster = bootWithOrders();
      if (cluster == nullptr) return std::string();
      Consumer consumer(*cluster);
      if (!consumer.findCoordinator() || !consumer.joinAlone()) return std::string();
      consumer.commit(42);
      cluster->runFor(60s);
      return cluster->traceHash();
    };
    const std::string first = play();
    QVERIFY(!first.empty());
    QCOMPARE(play(), first);
  }
};

STREAMSCOPE_TEST(GroupStoryTest);
#include "group_story_test.moc"
