#include "partition_growth.h"

#include <QTest>

#include "controller_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::controller;
using base::ErrorCode;
using Brokers = std::vector<base::BrokerId>;
using Topic = protocol::CreatePartitionsRequest::CreatePartitionsTopic;

namespace {

Topic grown(const std::string& name, int32_t count, const std::vector<Brokers>& assignments = {}) {
  Topic topic{name, count, std::nullopt};
  if (!assignments.empty()) topic.assignments.emplace();
  for (const Brokers& replicas : assignments) topic.assignments->push_back({replicas});
  return topic;
}

protocol::CreatePartitionsResponse grow(ControllerWorld& lab, const std::vector<Topic>& topics,
                                        bool validateOnly = false) {
  protocol::CreatePartitionsRequest request;
  request.topics = topics;
  request.validateOnly = validateOnly;
  return lab.ask<protocol::CreatePartitionsResponse>(1, 3, request);
}

}  // namespace

class PartitionGrowthTest : public QObject {
  Q_OBJECT
 private slots:
  void placesNewPartitionsAsTheTopicHasReplicas() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    QCOMPARE(grow(lab, {grown("orders", 4)}).results.at(0).errorCode, int16_t{0});
    QCOMPARE(lab.image().findTopic("orders")->partitions.size(), size_t{4});
    const PartitionRegistration& last = *lab.image().findPartition("orders", 3);
    QCOMPARE(last.replicas.size(), size_t{2});
    QVERIFY(last.isr == last.replicas);
    QCOMPARE(last.leader, last.replicas.front());
    QCOMPARE(lab.told<world::PartitionsAdded>().at(0).partitionsBefore, 1);
    QCOMPARE(lab.told<world::PartitionsAdded>().at(0).partitions, 4);
  }

  void takesAssignmentsAsTheyAreWritten() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    grow(lab, {grown("orders", 3, {{3, 1}, {2, 3}})});
    QVERIFY(lab.image().findPartition("orders", 1)->replicas == (Brokers{3, 1}));
    QVERIFY(lab.image().findPartition("orders", 2)->replicas == (Brokers{2, 3}));
  }

  void validatingWritesNothing() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1}});
    QCOMPARE(grow(lab, {grown("orders", 2)}, true).results.at(0).errorCode, int16_t{0});
    QCOMPARE(lab.image().findTopic("orders")->partitions.size(), size_t{1});
  }

  void refusesWithKafkasSentences() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1}, {2}});
    const auto refusalOf = [&](const Topic& topic) {
      const auto result = grow(lab, {topic}).results.at(0);
      return std::string(base::errorName(static_cast<ErrorCode>(result.errorCode))) + ": " +
             result.errorMessage.value_or("");
    };
    QCOMPARE(refusalOf(grown("orders", 2)), std::string("INVALID_PARTITIONS: Topic already has 2 partition(s)."));
    QCOMPARE(refusalOf(grown("orders", 1)),
             std::string("INVALID_PARTITIONS: The topic orders currently has 2 partition(s); 1 would not be an "
                         "increase."));
    QCOMPARE(refusalOf(grown("nope", 2)),
             std::string("UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition."));
    QCOMPARE(refusalOf(grown("orders", 4, {{1}})),
             std::string("INVALID_REPLICA_ASSIGNMENT: Attempted to add 2 additional partition(s), but only 1 "
                         "assignment(s) were specified."));
    QCOMPARE(refusalOf(grown("orders", 3, {{1, 2}})),
             std::string("INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 2 "
                         "replica(s), but this is not consistent with previous partitions, which have 1 replica(s)."));
    QCOMPARE(lab.image().findTopic("orders")->partitions.size(), size_t{2});
    const auto twice = grow(lab, {grown("orders", 3), grown("orders", 4)});
    QCOMPARE(twice.results.size(), size_t{1});
    QCOMPARE(twice.results.at(0).errorMessage.value(), std::string("Duplicate topic name."));
  }
};

STREAMSCOPE_TEST(PartitionGrowthTest);
#include "partition_growth_test.moc"
