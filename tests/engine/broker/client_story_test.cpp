// What clients ask a broker and what it answers, in a whole cluster.

#include <QtTest>
#include <set>

#include "cluster.h"
#include "log/record_batch.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using Values = std::vector<std::string>;

constexpr const char* kTopic = "orders";

protocol::FetchRequest fetchRequest(const base::Uuid& topicId, base::Offset offset, int32_t maxWaitMs,
                                    int32_t minBytes = 1) {
  protocol::FetchRequest request;
  request.maxWaitMs = maxWaitMs;
  request.minBytes = minBytes;
  auto& topic = request.topics.emplace_back();
  topic.topicId = topicId;
  auto& partition = topic.partitions.emplace_back();
  partition.fetchOffset = offset;
  partition.partitionMaxBytes = 1 << 20;
  return request;
}

}  // namespace

class ClientStoryTest : public QObject {
  Q_OBJECT

  static std::unique_ptr<Cluster> clusterWithTopic(const std::map<std::string, std::string>& configs = {}) {
    auto cluster = std::make_unique<Cluster>();
    if (!cluster->boot() || !cluster->createTopic(kTopic, 1, 3, configs)) return nullptr;
    return cluster;
  }

 private slots:
  void apiVersionsTellWhatIsServed() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    protocol::ApiVersionsRequest request;
    request.clientSoftwareName = "lab";
    request.clientSoftwareVersion = "1.0";
    auto answer = cluster.call<protocol::ApiVersionsResponse>(1, request, 4);
    QVERIFY(answer);
    QCOMPARE(answer->errorCode, 0);
    QVERIFY(answer->apiKeys.size() > 10);
    QVERIFY(!answer->finalizedFeatures.empty());
    request.clientSoftwareName = "-lab";
    answer = cluster.call<protocol::ApiVersionsResponse>(1, request, 4);
    QCOMPARE(answer->errorCode, static_cast<int16_t>(ErrorCode::INVALID_REQUEST));
    answer = cluster.call<protocol::ApiVersionsResponse>(1, request, 99);
    QCOMPARE(answer->errorCode, static_cast<int16_t>(ErrorCode::UNSUPPORTED_VERSION));
  }

  void metadataNamesBrokersTopicsAndLeaders() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    protocol::MetadataRequest request;
    auto answer = cluster->call<protocol::MetadataResponse>(2, request);
    QVERIFY(answer);
    QCOMPARE(answer->brokers.size(), 3U);
    QCOMPARE(answer->brokers[1].port, 9093);
    QCOMPARE(answer->topics.size(), 1U);
    QCOMPARE(answer->topics[0].partitions[0].leaderId, cluster->leaderOf(kTopic));
    QCOMPARE(answer->topics[0].topicId, cluster->image().findTopic(kTopic)->id);
    request.topics.emplace();
    answer = cluster->call<protocol::MetadataResponse>(2, request);
    QVERIFY(answer->topics.empty());
    answer = cluster->call<protocol::MetadataResponse>(2, request, 0);
    QCOMPARE(answer->topics.size(), 1U);
    request.topics->push_back({{}, "no such name!"});
    request.topics->push_back({base::Uuid{9, 9}, std::nullopt});
    answer = cluster->call<protocol::MetadataResponse>(2, request);
    QCOMPARE(answer->topics[0].errorCode, static_cast<int16_t>(ErrorCode::INVALID_TOPIC_EXCEPTION));
    QCOMPARE(answer->topics[1].errorCode, static_cast<int16_t>(ErrorCode::UNKNOWN_TOPIC_ID));
  }

  void anUnknownTopicIsCreatedOnlyWhenTheClientAllows() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    protocol::MetadataRequest request;
    request.topics.emplace();
    request.topics->push_back({{}, "fresh"});
    request.allowAutoTopicCreation = false;
    const auto ask = [&] { return cluster.call<protocol::MetadataResponse>(1, request)->topics[0].errorCode; };
    QCOMPARE(ask(), static_cast<int16_t>(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    cluster.runFor(1s);
    QVERIFY(cluster.image().findTopic("fresh") == nullptr);
    request.allowAutoTopicCreation = true;
    QCOMPARE(ask(), static_cast<int16_t>(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    cluster.runFor(1s);
    QCOMPARE(ask(), 0);
  }

  void produceRefusals() {
    const auto cluster = clusterWithTopic({{"max.message.bytes", "200"}});
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = std::string(300, 'x')}), ErrorCode::MESSAGE_TOO_LARGE);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "x", .damageCrc = true}), ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "x", .acks = 2}), ErrorCode::INVALID_REQUIRED_ACKS);
    QCOMPARE(cluster->produceError(leader, "nowhere", {.value = "x"}), ErrorCode::UNKNOWN_TOPIC_ID);
    protocol::ProduceRequest byName = cluster->produceRequest("nowhere", {.value = "x"});
    auto answer = cluster->call<protocol::ProduceResponse>(leader, byName, 12);
    QCOMPARE(answer->responses[0].partitionResponses[0].errorCode,
             static_cast<int16_t>(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    protocol::ProduceRequest twoBatches = cluster->produceRequest(kTopic, {.value = "x"});
    auto& records = twoBatches.topicData[0].partitionData[0].records;
    base::Bytes doubled(records->data(), records->data() + records->size());
    doubled.insert(doubled.end(), records->data(), records->data() + records->size());
    records = base::SharedBytes(doubled);
    answer = cluster->call<protocol::ProduceResponse>(leader, twoBatches);
    QCOMPARE(answer->responses[0].partitionResponses[0].errorCode, static_cast<int16_t>(ErrorCode::INVALID_RECORD));
    QVERIFY(answer->responses[0].partitionResponses[0].errorMessage);
    twoBatches.topicData[0].partitionData[0].records.reset();
    answer = cluster->call<protocol::ProduceResponse>(leader, twoBatches);
    QCOMPARE(answer->responses[0].partitionResponses[0].errorCode, static_cast<int16_t>(ErrorCode::INVALID_RECORD));
    QVERIFY(cluster->values(leader, kTopic).empty());
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "good"}), ErrorCode::NONE);
  }

  void theWrongBrokerNamesTheLeader() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const base::BrokerId follower = cluster->followersOf(kTopic).front();
    const auto produced =
        cluster->call<protocol::ProduceResponse>(follower, cluster->produceRequest(kTopic, {.value = "x"}));
    const auto& refusal = produced->responses[0].partitionResponses[0];
    QCOMPARE(refusal.errorCode, static_cast<int16_t>(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    QCOMPARE(refusal.currentLeader.leaderId, leader);
    QCOMPARE(produced->nodeEndpoints.size(), 1U);
    QCOMPARE(produced->nodeEndpoints[0].port, 9091 + leader);

    auto request = fetchRequest(cluster->image().findTopic(kTopic)->id, 0, 100);
    request.topics[0].partitions[0].currentLeaderEpoch = 7;
    auto fetched = cluster->call<protocol::FetchResponse>(leader, request);
    QCOMPARE(fetched->responses[0].partitions[0].errorCode, static_cast<int16_t>(ErrorCode::UNKNOWN_LEADER_EPOCH));
  }

  void aResentBatchIsNotAppendedAgain() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const Cluster::Batch first{.value = "a", .producerId = 5, .producerEpoch = 0, .sequence = 0};
    QCOMPARE(cluster->produce(leader, kTopic, first)->baseOffset, 0);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "b", .producerId = 5, .producerEpoch = 0, .sequence = 1}),
             ErrorCode::NONE);
    const auto again = cluster->produce(leader, kTopic, first);
    QCOMPARE(again->errorCode, 0);
    QCOMPARE(again->baseOffset, 0);
    QCOMPARE(cluster->values(leader, kTopic), (Values{"a", "b"}));
    QCOMPARE(cluster->all<world::DuplicateSeen>().size(), 1U);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "d", .producerId = 5, .producerEpoch = 0, .sequence = 9}),
             ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  void aFetchWaitsForRecordsAndNoLonger() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const base::Uuid id = cluster->image().findTopic(kTopic)->id;
    const size_t waiting =
        cluster->client().send(leader, protocol::FetchRequest::kInfo.versionMax, fetchRequest(id, 0, 30'000));
    cluster->runFor(2s);
    QVERIFY(!cluster->client().response(waiting));
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    QVERIFY(cluster->runUntil([&] { return cluster->client().response(waiting).has_value(); }, 1s));
    const auto body = std::get<protocol::FetchResponse>(cluster->client().response(waiting)->body);
    QVERIFY(!body.responses[0].partitions[0].records->empty());
    QCOMPARE(body.responses[0].partitions[0].highWatermark, 1);

    const base::VirtualTime before = cluster->world().now();
    const auto empty = cluster->call<protocol::FetchResponse>(leader, fetchRequest(id, 1, 700));
    QVERIFY(empty->responses[0].partitions[0].records->empty());
    QVERIFY(cluster->world().now() - before >= base::Duration(700ms));
    QVERIFY(cluster->world().now() - before < base::Duration(710ms));
    const auto beyond = cluster->call<protocol::FetchResponse>(leader, fetchRequest(id, 9, 700));
    QCOMPARE(beyond->responses[0].partitions[0].errorCode, static_cast<int16_t>(ErrorCode::OFFSET_OUT_OF_RANGE));
  }

  void aFetchOfThePartitionTwiceIsAnsweredOnce() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    auto request = fetchRequest(cluster->image().findTopic(kTopic)->id, 0, 5000);
    request.topics[0].partitions.push_back(request.topics[0].partitions[0]);
    const size_t waiting = cluster->client().send(leader, protocol::FetchRequest::kInfo.versionMax, request);
    cluster->runFor(1s);
    QVERIFY(!cluster->client().response(waiting));
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    QVERIFY(cluster->runUntil([&] { return cluster->client().response(waiting).has_value(); }, 1s));
    const auto body = std::get<protocol::FetchResponse>(cluster->client().response(waiting)->body);
    QCOMPARE(body.responses[0].partitions.size(), 2U);
    for (const auto& partition : body.responses[0].partitions) {
      QCOMPARE(partition.errorCode, 0);
      QVERIFY(!partition.records->empty());
    }
  }

  void aProduceToThePartitionTwiceIsAnsweredOnce() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    auto request = cluster->produceRequest(kTopic, {.value = "a"});
    request.topicData[0].partitionData.push_back(
        cluster->produceRequest(kTopic, {.value = "b"}).topicData[0].partitionData[0]);
    const auto answer = cluster->call<protocol::ProduceResponse>(leader, request);
    QVERIFY(answer);
    const auto& partitions = answer->responses[0].partitionResponses;
    QCOMPARE(partitions.size(), 2U);
    QCOMPARE(partitions[0].errorCode, 0);
    QCOMPARE(partitions[1].errorCode, 0);
    QCOMPARE(partitions[1].baseOffset, 1);
    QCOMPARE(cluster->values(leader, kTopic), (Values{"a", "b"}));
  }

  void aFetchWaitsForItsMinimumOfBytes() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const base::Uuid id = cluster->image().findTopic(kTopic)->id;
    const size_t waiting =
        cluster->client().send(leader, protocol::FetchRequest::kInfo.versionMax, fetchRequest(id, 0, 30'000, 1000));
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = std::string(500, 'x')}), ErrorCode::NONE);
    cluster->runFor(1s);
    QVERIFY(!cluster->client().response(waiting));
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = std::string(500, 'x')}), ErrorCode::NONE);
    QVERIFY(cluster->runUntil([&] { return cluster->client().response(waiting).has_value(); }, 1s));
  }

  /// A minimum the answer may never reach counts as the most it may hold.
  void aFetchNeverWaitsForMoreThanItMayCarry() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = std::string(500, 'x')}), ErrorCode::NONE);
    auto request = fetchRequest(cluster->image().findTopic(kTopic)->id, 0, 30'000, 1000);
    request.maxBytes = 100;
    const base::VirtualTime before = cluster->world().now();
    const auto answer = cluster->call<protocol::FetchResponse>(leader, request);
    QVERIFY(!answer->responses[0].partitions[0].records->empty());
    QVERIFY(cluster->world().now() - before < base::Duration(1s));
  }

  void listOffsetsFindsEndsAndTimes() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    cluster->runFor(10s);
    const int64_t between = cluster->world().wallClockMs();
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "b"}), ErrorCode::NONE);
    const auto ask = [&](int64_t timestamp, base::BrokerId broker) {
      protocol::ListOffsetsRequest request;
      request.replicaId = -1;
      auto& topic = request.topics.emplace_back();
      topic.name = kTopic;
      topic.partitions.push_back({0, -1, timestamp});
      return cluster->call<protocol::ListOffsetsResponse>(broker, request)->topics[0].partitions[0];
    };
    QCOMPARE(ask(-1, leader).offset, 2);
    QCOMPARE(ask(-2, leader).offset, 0);
    QCOMPARE(ask(-3, leader).offset, 1);
    QCOMPARE(ask(between, leader).offset, 1);
    QCOMPARE(ask(between + 1'000'000, leader).offset, -1);
    QCOMPARE(ask(-1, cluster->followersOf(kTopic).front()).errorCode,
             static_cast<int16_t>(ErrorCode::NOT_LEADER_OR_FOLLOWER));
  }

  void producerIdsAreUniqueAcrossBrokers() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    std::set<int64_t> ids;
    for (int round = 0; round < 3; ++round) {
      for (base::BrokerId id = 1; id <= 3; ++id) {
        protocol::InitProducerIdRequest request;
        auto answer = cluster.call<protocol::InitProducerIdResponse>(id, request, 5);
        if (answer->errorCode == static_cast<int16_t>(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS)) {
          cluster.runFor(100ms);
          answer = cluster.call<protocol::InitProducerIdResponse>(id, request, 5);
        }
        QCOMPARE(answer->errorCode, 0);
        QCOMPARE(answer->producerEpoch, 0);
        QVERIFY(ids.insert(answer->producerId).second);
      }
    }
    protocol::InitProducerIdRequest transactional;
    transactional.transactionalId = "t";
    QCOMPARE(cluster.call<protocol::InitProducerIdResponse>(1, transactional, 5)->errorCode,
             static_cast<int16_t>(ErrorCode::COORDINATOR_NOT_AVAILABLE));
  }

  void aGroupFindsItsCoordinator() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    protocol::FindCoordinatorRequest request;
    request.coordinatorKeys = {"group"};
    const auto ask = [&] { return cluster.call<protocol::FindCoordinatorResponse>(1, request)->coordinators[0]; };
    QCOMPARE(ask().errorCode, static_cast<int16_t>(ErrorCode::COORDINATOR_NOT_AVAILABLE));
    cluster.runFor(1s);
    const auto found = ask();
    QCOMPARE(found.errorCode, 0);
    // Partition 47 of 50, by the group's hash.
    QCOMPARE(found.nodeId, cluster.image().findPartition("__consumer_offsets", 47)->leader);
    QCOMPARE(found.port, 9091 + found.nodeId);
    QCOMPARE(cluster.produceError(found.nodeId, "__consumer_offsets", {.value = "x"}),
             ErrorCode::INVALID_TOPIC_EXCEPTION);
  }

  void aDeletedTopicLeavesTheDisksThatHearOfIt() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    QCOMPARE(cluster->produceError(cluster->leaderOf(kTopic), kTopic, {.value = "a"}), ErrorCode::NONE);
    // Down while it happens: it finds out when it comes back.
    cluster->kill(3);
    protocol::DeleteTopicsRequest request;
    request.topics.push_back({kTopic, {}});
    const auto deleted = cluster->call<protocol::DeleteTopicsResponse>(1, request);
    QCOMPARE(deleted->responses[0].errorCode, 0);
    QVERIFY(cluster->runUntil([&] { return !cluster->replica(1, kTopic) && !cluster->replica(2, kTopic); }, 5s));
    QVERIFY(cluster->broker(1).findLog({kTopic, 0}) == nullptr);
    cluster->restart(3);
    QVERIFY(cluster->runUntil([&] { return cluster->allUnfenced(); }, 60s));
    QVERIFY(cluster->broker(3).findLog({kTopic, 0}) == nullptr);
    // Nobody told broker 3 to delete it, so what it had is set aside.
    const auto directories = [&](base::BrokerId id) {
      Values names;
      const auto entries = cluster->disk(id).list("");
      for (const auto& entry : *entries)
        if (entry.isDirectory) names.push_back(entry.name);
      return names;
    };
    // log.segment.delete.delay.ms
    cluster->runFor(61s);
    QVERIFY(directories(1).empty());
    QCOMPARE(directories(3).size(), 1U);
    const std::string stray = directories(3).front();
    QVERIFY(stray.starts_with("orders-0.") && stray.ends_with("-stray"));
    QVERIFY(!cluster->disk(3).readFile(stray + "/00000000000000000000.log")->empty());
    QVERIFY(cluster->createTopic(kTopic));
    QCOMPARE(cluster->produce(cluster->leaderOf(kTopic), kTopic, {.value = "again"})->baseOffset, 0);
  }

  void aFullDiskEndsTheBrokerAndLosesNothing() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    cluster->disk(leader).setFull(true);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "b"}), ErrorCode::KAFKA_STORAGE_ERROR);
    QCOMPARE(cluster->all<world::LogDirectoryFailed>().size(), 1U);
    QVERIFY(cluster->broker(leader).logDirectoryFailure());
    // It is silent now, so the controller fences it and another member leads.
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "c"}), ErrorCode::NETWORK_EXCEPTION);
    QVERIFY(cluster->runUntil([&] { return cluster->leaderOf(kTopic) != leader; }, 20s));
    const base::BrokerId next = cluster->leaderOf(kTopic);
    QVERIFY(cluster->runUntil([&] { return cluster->replica(next, kTopic)->isLeader; }));
    QCOMPARE(cluster->produceError(next, kTopic, {.value = "d"}), ErrorCode::NONE);
    QCOMPARE(cluster->values(next, kTopic), (Values{"a", "d"}));
    cluster->kill(leader);
    cluster->disk(leader).setFull(false);
    cluster->restart(leader);
    QVERIFY(cluster->runUntil([&] { return cluster->isIsrComplete(kTopic); }, 60s));
    QCOMPARE(cluster->values(leader, kTopic), (Values{"a", "d"}));
  }

  void aDirectoryOfAnotherClusterIsRefused() {
    Cluster first;
    QVERIFY(first.boot());
    const auto properties = first.disk(1).readFile("meta.properties");
    QVERIFY(properties.has_value());
    std::string text(base::asText(*properties));
    text.replace(text.find("story-cluster"), 13, "other-cluster");

    Cluster second;
    QVERIFY(second.disk(1).writeFileAtomically("meta.properties", base::asBytes(text)));
    QVERIFY(!second.boot());
    const auto failure = second.broker(1).logDirectoryFailure();
    QVERIFY(failure);
    QVERIFY(failure->find("other-cluster") != std::string::npos);
    QVERIFY(failure->find("story-cluster") != std::string::npos);
    QVERIFY(!second.image().findBroker(2)->fenced);
  }
};

STREAMSCOPE_TEST(ClientStoryTest);

}  // namespace streamscope::broker

#include "client_story_test.moc"
