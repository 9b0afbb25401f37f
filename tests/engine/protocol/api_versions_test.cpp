#include "protocol/api_versions.h"

#include <QTest>
#include <algorithm>

#include "base/error_code.h"
#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;
using protocol::Listener;
using protocol::VersionRange;

class ApiVersionsTest : public QObject {
  Q_OBJECT
 private slots:
  void brokersServeClientsAndControllersServeBrokers() {
    QVERIFY(protocol::servedVersions(ApiKey::Produce, Listener::Broker) == VersionRange(3, 13));
    QVERIFY(!protocol::servedVersions(ApiKey::Produce, Listener::Controller).has_value());
    QVERIFY(protocol::servedVersions(ApiKey::Fetch, Listener::Controller) == VersionRange(4, 18));
    QVERIFY(!protocol::servedVersions(ApiKey::BrokerHeartbeat, Listener::Broker).has_value());
    QVERIFY(protocol::servedVersions(ApiKey::BrokerHeartbeat, Listener::Controller) == VersionRange(0, 2));
    QVERIFY(protocol::servedVersions(ApiKey::CreateTopics, Listener::Broker) == VersionRange(0, 7));
    QVERIFY(protocol::servedVersions(ApiKey::ListOffsets, Listener::Broker) == VersionRange(1, 11));
  }

  void unstableVersionIsNotServed() {
    QVERIFY(protocol::servedVersions(ApiKey::InitProducerId, Listener::Broker) == VersionRange(0, 5));
  }

  void produceIsAdvertisedFromZeroForLibrdkafka() {
    const auto advertised = protocol::advertisedVersions(Listener::Broker);
    QVERIFY(advertised.front() == (protocol::ApiVersionsResponse::ApiVersion{0, 0, 13}));
    QVERIFY(std::ranges::is_sorted(advertised, {}, &protocol::ApiVersionsResponse::ApiVersion::apiKey));
    QCOMPARE(advertised.size(), size_t{35});
    QCOMPARE(protocol::advertisedVersions(Listener::Controller).size(), size_t{22});
  }

  void unsupportedVersionAnswerNamesItsOwnRangeOnly() {
    const protocol::ApiVersionsResponse answer = protocol::unsupportedVersionAnswer();
    QCOMPARE(answer.errorCode, static_cast<int16_t>(base::ErrorCode::UNSUPPORTED_VERSION));
    QCOMPARE(answer.apiKeys.size(), size_t{1});
    QVERIFY(answer.apiKeys[0] == (protocol::ApiVersionsResponse::ApiVersion{18, 0, 4}));
  }

  void headerVersionsFollowFlexibility() {
    QCOMPARE(protocol::requestHeaderVersion(ApiKey::Produce, 8), int16_t{1});
    QCOMPARE(protocol::requestHeaderVersion(ApiKey::Produce, 9), int16_t{2});
    QCOMPARE(protocol::responseHeaderVersion(ApiKey::Produce, 8), int16_t{0});
    QCOMPARE(protocol::responseHeaderVersion(ApiKey::Produce, 9), int16_t{1});
    QCOMPARE(protocol::requestHeaderVersion(ApiKey::ApiVersions, 3), int16_t{2});
    QCOMPARE(protocol::responseHeaderVersion(ApiKey::ApiVersions, 3), int16_t{0});
  }

  void controllersBusinessIsForwarded() {
    QVERIFY(protocol::isForwardable(ApiKey::CreateTopics));
    QVERIFY(protocol::isForwardable(ApiKey::DeleteTopics));
    QVERIFY(protocol::isForwardable(ApiKey::IncrementalAlterConfigs));
    QVERIFY(!protocol::isForwardable(ApiKey::Produce));
  }

  void everyApiHasANameANumberAndAListener() {
    for (const ApiKey key : support::everyApi()) {
      QVERIFY(protocol::apiName(key) != "Unknown");
      QVERIFY(protocol::apiKeyFromId(static_cast<int16_t>(key)) == key);
      QVERIFY(protocol::servedVersions(key, Listener::Broker) || protocol::servedVersions(key, Listener::Controller));
    }
    QVERIFY(!protocol::apiKeyFromId(4).has_value());
    QVERIFY(!protocol::apiKeyFromId(-1).has_value());
  }
};

STREAMSCOPE_TEST(ApiVersionsTest);
#include "api_versions_test.moc"
