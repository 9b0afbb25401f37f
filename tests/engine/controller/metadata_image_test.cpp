#include "controller/metadata_image.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using controller::LeaderRecoveryState;
using controller::MetadataImage;

namespace {

constexpr base::Uuid kOrdersId{7, 1};

protocol::RegisterBrokerRecord brokerOne() {
  protocol::RegisterBrokerRecord record;
  record.brokerId = 1;
  record.incarnationId = {5, 5};
  record.brokerEpoch = 12;
  record.endPoints = {{"PLAINTEXT", "localhost", 9092, 0}};
  record.rack = "a";
  record.fenced = true;
  record.logDirs = {{9, 9}};
  return record;
}

protocol::PartitionRecord ordersZero() {
  protocol::PartitionRecord record;
  record.partitionId = 0;
  record.topicId = kOrdersId;
  record.replicas = {1, 2, 3};
  record.isr = {1, 2, 3};
  record.leader = 1;
  record.leaderEpoch = 0;
  record.partitionEpoch = 0;
  record.directories = {{9, 1}, {9, 2}, {9, 3}};
  return record;
}

MetadataImage imageWithOrders() {
  MetadataImage image;
  image.replay(protocol::TopicRecord{"orders", kOrdersId});
  image.replay(ordersZero());
  return image;
}

protocol::PartitionChangeRecord changeOfOrdersZero() {
  protocol::PartitionChangeRecord record;
  record.partitionId = 0;
  record.topicId = kOrdersId;
  return record;
}

}  // namespace

class MetadataImageTest : public QObject {
  Q_OBJECT
 private slots:
  void registrationCarriesEverythingTheRecordSays() {
    MetadataImage image;
    image.replay(brokerOne());
    const controller::BrokerRegistration* broker = image.findBroker(1);
    QVERIFY(broker != nullptr);
    QCOMPARE(broker->epoch, int64_t{12});
    QVERIFY(broker->incarnationId == (base::Uuid{5, 5}));
    QVERIFY(broker->endpoints == (std::vector<controller::BrokerEndpoint>{{"PLAINTEXT", "localhost", 9092, 0}}));
    QVERIFY(broker->logDirectories == (std::vector<base::Uuid>{{9, 9}}));
    QCOMPARE(*broker->rack, std::string("a"));
    QVERIFY(broker->fenced);
    QVERIFY(!broker->isActive());
    QVERIFY(image.findBroker(2) == nullptr);
  }

  void registrationChangesTouchOnlyWhatTheyName() {
    MetadataImage image;
    image.replay(brokerOne());
    protocol::BrokerRegistrationChangeRecord unfence;
    unfence.brokerId = 1;
    unfence.brokerEpoch = 12;
    unfence.fenced = -1;
    image.replay(unfence);
    QVERIFY(image.findBroker(1)->isActive());

    protocol::BrokerRegistrationChangeRecord shutdown;
    shutdown.brokerId = 1;
    shutdown.brokerEpoch = 12;
    shutdown.inControlledShutdown = 1;
    image.replay(shutdown);
    QVERIFY(!image.findBroker(1)->fenced);
    QVERIFY(image.findBroker(1)->inControlledShutdown);
    QVERIFY(!image.findBroker(1)->isActive());

    protocol::BrokerRegistrationChangeRecord directories;
    directories.brokerId = 1;
    directories.brokerEpoch = 12;
    directories.logDirs = {{9, 8}};
    image.replay(directories);
    QVERIFY(image.findBroker(1)->logDirectories == (std::vector<base::Uuid>{{9, 8}}));
    QVERIFY(image.findBroker(1)->inControlledShutdown);

    image.replay(protocol::UnregisterBrokerRecord{1, 12});
    QVERIFY(image.brokers().empty());
  }

  void topicIsFoundByNameAndById() {
    const MetadataImage image = imageWithOrders();
    QVERIFY(image.findTopic("orders") != nullptr);
    QCOMPARE(image.findTopic("orders"), image.findTopic(kOrdersId));
    QVERIFY(image.findTopic("payments") == nullptr);
    QCOMPARE(image.findPartition("orders", 0)->leader, 1);
    QVERIFY(image.findPartition("orders", 1) == nullptr);
  }

