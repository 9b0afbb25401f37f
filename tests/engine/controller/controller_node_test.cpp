#include "controller/controller_node.h"

#include <QTest>

#include "controller_world.h"
#include "metadata_replay.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using controller::ControllerWorld;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = world::Response::Outcome;

namespace {

int16_t code(ErrorCode error) {
  return static_cast<int16_t>(error);
}

const protocol::FetchResponse::PartitionData& partitionOf(const protocol::FetchResponse& response) {
  return response.responses.at(0).partitions.at(0);
}

}  // namespace

class ControllerNodeTest : public QObject {
  Q_OBJECT
 private slots:
  void theFirstLeaderFinalizesTheMetadataVersion() {
    ControllerWorld lab;
    QCOMPARE(lab.controller().epoch(), 1);
    // LEADER_CHANGE, and the level in a transaction of the log.
    QCOMPARE(lab.controller().logEndOffset(), base::Offset{4});
    QCOMPARE(lab.image().features().at("metadata.version"), int16_t{29});
    const auto elected = lab.told<world::ControllerElected>();
    QCOMPARE(elected.size(), size_t{1});
    QCOMPARE(elected[0].epoch, 1);
  }

  void aBrokerIsRegisteredFencedAndUnfencedOnceItHasCaughtUp() {
    ControllerWorld lab;
    const auto registered = lab.registerBroker(1);
    QCOMPARE(registered.errorCode, int16_t{0});
    QCOMPARE(registered.brokerEpoch, int64_t{4});
    QVERIFY(lab.image().findBroker(1)->fenced);

    protocol::BrokerHeartbeatRequest behind;
    behind.brokerId = 1;
    behind.brokerEpoch = 2;
    behind.currentMetadataOffset = 1;
    auto answer = lab.ask<protocol::BrokerHeartbeatResponse>(1, 1, behind);
    QVERIFY(!answer.isCaughtUp);
    QVERIFY(answer.isFenced);
    answer = lab.heartbeat(1);
    QVERIFY(answer.isCaughtUp);
    QVERIFY(!answer.isFenced);
    QVERIFY(lab.image().findBroker(1)->isActive());
    QCOMPARE(lab.told<world::BrokerRegistered>().size(), size_t{1});
    QCOMPARE(lab.told<world::BrokerUnfenced>().size(), size_t{1});

    behind.brokerEpoch = 1;
    QCOMPARE(lab.ask<protocol::BrokerHeartbeatResponse>(1, 1, behind).errorCode, code(ErrorCode::STALE_BROKER_EPOCH));
  }

