#include "cluster_control.h"

#include <QTest>

#include "image_builder.h"
#include "manual_clock.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using controller::BrokerControlState;

class ClusterControlTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_clock = {};
    m_image = {};
    m_image.replay(protocol::FeatureLevelRecord{"metadata.version", 29});
    m_image.replay(controller::registered(1));
    m_image.replay(controller::registered(2));
    m_config = {};
    m_config.clusterId = "lab";
    m_control = std::make_unique<controller::ClusterControl>(m_image, m_clock, m_config);
    m_control->heartbeatManager().activate();
  }

  void aNewBrokerIsFencedAndItsEpochIsTheOffset() {
    const auto record = m_control->registerBroker(request(3), 77).value();
    QCOMPARE(record.brokerEpoch, int64_t{77});
    QVERIFY(record.fenced);
    QVERIFY(record.logDirs == (std::vector<base::Uuid>{controller::directoryOf(3)}));
    QCOMPARE(record.endPoints.at(0).port, uint16_t{9092});
    QCOMPARE(record.features.at(0).name, std::string("metadata.version"));
  }

  void theSameProcessAgainKeepsItsEpochAndState() {
    const auto record = m_control->registerBroker(request(1), 77).value();
    QCOMPARE(record.brokerEpoch, int64_t{101});
    QVERIFY(!record.fenced);
  }

  void anotherProcessWaitsUntilTheSessionIsOver() {
    auto other = request(1);
    other.incarnationId = {9, 9};
    refuses(other, ErrorCode::DUPLICATE_BROKER_REGISTRATION, "Another broker is registered with that broker id");
    m_clock.advance(m_config.brokerSessionTimeout);
    refuses(other, ErrorCode::DUPLICATE_BROKER_REGISTRATION, "Another broker is registered with that broker id");
    m_clock.advance(std::chrono::microseconds(1));
    QCOMPARE(m_control->registerBroker(other, 77).value().brokerEpoch, int64_t{77});
  }

  void badRegistrationsAreRefused() {
    auto asked = request(3);
    asked.clusterId = "other";
    refuses(asked, ErrorCode::INCONSISTENT_CLUSTER_ID, "Expected cluster ID lab, but got cluster ID other");
    asked = request(3);
    asked.isMigratingZkBroker = true;
    refuses(asked, ErrorCode::BROKER_ID_NOT_REGISTERED, "Controller does not support registering ZK brokers.");
    asked = request(3);
    asked.logDirs = {};
    refuses(asked, ErrorCode::INVALID_REGISTRATION, "No directories specified in request");
    asked.logDirs = {{0, 99}};
    refuses(asked, ErrorCode::INVALID_REGISTRATION, "Reserved directory ID in request");
    asked.logDirs = {{4, 4}, {4, 4}};
    refuses(asked, ErrorCode::INVALID_REGISTRATION, "Duplicate directory ID in request");
    asked.logDirs = {controller::directoryOf(2)};
    refuses(asked, ErrorCode::INVALID_REGISTRATION,
            "Broker 2 is already registered with directory " + controller::directoryOf(2).toString());
    asked = request(3);
    asked.features = {};
    refuses(asked, ErrorCode::INVALID_REGISTRATION, "Request features do not contain 'metadata.version'");
    asked.features = {{"metadata.version", 7, 28}};
    refuses(
        asked, ErrorCode::UNSUPPORTED_VERSION,
        "Unable to register because the broker does not support finalized version 29 of metadata.version. The broker "
        "wants a version between 7 and 28, inclusive.");
    m_image.replay(protocol::FeatureLevelRecord{"group.version", 1});
    asked.features = {{"metadata.version", 7, 29}};
    refuses(asked, ErrorCode::UNSUPPORTED_VERSION,
            "Unable to register because the broker does not support finalized version 1 of group.version. The broker "
            "wants a version between 0 and 0, inclusive.");
  }

  void onlyTheRegisteredProcessIsHeard() {
    QVERIFY(m_control->checkBrokerEpoch(1, 101).has_value());
    QCOMPARE(m_control->checkBrokerEpoch(1, 100).error().message,
             std::string("Expected broker epoch 101, but got broker epoch 100"));
    QCOMPARE(m_control->checkBrokerEpoch(9, 1).error().message,
             std::string("No broker registration found for broker id 9"));
  }

  void heartbeatsMoveBrokersByTheTable() {
    auto& heartbeats = m_control->heartbeatManager();
    m_image.replay(controller::registered(3, /*fenced=*/true));
    heartbeats.onRegistered(3, 103);
    // Fenced.
    QVERIFY(next(3, 49, false, false, false) == BrokerControlState::Fenced);
    QVERIFY(next(3, 50, true, false, false) == BrokerControlState::Fenced);
    QVERIFY(next(3, 50, false, false, false) == BrokerControlState::Unfenced);
    QVERIFY(next(3, 50, false, true, false) == BrokerControlState::ShutdownNow);
    // Unfenced.
    QVERIFY(next(1, 60, false, false, true) == BrokerControlState::Unfenced);
    QVERIFY(next(1, 60, true, false, true) == BrokerControlState::Fenced);
    QVERIFY(next(1, 60, true, true, true) == BrokerControlState::ShutdownNow);
    QVERIFY(next(1, 60, false, true, false) == BrokerControlState::ShutdownNow);
    QVERIFY(next(1, 60, false, true, true) == BrokerControlState::ControlledShutdown);
    // In controlled shutdown: broker 2 has to see offset 70 first.
    heartbeats.setControlledShutdownOffset(1, 70);
    heartbeats.touch(2, false, 69);
    QVERIFY(heartbeats.currentState(1) == BrokerControlState::ControlledShutdown);
    QVERIFY(next(1, 70, false, true, true) == BrokerControlState::ControlledShutdown);
    QVERIFY(next(1, 70, false, true, false) == BrokerControlState::ControlledShutdown);
    heartbeats.touch(2, false, 70);
    QVERIFY(next(1, 70, false, true, false) == BrokerControlState::ShutdownNow);
  }

  void sessionsRunOutOneByOne() {
    auto& heartbeats = m_control->heartbeatManager();
    m_clock.advance(m_config.brokerSessionTimeout);
    QVERIFY(!heartbeats.oneExpired());
    heartbeats.contact(2);
    m_clock.advance(std::chrono::microseconds(1));
    QCOMPARE(*heartbeats.oneExpired(), 1);
    QVERIFY(heartbeats.silence(1) == m_config.brokerSessionTimeout + std::chrono::microseconds(1));
    heartbeats.endSession(1);
    QVERIFY(!heartbeats.oneExpired());
    QVERIFY(heartbeats.hasValidSession(2));
    QVERIFY(!heartbeats.hasValidSession(1));
  }

  void offlineDirectoriesCannotLead() {
    controller::PartitionRegistration partition;
    partition.replicas = {1, 2};
    partition.directories = {{77, 77}, controller::directoryOf(2)};
    QVERIFY(!m_control->canLead(1, partition));
    QVERIFY(m_control->canLead(2, partition));
    partition.directories = {{0, 1}, {0, 2}};
    QVERIFY(m_control->canLead(1, partition));
    QVERIFY(!m_control->canLead(2, partition));
  }

 private:
  static protocol::BrokerRegistrationRequest request(base::BrokerId broker) {
    protocol::BrokerRegistrationRequest asked;
    asked.brokerId = broker;
    asked.clusterId = "lab";
    asked.incarnationId = {500, static_cast<uint64_t>(broker)};
    asked.listeners = {{"PLAINTEXT", "localhost", 9092, 0}};
    asked.features = {{"metadata.version", 7, 30}};
    asked.logDirs = {controller::directoryOf(broker)};
    return asked;
  }
  void refuses(const protocol::BrokerRegistrationRequest& asked, ErrorCode code, const std::string& says) {
    const auto record = m_control->registerBroker(asked, 77);
    QVERIFY(!record.has_value());
    QVERIFY2(record.error().message.starts_with(says), record.error().message.c_str());
    QVERIFY(record.error().code == code);
  }
  /// The state after a heartbeat; the registration is at offset 50.
  BrokerControlState next(base::BrokerId broker, int64_t offset, bool wantFence, bool wantShutDown, bool leads) {
    protocol::BrokerHeartbeatRequest heartbeat;
    heartbeat.brokerId = broker;
    heartbeat.currentMetadataOffset = offset;
    heartbeat.wantFence = wantFence;
    heartbeat.wantShutDown = wantShutDown;
    return m_control->heartbeatManager().nextState(heartbeat, 50, [leads] { return leads; });
  }

  controller::ManualClock m_clock;
  controller::MetadataImage m_image;
  controller::ControllerConfig m_config;
  std::unique_ptr<controller::ClusterControl> m_control;
};

STREAMSCOPE_TEST(ClusterControlTest);
#include "cluster_control_test.moc"