  void isrChangeAloneKeepsTheLeaderEpoch() {
    MetadataImage image = imageWithOrders();
    auto change = changeOfOrdersZero();
    change.isr = {{1, 2}};
    image.replay(change);
    const controller::PartitionRegistration* partition = image.findPartition("orders", 0);
    QVERIFY(partition->isr == (std::vector<base::BrokerId>{1, 2}));
    QCOMPARE(partition->leader, 1);
    QCOMPARE(partition->leaderEpoch, 0);
    QCOMPARE(partition->partitionEpoch, 1);
  }

  void leaderInTheRecordStartsANewLeaderEpochEvenForTheSameBroker() {
    MetadataImage image = imageWithOrders();
    auto change = changeOfOrdersZero();
    change.leader = 1;
    image.replay(change);
    QCOMPARE(image.findPartition("orders", 0)->leaderEpoch, 1);
    change.leader = -1;
    image.replay(change);
    QCOMPARE(image.findPartition("orders", 0)->leader, base::kNoBroker);
    QCOMPARE(image.findPartition("orders", 0)->leaderEpoch, 2);
    QCOMPARE(image.findPartition("orders", 0)->partitionEpoch, 2);
  }

  void recoveryStateComesAndGoes() {
    MetadataImage image = imageWithOrders();
    auto change = changeOfOrdersZero();
    change.leaderRecoveryState = 1;
    image.replay(change);
    QVERIFY(image.findPartition("orders", 0)->leaderRecoveryState == LeaderRecoveryState::Recovering);
    image.replay(changeOfOrdersZero());
    QVERIFY(image.findPartition("orders", 0)->leaderRecoveryState == LeaderRecoveryState::Recovering);
    change.leaderRecoveryState = 0;
    image.replay(change);
    QVERIFY(image.findPartition("orders", 0)->leaderRecoveryState == LeaderRecoveryState::Recovered);
  }

  void removedTopicTakesItsConfigsWithIt() {
    MetadataImage image = imageWithOrders();
    image.replay(protocol::ConfigRecord{2, "orders", "min.insync.replicas", "2"});
    QCOMPARE(image.topicConfigs("orders").at("min.insync.replicas"), std::string("2"));
    image.replay(protocol::RemoveTopicRecord{kOrdersId});
    QVERIFY(image == MetadataImage());
    image.replay(protocol::TopicRecord{"orders", base::Uuid{7, 2}});
    QVERIFY(image.topicConfigs("orders").empty());
    QVERIFY(image.findTopic(kOrdersId) == nullptr);
  }

  void configWithoutValueIsDeleted() {
    MetadataImage image;
    image.replay(protocol::ConfigRecord{2, "orders", "retention.ms", "1000"});
    image.replay(protocol::ConfigRecord{4, "1", "min.insync.replicas", "2"});
    image.replay(protocol::ConfigRecord{2, "orders", "retention.ms", std::nullopt});
    QVERIFY(image.topicConfigs("orders").empty());
    image.replay(protocol::ConfigRecord{4, "1", "min.insync.replicas", std::nullopt});
    QVERIFY(image == MetadataImage());
  }

  void featuresAreFinalizedAndRemoved() {
    MetadataImage image;
    image.replay(protocol::FeatureLevelRecord{"metadata.version", 21});
    image.replay(protocol::FeatureLevelRecord{"metadata.version", 29});
    image.replay(protocol::FeatureLevelRecord{"group.version", 1});
    image.replay(protocol::FeatureLevelRecord{"group.version", 0});
    QVERIFY(image.features() == (std::map<std::string, int16_t>{{"metadata.version", int16_t{29}}}));
  }

  void producerIdsMoveForward() {
    MetadataImage image;
    image.replay(protocol::ProducerIdsRecord{1, 12, 1000});
    image.replay(protocol::ProducerIdsRecord{2, 13, 2000});
    QCOMPARE(image.nextProducerId(), int64_t{2000});
  }

  void noOpChangesNothing() {
    MetadataImage image = imageWithOrders();
    image.replay(protocol::NoOpRecord());
    QVERIFY(image == imageWithOrders());
  }
};

STREAMSCOPE_TEST(MetadataImageTest);
#include "metadata_image_test.moc"
