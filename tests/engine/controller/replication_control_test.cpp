#include "replication_control.h"

#include <QTest>

#include "image_builder.h"
#include "manual_clock.h"
#include "support/test_registry.h"

using namespace streamscope;

namespace {

constexpr base::Uuid kOrders{1, 1};

/// "0: isr=[2] leader=2; broker 1 fenced=1" of a list of records.
std::string textOf(const controller::MetadataRecords& records) {
  std::string text;
  for (const auto& record : records) {
    if (!text.empty()) text += "; ";
    if (const auto* change = std::get_if<protocol::PartitionChangeRecord>(&record)) {
      text += std::to_string(change->partitionId) + ": " + controller::changeText(*change);
    } else {
      const auto& broker = std::get<protocol::BrokerRegistrationChangeRecord>(record);
      text += "broker " + std::to_string(broker.brokerId);
      if (broker.fenced != 0) text += " fenced=" + std::to_string(broker.fenced);
      if (broker.inControlledShutdown != 0) text += " shutting down";
      if (!broker.logDirs.empty()) text += " directories=" + std::to_string(broker.logDirs.size());
    }
  }
  return text;
}

}  // namespace

class ReplicationControlTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_image = {};
    for (const base::BrokerId broker : {1, 2, 3}) m_image.replay(controller::registered(broker));
    m_image.replay(protocol::TopicRecord{"orders", kOrders});
    m_image.replay(controller::partitionOf(kOrders, 0, {1, 2, 3}, {1, 2, 3}, 1));
    m_image.replay(controller::partitionOf(kOrders, 1, {2, 3, 1}, {2, 1}, 2));
    m_image.replay(controller::partitionOf(kOrders, 2, {1}, {1}, 1));
    m_image.replay(controller::partitionOf(kOrders, 3, {3, 2}, {3, 2}, 3));
  }

  void aFencedBrokerLeavesEveryIsrAndLeadsNothing() {
    fence(1);
    QCOMPARE(m_text, std::string("0: isr=[2, 3] leader=2; 1: isr=[2]; 2: leader=-1; broker 1 fenced=1"));
    QCOMPARE(m_image.findPartition("orders", 0)->leaderEpoch, 1);
    QCOMPARE(m_image.findPartition("orders", 1)->leaderEpoch, 0);
    QVERIFY(m_image.findPartition("orders", 2)->isr == (std::vector<base::BrokerId>{1}));
    QVERIFY(!m_control.hasLeaderships(1));
  }

  void anUnfencedBrokerLeadsWhatWaitedForIt() {
    fence(1);
    replay([this](auto& records) { m_control.handleBrokerUnfenced(1, records); });
    QCOMPARE(m_text, std::string("broker 1 fenced=-1; 2: leader=1"));
    QCOMPARE(m_image.findPartition("orders", 2)->leaderEpoch, 2);
  }

  void uncleanElectionHappensOnlyWhereItIsAllowed() {
    m_image.replay(protocol::ConfigRecord{2, "orders", "unclean.leader.election.enable", "true"});
    fence(3);
    fence(2);
    QCOMPARE(m_text, std::string("0: isr=[1]; 1: isr=[1] leader=1; 3: leader=-1; broker 2 fenced=1"));
    // Broker 3 has missed records of partition 3, but it is the only one there is.
    replay([this](auto& records) { m_control.handleBrokerUnfenced(3, records); });
    QCOMPARE(m_text, std::string("broker 3 fenced=-1; 3: isr=[3] leader=3 recovery=1"));
  }

  void aBrokerThatShutsDownHandsOverItsLeaderships() {
    replay([this](auto& records) { m_control.handleBrokerInControlledShutdown(3, records); });
    QCOMPARE(m_text, std::string("broker 3 shutting down; 0: isr=[1, 2]; 3: isr=[2] leader=2"));
    replay([this](auto& records) { m_control.handleBrokerInControlledShutdown(3, records); });
    QCOMPARE(m_text, std::string());
  }

  void aFailedDirectoryTakesItsReplicasOutOfTheIsr() {
    auto registration = controller::registered(1);
    registration.logDirs = {controller::directoryOf(1), {55, 55}};
    m_image.replay(registration);
    replay([this](auto& records) { m_control.handleDirectoriesOffline(1, {controller::directoryOf(1)}, records); });
    QCOMPARE(m_text, std::string("0: isr=[2, 3] leader=2; 1: isr=[2]; 2: leader=-1; broker 1 directories=1"));
    replay([this](auto& records) { m_control.handleDirectoriesOffline(1, {controller::directoryOf(1)}, records); });
    QCOMPARE(m_text, std::string());
  }

  void aBrokerThatComesBackWithAnotherDiskLeadsNothingItHadThere() {
    fence(1);
    auto registration = controller::registered(1);
    registration.logDirs = {{55, 55}};
    m_image.replay(registration);
    replay([this](auto& records) { m_control.handleBrokerUnfenced(1, records); });
    QCOMPARE(m_text, std::string("broker 1 fenced=-1"));
    QCOMPARE(m_image.findPartition("orders", 2)->leader, base::kNoBroker);
  }

  void preferredLeadersComeBackWhenInSync() {
    auto change = protocol::PartitionChangeRecord();
    change.topicId = kOrders;
    change.partitionId = 0;
    change.leader = 2;
    m_image.replay(change);
    change.partitionId = 1;
    change.leader = 1;
    change.isr = {{1}};
    m_image.replay(change);
    replay([this](auto& records) { m_control.electPreferredLeaders(10, records); });
    QCOMPARE(m_text, std::string("0: leader=1"));
  }

 private:
  void fence(base::BrokerId broker) {
    replay([this, broker](auto& records) { m_control.handleBrokerFenced(broker, records); });
  }
  void replay(const std::function<void(controller::MetadataRecords&)>& decide) {
    controller::MetadataRecords records;
    decide(records);
    m_text = textOf(records);
    for (const auto& record : records) m_image.replay(record);
  }

  controller::MetadataImage m_image;
  controller::ManualClock m_clock;
  controller::ControllerConfig m_config;
  controller::ClusterControl m_clusterControl{m_image, m_clock, m_config};
  controller::ReplicationControl m_control{m_image, m_clusterControl, m_config};
  std::string m_text;
};

STREAMSCOPE_TEST(ReplicationControlTest);
#include "replication_control_test.moc"
