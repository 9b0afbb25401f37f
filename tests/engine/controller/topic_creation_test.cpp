#include "topic_creation.h"

#include <QTest>

#include "image_builder.h"
#include "manual_clock.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using protocol::CreateTopicsRequest;
using Topic = CreateTopicsRequest::CreatableTopic;

class TopicCreationTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_image = {};
    for (const base::BrokerId broker : {1, 2, 3}) m_image.replay(controller::registered(broker));
    m_image.replay(controller::registered(4, /*fenced=*/true));
    m_image.replay(protocol::TopicRecord{"my.topic", {1, 1}});
    m_config = {};
    m_config.clusterId = "lab";
  }

  void acceptedTopicsGiveTheirRecordsInKafkasOrder() {
    const auto decision = create(topic("orders", 2, 3, {{"retention.ms", "1000"}}));
    QCOMPARE(decision.records.size(), size_t{4});
    const auto& record = std::get<protocol::TopicRecord>(decision.records[0]);
    QCOMPARE(record.name, std::string("orders"));
    QVERIFY(std::get<protocol::ConfigRecord>(decision.records[1]) ==
            (protocol::ConfigRecord{2, "orders", "retention.ms", "1000"}));
    const auto& partition = std::get<protocol::PartitionRecord>(decision.records[3]);
    QCOMPARE(partition.partitionId, 1);
    QVERIFY(partition.topicId == record.topicId);
    QCOMPARE(partition.replicas.size(), size_t{3});
    QVERIFY(partition.isr == partition.replicas);
    QCOMPARE(partition.leader, partition.replicas.front());
    QCOMPARE(partition.leaderEpoch, 0);
    QVERIFY(partition.directories.front() == controller::directoryOf(partition.replicas.front()));

    const auto& result = decision.response.topics.at(0);
    QCOMPARE(result.errorCode, int16_t{0});
    QVERIFY(!result.errorMessage);
    QVERIFY(result.topicId == record.topicId);
    QCOMPARE(result.numPartitions, 2);
    QCOMPARE(result.replicationFactor, int16_t{3});
    QCOMPARE(result.configs->size(), size_t{33});
  }

  void defaultsStandForMinusOne() {
    m_config.numPartitions = 5;
    m_config.defaultReplicationFactor = 2;
    const auto decision = create(topic("orders", -1, -1));
    QCOMPARE(decision.response.topics.at(0).numPartitions, 5);
    QCOMPARE(decision.response.topics.at(0).replicationFactor, int16_t{2});
  }

  void validateOnlyDecidesAndWritesNothing() {
    CreateTopicsRequest request;
    request.topics = {topic("orders", 1, 1)};
    request.validateOnly = true;
    const auto decision = decide(request);
    QVERIFY(decision.records.empty());
    QCOMPARE(decision.response.topics.at(0).errorCode, int16_t{0});
  }

  void fencedBrokersAreReplicasButNotInSync() {
    const auto decision = create(assigned("orders", {{4, 2, 1}}));
    const auto& partition = std::get<protocol::PartitionRecord>(decision.records.at(1));
    QVERIFY(partition.isr == (std::vector<base::BrokerId>{2, 1}));
    QCOMPARE(partition.leader, 2);
  }

  void oneBadTopicDoesNotHoldBackTheOthers() {
    CreateTopicsRequest request;
    request.topics = {topic("orders", 1, 1), topic("a b", 1, 1), topic("twice", 1, 1), topic("twice", 1, 1)};
    const auto decision = decide(request);
    QCOMPARE(decision.response.topics.size(), size_t{3});
    QCOMPARE(decision.response.topics[0].errorCode, int16_t{0});
    QCOMPARE(decision.response.topics[1].errorCode, static_cast<int16_t>(ErrorCode::INVALID_TOPIC_EXCEPTION));
    QCOMPARE(decision.response.topics[2].name, std::string("twice"));
    QCOMPARE(*decision.response.topics[2].errorMessage, std::string("Duplicate topic name."));
    QCOMPARE(decision.records.size(), size_t{2});
  }

  void refusalsAreKafkas() {
    refuses(topic("", 1, 1), ErrorCode::INVALID_TOPIC_EXCEPTION,
            "Topic name is invalid: the empty string is not allowed");
    refuses(topic("..", 1, 1), ErrorCode::INVALID_TOPIC_EXCEPTION, "Topic name is invalid: '..' is not allowed");
    refuses(topic("a/b", 1, 1), ErrorCode::INVALID_TOPIC_EXCEPTION,
            "Topic name is invalid: 'a/b' contains one or more characters other than ASCII alphanumerics, '.', '_' and "
            "'-'");
    const std::string longName(250, 'x');
    refuses(topic(longName, 1, 1), ErrorCode::INVALID_TOPIC_EXCEPTION,
            "Topic name is invalid: the length of '" + longName + "' is longer than the max allowed length 249");
    refuses(topic("my.topic", 1, 1), ErrorCode::TOPIC_ALREADY_EXISTS, "Topic 'my.topic' already exists.");
    refuses(topic("my_topic", 1, 1), ErrorCode::INVALID_TOPIC_EXCEPTION,
            "Topic 'my_topic' collides with existing topic: my.topic");
    refuses(topic("__cluster_metadata", 1, 1), ErrorCode::INVALID_REQUEST,
            "Creation of internal topic __cluster_metadata is prohibited.");
    refuses(topic("orders", 0, 1), ErrorCode::INVALID_PARTITIONS,
            "Number of partitions was set to an invalid non-positive value.");
    refuses(topic("orders", 1, 0), ErrorCode::INVALID_REPLICATION_FACTOR,
            "Replication factor must be larger than 0, or -1 to use the default value.");
    refuses(topic("orders", 1, 5), ErrorCode::INVALID_REPLICATION_FACTOR,
            "Unable to replicate the partition 5 time(s): The target replication factor of 5 cannot be reached because "
            "only 4 broker(s) are registered.");
    refuses(topic("orders", 10001, 1), ErrorCode::POLICY_VIOLATION,
            "Excessively large number of partitions per request.");
    refuses(topic("orders", 1, 1, {{"foo", "1"}}), ErrorCode::INVALID_CONFIG, "Unknown topic config name: foo");
    refuses(topic("orders", 1, 1, {{"retention.ms", std::nullopt}, {"segment.ms", std::nullopt}}),
            ErrorCode::INVALID_CONFIG, "Null value not supported for topic configs: retention.ms,segment.ms");
  }

  void manualAssignmentsAreChecked() {
    const auto with = [](Topic asked, int32_t partitions, int16_t factor) {
      asked.numPartitions = partitions;
      asked.replicationFactor = factor;
      return asked;
    };
    refuses(with(assigned("orders", {{1}}), -1, 1), ErrorCode::INVALID_REQUEST,
            "A manual partition assignment was specified, but replication factor was not set to -1.");
    refuses(with(assigned("orders", {{1}}), 1, -1), ErrorCode::INVALID_REQUEST,
            "A manual partition assignment was specified, but numPartitions was not set to -1.");
    refuses(assigned("orders", {{}}), ErrorCode::INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes an empty replica list.");
    refuses(assigned("orders", {{1, 9}}), ErrorCode::INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes broker 9, but no such broker is registered.");
    refuses(assigned("orders", {{1, 2, 1}}), ErrorCode::INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes the broker 1 more than once.");
    refuses(assigned("orders", {{1, 2}, {3}}), ErrorCode::INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with "
            "previous partitions, which have 2 replica(s).");
    refuses(assigned("orders", {{4}}), ErrorCode::INVALID_REPLICA_ASSIGNMENT,
            "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled "
            "shutdown.");
    Topic gap = assigned("orders", {{1}, {2}});
    gap.assignments[1].partitionIndex = 2;
    refuses(gap, ErrorCode::INVALID_REPLICA_ASSIGNMENT, "partitions should be a consecutive 0-based integer sequence");
    gap.assignments[1].partitionIndex = 0;
    refuses(gap, ErrorCode::INVALID_REPLICA_ASSIGNMENT, "Found multiple manual partition assignments for partition 0");
  }

 private:
  using Configs = std::vector<CreateTopicsRequest::CreatableTopicConfig>;

  static Topic topic(const std::string& name, int32_t partitions, int16_t replicationFactor, Configs configs = {}) {
    Topic asked;
    asked.name = name;
    asked.numPartitions = partitions;
    asked.replicationFactor = replicationFactor;
    asked.configs = std::move(configs);
    return asked;
  }
  static Topic assigned(const std::string& name, const std::vector<std::vector<base::BrokerId>>& replicas) {
    Topic asked = topic(name, -1, -1);
    for (const auto& each : replicas)
      asked.assignments.push_back({static_cast<int32_t>(asked.assignments.size()), each});
    return asked;
  }
  controller::TopicCreation::Decision decide(const CreateTopicsRequest& request) {
    const controller::ClusterControl clusterControl(m_image, m_clock, m_config);
    return controller::TopicCreation(m_image, clusterControl, m_config, m_random).createTopics(request);
  }
  controller::TopicCreation::Decision create(const Topic& asked) {
    CreateTopicsRequest request;
    request.topics = {asked};
    return decide(request);
  }
  void refuses(const Topic& asked, ErrorCode code, const std::string& message) {
    const auto decision = create(asked);
    QVERIFY(decision.records.empty());
    QCOMPARE(decision.response.topics.size(), size_t{1});
    QCOMPARE(QString::fromStdString(decision.response.topics[0].errorMessage.value_or("accepted")),
             QString::fromStdString(message));
    QCOMPARE(decision.response.topics[0].errorCode, static_cast<int16_t>(code));
  }

  controller::MetadataImage m_image;
  controller::ManualClock m_clock;
  controller::ControllerConfig m_config;
  base::Random m_random{5};
};

STREAMSCOPE_TEST(TopicCreationTest);
#include "topic_creation_test.moc"
