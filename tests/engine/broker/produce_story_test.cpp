// What a leader makes of good, bad and repeated batches, in a whole cluster.

#include <QtTest>

#include "cluster.h"
#include "log/record_batch.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;
using Values = std::vector<std::string>;

constexpr const char* kTopic = "orders";
/// The last one that brokers serve.
constexpr int16_t kInitProducerIdVersion = 5;

std::unique_ptr<Cluster> clusterWithTopic(const std::map<std::string, std::string>& configs = {}) {
  auto cluster = std::make_unique<Cluster>();
  if (!cluster->boot() || !cluster->createTopic(kTopic, 1, 3, configs)) return nullptr;
  return cluster;
}

Cluster::Batch numbered(const char* value, int32_t sequence) {
  return {.value = value, .producerId = 5, .producerEpoch = 0, .sequence = sequence};
}

}  // namespace

class ProduceStoryTest : public QObject {
  Q_OBJECT

 private slots:
  /// Kafka's answers have a code only; why, a learner reads in the trace.
  void refusalsAreToldInTheTrace() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const auto answer = cluster->produce(leader, kTopic, {.value = "a", .damageCrc = true});
    QVERIFY(answer);
    QCOMPARE(answer->errorCode, static_cast<int16_t>(ErrorCode::CORRUPT_MESSAGE));
    QVERIFY(!answer->errorMessage);
    QCOMPARE(answer->logStartOffset, -1);
    const auto gap = numbered("b", 3);
    QCOMPARE(cluster->produceError(leader, kTopic, numbered("a", 0)), ErrorCode::NONE);
    QCOMPARE(cluster->produce(leader, kTopic, gap)->logStartOffset, 0);
    const auto told = cluster->all<world::RecordsRefused>();
    QCOMPARE(told.size(), 2U);
    QCOMPARE(told[0].node, world::brokerAddress(leader));
    QCOMPARE(told[0].partition, (base::TopicPartition{kTopic, 0}));
    QCOMPARE(told[0].errorCode, static_cast<int16_t>(ErrorCode::CORRUPT_MESSAGE));
    QVERIFY(told[0].reason.find("checksum") != std::string::npos);
    QCOMPARE(told[1].errorCode, static_cast<int16_t>(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER));
    QVERIFY(told[1].reason.find("3 came after 0") != std::string::npos);
  }

  void recordsWithoutKeysAreNamed() {
    const auto cluster = clusterWithTopic({{"cleanup.policy", "compact"}});
    QVERIFY(cluster);
    const auto answer = cluster->produce(cluster->leaderOf(kTopic), kTopic, {.value = "a"});
    QVERIFY(answer);
    QCOMPARE(answer->errorCode, static_cast<int16_t>(ErrorCode::INVALID_RECORD));
    QVERIFY(answer->errorMessage);
    QCOMPARE(answer->recordErrors.size(), 1U);
    QCOMPARE(answer->recordErrors[0].batchIndex, 0);
    QVERIFY(answer->recordErrors[0].batchIndexErrorMessage);
    QCOMPARE(answer->logStartOffset, 0);
  }

  void theBrokerCompressesAnew() {
    const auto cluster = clusterWithTopic({{"compression.type", "zstd"}});
    QVERIFY(cluster);
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    QCOMPARE(cluster->produceError(leader, kTopic, {.value = "a"}), ErrorCode::NONE);
    for (base::BrokerId id = 1; id <= Cluster::kBrokers; ++id) {
      QVERIFY(cluster->runUntil([&] { return cluster->values(id, kTopic) == Values{"a"}; }));
    }
  }

  void transactionalBatchesNeedATransactionalId() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    auto request = cluster->produceRequest(kTopic, {.value = "a"});
    log::RecordBatchBuilder builder({.producerId = 5, .producerEpoch = 0, .baseSequence = 0, .isTransactional = true});
    builder.append(0, std::nullopt, base::asBytes("a"));
    auto& partitions = request.topicData[0].partitionData;
    partitions.push_back(partitions[0]);
    partitions[1].index = 1;
    partitions[1].records = base::SharedBytes(builder.build());
    const auto answer = cluster->call<protocol::ProduceResponse>(cluster->leaderOf(kTopic), request);
    QVERIFY(answer);
    for (const auto& partition : answer->responses[0].partitionResponses)
      QCOMPARE(partition.errorCode, static_cast<int16_t>(ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
    QVERIFY(cluster->values(cluster->leaderOf(kTopic), kTopic).empty());
  }

  void withoutRecordsTheConnectionEnds() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    auto request = cluster->produceRequest(kTopic, {.value = "a"});
    request.topicData[0].partitionData[0].records = std::nullopt;
    QVERIFY(!cluster->call<protocol::ProduceResponse>(cluster->leaderOf(kTopic), request));
    QCOMPARE(cluster->produceError(cluster->leaderOf(kTopic), kTopic, {.value = "a"}), ErrorCode::NONE);
  }

  /// Followers keep the producers' state while they copy, so that a resent batch is known by whoever leads next.
  void aNewLeaderKnowsTheProducers() {
    const auto cluster = clusterWithTopic();
    QVERIFY(cluster);
    const base::BrokerId first = cluster->leaderOf(kTopic);
    for (int32_t sequence = 0; sequence < 6; ++sequence)
      QCOMPARE(cluster->produce(first, kTopic, numbered("x", sequence))->baseOffset, sequence);
    cluster->kill(first);
    QVERIFY(cluster->runUntil([&] { return cluster->leaderOf(kTopic) > 0 && cluster->leaderOf(kTopic) != first; }));
    const base::BrokerId second = cluster->leaderOf(kTopic);
    QVERIFY(cluster->runUntil(
        [&] { return cluster->produceError(second, kTopic, {.value = "y"}) != ErrorCode::NOT_LEADER_OR_FOLLOWER; }));
    const auto again = cluster->produce(second, kTopic, numbered("x", 1));
    QCOMPARE(again->errorCode, 0);
    QCOMPARE(again->baseOffset, 1);
    QCOMPARE(cluster->produceError(second, kTopic, numbered("x", 0)), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    QCOMPARE(cluster->produceError(second, kTopic, numbered("x", 7)), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    QCOMPARE(cluster->produceError(second, kTopic, numbered("x", 6)), ErrorCode::NONE);
  }

  /// producer.id.expiration.ms, on the leader and wherever else the batch is.
  void aProducerThatIsSilentForLongIsForgotten() {
    const auto cluster = std::make_unique<Cluster>(Cluster::Options{
        .configure = [](BrokerConfig& config) { QVERIFY(config.set("producer.id.expiration.ms", "1800000")); }});
    QVERIFY(cluster->boot() && cluster->createTopic(kTopic));
    const base::BrokerId leader = cluster->leaderOf(kTopic);
    const auto known = [&](base::BrokerId id) { return cluster->broker(id).findLog({kTopic, 0})->producers().size(); };
    QCOMPARE(cluster->produceError(leader, kTopic, numbered("a", 0)), ErrorCode::NONE);
    cluster->runFor(29min);
    QCOMPARE(cluster->produceError(leader, kTopic, numbered("b", 7)), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    for (const base::BrokerId id : {1, 2, 3}) QCOMPARE(known(id), size_t{1});
    cluster->runFor(12min);
    for (const base::BrokerId id : {1, 2, 3}) QCOMPARE(known(id), size_t{0});
    // Nobody knows any more what would have been next.
    QCOMPARE(cluster->produceError(leader, kTopic, numbered("b", 7)), ErrorCode::NONE);
    QCOMPARE(cluster->produceError(leader, kTopic, numbered("c", 9)), ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
  }

  void halfAnIdentityIsNoInitProducerId() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    const auto errorOf = [&](const protocol::InitProducerIdRequest& request) {
      const auto answer = cluster.call<protocol::InitProducerIdResponse>(1, request, kInitProducerIdVersion);
      return answer ? static_cast<ErrorCode>(answer->errorCode) : ErrorCode::NETWORK_EXCEPTION;
    };
    protocol::InitProducerIdRequest request;
    request.producerId = 5;
    QCOMPARE(errorOf(request), ErrorCode::INVALID_REQUEST);
    request = {};
    request.producerEpoch = 0;
    QCOMPARE(errorOf(request), ErrorCode::INVALID_REQUEST);
    request = {};
    request.transactionalId = "";
    QCOMPARE(errorOf(request), ErrorCode::INVALID_REQUEST);
  }
};

STREAMSCOPE_TEST(ProduceStoryTest);

}  // namespace streamscope::broker

#include "produce_story_test.moc"
