#include "configuration_control.h"

#include <QTest>

#include "controller_world.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::controller;
using base::ErrorCode;

namespace {

constexpr int8_t kTopic = 2, kBroker = 4;
constexpr int8_t kSet = 0, kDelete = 1, kAppend = 2, kSubtract = 3;

/// "" when it was taken.
std::string alter(ControllerWorld& lab, int8_t type, const std::string& name, const std::string& key,
                  std::optional<std::string> value, int8_t operation = kSet) {
  protocol::IncrementalAlterConfigsRequest request;
  auto& resource = request.resources.emplace_back();
  resource.resourceType = type;
  resource.resourceName = name;
  resource.configs.push_back({key, operation, std::move(value)});
  const auto result = lab.ask<protocol::IncrementalAlterConfigsResponse>(1, 1, request).responses.at(0);
  if (result.errorCode == 0) return "";
  return std::string(base::errorName(static_cast<ErrorCode>(result.errorCode))) + ": " +
         result.errorMessage.value_or("");
}

}  // namespace

class ConfigurationControlTest : public QObject {
  Q_OBJECT
 private slots:
  void setsAndDeletesAndAlterLists() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1}});
    QCOMPARE(alter(lab, kTopic, "orders", "retention.ms", "1000"), std::string());
    QCOMPARE(alter(lab, kTopic, "orders", "cleanup.policy", "compact", kAppend), std::string());
    QCOMPARE(lab.image().topicConfigs("orders").at("cleanup.policy"), std::string("delete,compact"));
    QCOMPARE(alter(lab, kTopic, "orders", "cleanup.policy", "delete", kSubtract), std::string());
    QCOMPARE(lab.image().topicConfigs("orders").at("cleanup.policy"), std::string("compact"));
    QCOMPARE(alter(lab, kTopic, "orders", "retention.ms", std::nullopt, kDelete), std::string());
    QVERIFY(!lab.image().topicConfigs("orders").contains("retention.ms"));
    const auto told = lab.told<world::ConfigChanged>();
    QCOMPARE(told.front().resource, std::string("topic orders"));
    QVERIFY(told.back().isDeleted);

    QCOMPARE(alter(lab, kBroker, "", "log.retention.ms", "600000"), std::string());
    QCOMPARE(alter(lab, kBroker, "2", "log.retention.ms", "500000"), std::string());
    QCOMPARE(lab.image().configs(ConfigResourceType::Broker, "").at("log.retention.ms"), std::string("600000"));
    QCOMPARE(lab.image().configs(ConfigResourceType::Broker, "2").at("log.retention.ms"), std::string("500000"));
  }

  void refusesWithKafkasSentences_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("operation");
    QTest::addColumn<QString>("refusal");
    const auto row = [](const char* title, int8_t type, const char* name, const char* key, const char* value,
                        int8_t operation, const char* refusal) {
      QTest::newRow(title) << int{type} << name << key << value << int{operation} << refusal;
    };
    row("unknown topic", kTopic, "nope", "retention.ms", "1", kSet,
        "UNKNOWN_TOPIC_OR_PARTITION: The topic 'nope' does not exist.");
    row("unknown config", kTopic, "orders", "nope", "1", kSet, "INVALID_CONFIG: Unknown topic config name: nope");
    row("no number", kTopic, "orders", "retention.ms", "x", kSet,
        "INVALID_CONFIG: Invalid value x for configuration retention.ms: Not a number of type LONG");
    row("no list", kTopic, "orders", "retention.ms", "1", kAppend,
        "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.");
    row("no topic", kTopic, "", "retention.ms", "1", kSet, "INVALID_REQUEST: Default topic resources are not allowed.");
    row("read-only", kBroker, "1", "broker.rack", "x", kSet,
        "INVALID_REQUEST: Cannot update these configs dynamically: [broker.rack]");
    row("each for itself", kBroker, "", "listeners", "PLAINTEXT://:1", kSet,
        "INVALID_REQUEST: Cannot update these configs at default cluster level, broker id must be specified: "
        "[listeners]");
    row("broker value", kBroker, "1", "log.cleaner.threads", "abc", kSet,
        "INVALID_REQUEST: Invalid value abc for configuration log.cleaner.threads: Not a number of type INT");
    row("too small", kBroker, "", "background.threads", "0", kSet,
        "INVALID_REQUEST: Invalid value 0 for configuration background.threads: Value must be at least 1");
    row("no broker", kBroker, "9", "log.retention.ms", "1", kSet, "BROKER_ID_NOT_REGISTERED: No node with id 9 found.");
    row("operation", kTopic, "orders", "retention.ms", "1", 7, "INVALID_REQUEST: Unknown operations type 7");
  }
  void refusesWithKafkasSentences() {
    QFETCH(int, type);
    QFETCH(QString, name);
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(int, operation);
    QFETCH(QString, refusal);
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1}});
    QCOMPARE(QString::fromStdString(alter(lab, static_cast<int8_t>(type), name.toStdString(), key.toStdString(),
                                          value.toStdString(), static_cast<int8_t>(operation))),
             refusal);
    QVERIFY(lab.told<world::ConfigChanged>().empty());
  }

  void theOldRequestReplacesAll() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1}});
    alter(lab, kTopic, "orders", "retention.ms", "1000");
    alter(lab, kTopic, "orders", "flush.ms", "5");
    protocol::AlterConfigsRequest request;
    request.resources.push_back({kTopic, "orders", {{"retention.ms", "2000"}}});
    QCOMPARE(lab.ask<protocol::AlterConfigsResponse>(1, 2, request).responses.at(0).errorCode, int16_t{0});
    QVERIFY(lab.image().topicConfigs("orders") == (std::map<std::string, std::string>{{"retention.ms", "2000"}}));
  }

  void uncleanElectionsFollowTheTopicThenTheBrokersDefault() {
    ControllerWorld lab;
    lab.bringUpBrokers();
    lab.createTopic("orders", {{1, 2}});
    for (const base::BrokerId lost : {2, 1}) {
      for (int second = 0; second < 12; ++second) {
        lab.pass(std::chrono::seconds(1));
        for (const base::BrokerId broker : {1, 2, 3})
          if (broker != lost) lab.heartbeat(broker);
      }
    }
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, base::kNoBroker);
    QCOMPARE(alter(lab, kBroker, "", "unclean.leader.election.enable", "true"), std::string());
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, base::kNoBroker);
    for (int second = 0; second < 300; ++second) {
      lab.pass(std::chrono::seconds(1));
      lab.heartbeat(2);
      lab.heartbeat(3);
    }
    QCOMPARE(lab.image().findPartition("orders", 0)->leader, 2);
  }
};

STREAMSCOPE_TEST(ConfigurationControlTest);
#include "configuration_control_test.moc"