  void silentBrokersAreFencedOneByOneAndTheirPartitionsMove() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2, 3}});
    for (int i = 0; i < 10; ++i) {
      lab.pass(seconds(1));
      lab.heartbeat(3);
    }
    lab.pass(seconds(1));
    const auto fenced = lab.told<world::BrokerFenced>();
    QCOMPARE(fenced.size(), size_t{2});
    QVERIFY(fenced[0].broker == world::brokerAddress(1));
    QVERIFY2(
        fenced[0].reason.starts_with("no heartbeat for 9.") || fenced[0].reason.starts_with("no heartbeat for 10."),
        fenced[0].reason.c_str());
    QVERIFY(fenced[0].reason.ends_with(" s (broker.session.timeout.ms = 9000)"));
    const auto* partition = lab.image().findPartition("orders", 0);
    QCOMPARE(partition->leader, 3);
    QVERIFY(partition->isr == (std::vector<base::BrokerId>{3}));
    QCOMPARE(partition->leaderEpoch, 2);

    const auto changes = lab.told<world::PartitionChanged>();
    QCOMPARE(changes.size(), size_t{3});
    QCOMPARE(changes[0].leader, 1);
    QCOMPARE(changes[1].leaderBefore, 1);
    QCOMPARE(changes[1].leader, 2);
    QVERIFY(changes[1].isrBefore == (std::vector<base::BrokerId>{1, 2, 3}));
    QVERIFY(changes[1].isr == (std::vector<base::BrokerId>{2, 3}));

    // The broker is heard again: it comes back by itself.
    QVERIFY(!lab.heartbeat(1).isFenced);
  }

  void aReplicaInADirectoryThatIsOfflineLeavesTheIsr() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    const auto assign = [&](const base::Uuid& directory, const base::Uuid& topicId, base::PartitionId partition,
                            base::BrokerId broker) {
      protocol::AssignReplicasToDirsRequest request;
      request.brokerId = broker;
      request.brokerEpoch = lab.brokerEpoch(broker);
      auto& data = request.directories.emplace_back();
      data.id = directory;
      auto& topic = data.topics.emplace_back();
      topic.topicId = topicId;
      topic.partitions.emplace_back().partitionIndex = partition;
      const auto answer = lab.ask<protocol::AssignReplicasToDirsResponse>(broker, 0, request);
      return static_cast<ErrorCode>(answer.directories.at(0).topics.at(0).partitions.at(0).errorCode);
    };
    const base::Uuid topicId = lab.image().findTopic("orders")->id;
    const base::Uuid known = lab.image().findBroker(1)->logDirectories.at(0), unknown{5, 5};
    QCOMPARE(assign(known, base::Uuid{9, 9}, 0, 1), ErrorCode::UNKNOWN_TOPIC_ID);
    QCOMPARE(assign(known, topicId, 7, 1), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    QCOMPARE(assign(known, topicId, 0, 3), ErrorCode::NOT_LEADER_OR_FOLLOWER);

    // Where it is already: nothing is written.
    const base::Offset end = lab.controller().logEndOffset();
    QCOMPARE(assign(known, topicId, 0, 1), ErrorCode::NONE);
    QCOMPARE(lab.controller().logEndOffset(), end);

    QCOMPARE(assign(unknown, topicId, 0, 1), ErrorCode::NONE);
    const auto* partition = lab.image().findPartition("orders", 0);
    QVERIFY(partition->directories.at(0) == unknown);
    QCOMPARE(partition->leader, 2);
    QVERIFY(partition->isr == (std::vector<base::BrokerId>{2}));
    const auto told = lab.told<world::ReplicaDirectoryAssigned>();
    QCOMPARE(told.size(), size_t{1});
    QVERIFY(told.front().broker == world::brokerAddress(1));
    QCOMPARE(told.front().id, unknown.toString());
  }

  void aRestartedBrokerWaitsForTheEndOfItsOldSession() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QCOMPARE(lab.registerBroker(1, 2).errorCode, code(ErrorCode::DUPLICATE_BROKER_REGISTRATION));
    lab.pass(milliseconds(9001));
    const auto registered = lab.registerBroker(1, 2);
    QCOMPARE(registered.errorCode, int16_t{0});
    QCOMPARE(registered.brokerEpoch, lab.controller().logEndOffset() - 1);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 2);
  }

  void controlledShutdownMovesLeadershipFirst() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    lab.heartbeat(2);
    lab.heartbeat(3);
    auto answer = lab.heartbeat(1, true);
    QVERIFY(!answer.shouldShutDown);
    QVERIFY(lab.image().findBroker(1)->inControlledShutdown);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 2);
    QVERIFY(!lab.heartbeat(1, true).shouldShutDown);
    lab.heartbeat(2);
    lab.heartbeat(3);
    answer = lab.heartbeat(1, true);
    QVERIFY(answer.shouldShutDown);
    QVERIFY(answer.isFenced);
    QVERIFY(lab.image().findBroker(1)->fenced);
    QCOMPARE(lab.told<world::BrokerFenced>().back().reason,
             std::string("controlled shutdown: its leaderships are elsewhere now"));
  }

  void alterPartitionIsCheckedInKafkasOrder_data() {
    QTest::addColumn<int>("sender");
    QTest::addColumn<int>("leaderEpoch");
    QTest::addColumn<int>("partitionEpoch");
    QTest::addColumn<QList<int>>("isr");
    QTest::addColumn<int>("staleMember");
    QTest::addColumn<int>("recovery");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* name, int sender, int leaderEpoch, int partitionEpoch, const QList<int>& isr,
                        int staleMember, int recovery, ErrorCode expected) {
      QTest::newRow(name) << sender << leaderEpoch << partitionEpoch << isr << staleMember << recovery
                          << static_cast<int>(expected);
    };
    // The partition: replicas and ISR [1, 2, 3], leader 1, leader epoch 0, partition epoch 0; broker 3 is fenced after
    // the ISR shrank, which makes it partition epoch 1.
    row("shrink", 1, 0, 1, {1}, 0, 0, ErrorCode::NONE);
    row("leader epoch of the future", 2, 1, 0, {9}, 0, 0, ErrorCode::NOT_CONTROLLER);
    row("partition epoch of the future", 2, 0, 2, {9}, 0, 0, ErrorCode::NOT_CONTROLLER);
    row("leader epoch of the past", 2, -1, 0, {9}, 0, 0, ErrorCode::FENCED_LEADER_EPOCH);
    row("not the leader", 2, 0, 0, {9}, 0, 0, ErrorCode::INVALID_REQUEST);
    row("partition epoch of the past", 1, 0, 0, {9}, 0, 0, ErrorCode::INVALID_UPDATE_VERSION);
    row("not a replica", 1, 0, 1, {1, 9}, 0, 0, ErrorCode::INVALID_REQUEST);
    row("twice", 1, 0, 1, {1, 2, 2}, 0, 0, ErrorCode::INVALID_REQUEST);
    row("empty", 1, 0, 1, {}, 0, 0, ErrorCode::INVALID_REQUEST);
    row("without the leader", 1, 0, 1, {2}, 0, 0, ErrorCode::INVALID_REQUEST);
    row("back to recovering", 1, 0, 1, {1}, 0, 1, ErrorCode::INVALID_REQUEST);
    row("no such recovery state", 1, 0, 1, {1}, 0, 7, ErrorCode::INVALID_REQUEST);
    row("fenced member", 1, 0, 1, {1, 3}, 0, 0, ErrorCode::INELIGIBLE_REPLICA);
    row("member's earlier process", 1, 0, 1, {1, 2}, 2, 0, ErrorCode::INELIGIBLE_REPLICA);
  }
  void alterPartitionIsCheckedInKafkasOrder() {
    QFETCH(int, sender);
    QFETCH(int, leaderEpoch);
    QFETCH(int, partitionEpoch);
    QFETCH(QList<int>, isr);
    QFETCH(int, staleMember);
    QFETCH(int, recovery);
    QFETCH(int, expected);
    ControllerWorld lab;
    lab.bringUpBrokers();
    const auto topicId = lab.createTopic("orders", {{1, 2, 3}}).topicId;
    QVERIFY(lab.heartbeat(3, true).shouldShutDown);
    QVERIFY(lab.image().findPartition("orders", 0)->isr == (std::vector<base::BrokerId>{1, 2}));

    protocol::AlterPartitionRequest request;
    request.brokerId = sender;
    request.brokerEpoch = lab.brokerEpoch(sender);
    auto& topic = request.topics.emplace_back();
    topic.topicId = topicId;
    auto& asked = topic.partitions.emplace_back();
    asked.leaderEpoch = leaderEpoch;
    asked.partitionEpoch = partitionEpoch;
    asked.leaderRecoveryState = static_cast<int8_t>(recovery);
    for (const int broker : isr) {
      const int64_t epoch = broker == 9 ? -1 : lab.brokerEpoch(broker);
      asked.newIsrWithEpochs.push_back({broker, broker == staleMember ? epoch - 1 : epoch});
    }
    const auto answered = lab.ask<protocol::AlterPartitionResponse>(sender, 3, request).topics.at(0).partitions.at(0);
    QCOMPARE(int{answered.errorCode}, expected);
    if (expected != 0) {
      QCOMPARE(lab.image().findPartition("orders", 0)->partitionEpoch, 1);
      return;
    }
    QVERIFY(answered.isr == (std::vector<base::BrokerId>{1}));
    QCOMPARE(answered.partitionEpoch, 2);
    QCOMPARE(answered.leaderEpoch, 0);
    QVERIFY(lab.image().findPartition("orders", 0)->isr == answered.isr);
  }

  void alterPartitionOfStrangersIsRefused() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    protocol::AlterPartitionRequest request;
    request.brokerId = 1;
    request.brokerEpoch = 999;
    QCOMPARE(lab.ask<protocol::AlterPartitionResponse>(1, 3, request).errorCode, code(ErrorCode::STALE_BROKER_EPOCH));
    request.brokerEpoch = lab.brokerEpoch(1);
    auto& topic = request.topics.emplace_back();
    topic.topicId = {8, 8};
    topic.partitions.emplace_back();
    QCOMPARE(lab.ask<protocol::AlterPartitionResponse>(1, 3, request).topics[0].partitions[0].errorCode,
             code(ErrorCode::UNKNOWN_TOPIC_ID));
  }

  void topicsComeAndGo() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    const auto orders = lab.createTopic("orders", {{1, 2}, {2, 3}});
    lab.createTopic("payments", {{3}});
    const auto created = lab.told<world::TopicCreated>();
    QCOMPARE(created[0].topic, std::string("orders"));
    QCOMPARE(created[0].partitions, 2);
    QCOMPARE(created[0].replicationFactor, int16_t{2});

    protocol::DeleteTopicsRequest request;
    request.topics = {{std::nullopt, orders.topicId},  {"payments", base::kZeroUuid},
                      {"unknown", base::kZeroUuid},    {std::nullopt, base::Uuid{8, 8}},
                      {std::nullopt, base::kZeroUuid}, {"payments", base::Uuid{8, 9}}};
    const auto answered = lab.ask<protocol::DeleteTopicsResponse>(1, 6, request).responses;
    std::vector<int> codes;
    for (const auto& each : answered) codes.push_back(each.errorCode);
    QVERIFY(codes == (std::vector<int>{0, 0, 3, 100, 42, 42}));
    QCOMPARE(*answered[0].name, std::string("orders"));
    QVERIFY(lab.image().topics().empty());
    QCOMPARE(lab.told<world::TopicDeleted>().size(), size_t{2});

    protocol::DeleteTopicsRequest byName;
    byName.topicNames = {"orders", "orders"};
    for (const auto& each : lab.ask<protocol::DeleteTopicsResponse>(1, 5, byName).responses)
      QCOMPARE(each.errorMessage.value(), std::string("Duplicate topic name."));
  }

  void producerIdsAreHandedOutInBlocksOfAThousand() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    protocol::AllocateProducerIdsRequest request;
    request.brokerId = 2;
    request.brokerEpoch = lab.brokerEpoch(2);
    QCOMPARE(lab.ask<protocol::AllocateProducerIdsResponse>(2, 0, request).producerIdStart, int64_t{0});
    const auto second = lab.ask<protocol::AllocateProducerIdsResponse>(2, 0, request);
    QCOMPARE(second.producerIdStart, int64_t{1000});
    QCOMPARE(second.producerIdLen, 1000);
    request.brokerEpoch = 0;
    QCOMPARE(lab.ask<protocol::AllocateProducerIdsResponse>(2, 0, request).errorCode,
             code(ErrorCode::STALE_BROKER_EPOCH));
  }

  void theLogBringsEverythingBackInANewEpoch() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2, 3}, {2, 3, 1}});
    lab.heartbeat(3, true);
    const controller::MetadataImage before = lab.image();
    lab.killController();
    lab.startController();
    QCOMPARE(lab.controller().epoch(), 2);
    controller::MetadataImage after = lab.image();
    QCOMPARE(after.epoch(), 2);
    QCOMPARE(after.offset(), before.offset() + 1);
    after.setPosition(before.offset(), before.epoch());
    QVERIFY(after == before);
    // Brokers go on with the epochs they have, and have a whole session to be heard in.
    lab.pass(seconds(8));
    QVERIFY(!lab.heartbeat(1).isFenced);
    lab.pass(seconds(3));
    QVERIFY(lab.image().findBroker(1)->isActive());
    QVERIFY(lab.image().findBroker(2)->fenced);
  }

  void brokersFollowTheMetadataLog() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2, 3}});
    const auto response = lab.ask<protocol::FetchResponse>(1, 17, ControllerWorld::metadataFetch(0, 0, 1, 500));
    const auto& partition = partitionOf(response);
    QCOMPARE(partition.errorCode, int16_t{0});
    QCOMPARE(partition.highWatermark, lab.controller().logEndOffset());
    QCOMPARE(partition.currentLeader.leaderId, 100);
    controller::MetadataImage image;
    QVERIFY(controller::replayBatches(image, *partition.records).has_value());
    QVERIFY(image == lab.image());
  }

  void aFetchAtTheEndWaitsForTheNextDecision() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    const base::Offset end = lab.controller().logEndOffset();
    const auto began = lab.world().now();
    auto response = lab.ask<protocol::FetchResponse>(2, 17, ControllerWorld::metadataFetch(end, 1, 1, 500));
    QVERIFY(partitionOf(response).records->empty());
    QVERIFY(lab.world().now() - began == milliseconds(502));

    lab.world().at(lab.world().now() + milliseconds(50), [&lab] {
      static_cast<controller::FakeBroker&>(*lab.world().node(world::brokerAddress(1)))
          .send(0, protocol::AllocateProducerIdsRequest{1, lab.brokerEpoch(1)}, [](world::Response) {});
    });
    const auto again = lab.world().now();
    response = lab.ask<protocol::FetchResponse>(2, 17, ControllerWorld::metadataFetch(end, 1, 1, 500));
    QVERIFY(!partitionOf(response).records->empty());
    QVERIFY(lab.world().now() - again == milliseconds(52));
  }

  void fetchesThatDoNotFitAreRefused() {
    ControllerWorld lab;
    lab.killController();
    lab.startController();
    const auto ask = [&lab](const protocol::FetchRequest& request) {
      return lab.ask<protocol::FetchResponse>(1, 17, request);
    };
    auto request = ControllerWorld::metadataFetch(0, 0, 1, 500);
    auto response = ask(request);
    QCOMPARE(partitionOf(response).errorCode, code(ErrorCode::FENCED_LEADER_EPOCH));
    QCOMPARE(partitionOf(response).currentLeader.leaderEpoch, 2);
    QCOMPARE(partitionOf(ask(ControllerWorld::metadataFetch(0, 0, 3, 500))).errorCode,
             code(ErrorCode::UNKNOWN_LEADER_EPOCH));
    QCOMPARE(partitionOf(ask(ControllerWorld::metadataFetch(0, -1, 2, 500))).errorCode,
             code(ErrorCode::INVALID_REQUEST));
    // Epoch 1 ended at offset 4 here.
    response = ask(ControllerWorld::metadataFetch(5, 1, 2, 500));
    QCOMPARE(partitionOf(response).divergingEpoch.epoch, 1);
    QCOMPARE(partitionOf(response).divergingEpoch.endOffset, int64_t{4});
    request.clusterId = "other";
    QCOMPARE(ask(request).errorCode, code(ErrorCode::INCONSISTENT_CLUSTER_ID));
    request.clusterId = "lab";
    request.topics[0].topicId = {3, 3};
    QCOMPARE(ask(request).errorCode, code(ErrorCode::INVALID_REQUEST));
  }

  void recordsThatNoBatchHoldsAreRefusedAndNothingElse() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    // Three hundred configs of 30 kB are more than the 8 MiB of one batch.
    std::string replicas = "1:1";
    while (replicas.size() < 30'000) replicas += ",1:1";
    protocol::CreateTopicsRequest request;
    for (int i = 0; i < 300; ++i) {
      auto& topic = request.topics.emplace_back();
      topic.name = "topic-" + std::to_string(i);
      topic.numPartitions = 1;
      topic.replicationFactor = 1;
      topic.configs.push_back({"leader.replication.throttled.replicas", replicas});
    }
    const auto response = lab.ask<protocol::CreateTopicsResponse>(1, 7, request);
    for (const auto& topic : response.topics) QCOMPARE(topic.errorCode, code(ErrorCode::POLICY_VIOLATION));
    QVERIFY(lab.told<world::LogDirectoryFailed>().empty());
    QCOMPARE(lab.createTopic("orders", {{1}}).errorCode, code(ErrorCode::NONE));
  }

  void aFailedDiskMakesTheControllerResign() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.faults().setSyncFails(true);
    protocol::AllocateProducerIdsRequest request{1, lab.brokerEpoch(1)};
    QCOMPARE(lab.ask<protocol::AllocateProducerIdsResponse>(1, 0, request).errorCode,
             code(ErrorCode::KAFKA_STORAGE_ERROR));
    QCOMPARE(lab.told<world::LogDirectoryFailed>().size(), size_t{1});
    lab.faults().setSyncFails(false);
    QCOMPARE(lab.ask<protocol::AllocateProducerIdsResponse>(1, 0, request).errorCode, code(ErrorCode::NOT_CONTROLLER));
    QCOMPARE(lab.createTopic("orders", {{1}}).errorCode, code(ErrorCode::NOT_CONTROLLER));
    QCOMPARE(
        partitionOf(lab.ask<protocol::FetchResponse>(1, 17, ControllerWorld::metadataFetch(0, 0, 1, 500))).errorCode,
        code(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    lab.pass(seconds(20));
    QVERIFY(lab.told<world::BrokerFenced>().empty());
    // Repaired and restarted, it goes on with what was written before.
    lab.killController();
    lab.startController();
    QCOMPARE(lab.image().nextProducerId(), int64_t{0});
    QCOMPARE(lab.image().brokers().size(), size_t{3});
  }

  void requestsForBrokersEndTheConnection() {
    ControllerWorld lab;
    QVERIFY(lab.exchange(1, 12, protocol::MetadataRequest{}).outcome == Outcome::Disconnected);
    const auto versions = lab.ask<protocol::ApiVersionsResponse>(1, 3, protocol::ApiVersionsRequest{});
    QCOMPARE(versions.errorCode, int16_t{0});
    QCOMPARE(versions.finalizedFeatures.at(0).maxVersionLevel, int16_t{29});
    protocol::DescribeClusterRequest describe;
    QCOMPARE(lab.ask<protocol::DescribeClusterResponse>(1, 1, describe).errorCode,
             code(ErrorCode::MISMATCHED_ENDPOINT_TYPE));
    describe.endpointType = 2;
    QCOMPARE(lab.ask<protocol::DescribeClusterResponse>(1, 1, describe).controllerId, 100);
  }

  void idleControllersWriteNoOps() {
    auto config = ControllerWorld::defaults();
    config.metadataMaxIdleInterval = milliseconds(500);
    ControllerWorld lab(config);
    lab.pass(seconds(5));
    QCOMPARE(lab.controller().logEndOffset(), base::Offset{4 + 10});
  }

  void preferredLeadersAreRestoredAfterFiveMinutes() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    const auto topicId = lab.createTopic("orders", {{1, 2}}).topicId;
    const auto everybodyLives = [&lab](int rounds) {
      for (int i = 0; i < rounds; ++i) {
        for (const base::BrokerId broker : {1, 2, 3}) lab.heartbeat(broker);
        lab.pass(seconds(5));
      }
    };
    lab.heartbeat(1, true);
    lab.heartbeat(2);
    lab.heartbeat(3);
    QVERIFY(lab.heartbeat(1, true).shouldShutDown);
    lab.pass(seconds(10));
    lab.registerBroker(1, 2);
    lab.heartbeat(1);
    protocol::AlterPartitionRequest expand;
    expand.brokerId = 2;
    lab.registerBroker(2);
    lab.heartbeat(2);
    expand.brokerEpoch = lab.brokerEpoch(2);
    const auto* partition = lab.image().findPartition("orders", 0);
    QCOMPARE(partition->leader, 2);
    auto& asked = expand.topics.emplace_back(protocol::AlterPartitionRequest::TopicData{topicId, {}}).partitions;
    asked.emplace_back();
    asked[0].leaderEpoch = partition->leaderEpoch;
    asked[0].partitionEpoch = partition->partitionEpoch;
    asked[0].newIsrWithEpochs = {{2, -1}, {1, -1}};
    const auto answered = lab.ask<protocol::AlterPartitionResponse>(2, 3, expand);
    QCOMPARE(answered.topics[0].partitions[0].errorCode, int16_t{0});
    everybodyLives(61);
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 1);
  }
};

STREAMSCOPE_TEST(ControllerNodeTest);
#include "controller_node_test.moc"
