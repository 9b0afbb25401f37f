#include "config_description.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using broker::ConfigDescription;

namespace {

constexpr int8_t kTopic = 2, kBroker = 4;

/// "1000 topic {1:retention.ms=1000 5:log.retention.hours=168}" of the entry of that name.
std::string textOf(const std::vector<ConfigDescription::Entry>& entries, const std::string& name) {
  for (const auto& entry : entries) {
    if (entry.name != name) continue;
    std::string text = entry.value.value_or("null") + " from " + std::to_string(entry.configSource) + " {";
    for (const auto& synonym : entry.synonyms)
      text += (text.back() == '{' ? "" : " ") + std::to_string(synonym.source) + ":" + synonym.name + "=" +
              synonym.value.value_or("null");
    return text + "}" + (entry.readOnly ? " read-only" : "") + (entry.isSensitive ? " sensitive" : "");
  }
  return "absent";
}

}  // namespace

/// What a broker of Kafka 4.3.1 answered to the same questions.
class ConfigDescriptionTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    m_config = {};
    m_image = {};
    m_image.replay(protocol::TopicRecord{"orders", {1, 1}});
  }

  void aFreshTopicHasKafkasDefaults() {
    const auto entries = describe().ofTopic("orders");
    QCOMPARE(entries.size(), size_t{33});
    QCOMPARE(textOf(entries, "segment.bytes"), std::string("1073741824 from 5 {5:log.segment.bytes=1073741824}"));
    // Other units alone are no synonym.
    QCOMPARE(textOf(entries, "retention.ms"), std::string("604800000 from 5 {}"));
    QCOMPARE(textOf(entries, "flush.ms"), std::string("9223372036854775807 from 5 {}"));
    QCOMPARE(textOf(entries, "leader.replication.throttled.replicas"), std::string(" from 5 {}"));
    QCOMPARE(textOf(entries, "internal.segment.bytes"), std::string("absent"));
  }

  void aTopicsConfigStandsOverThoseOfTheBrokers() {
    set(kTopic, "orders", "retention.ms", "123456");
    set(kBroker, "1", "log.retention.ms", "500000");
    set(kBroker, "", "log.retention.ms", "600000");
    QCOMPARE(textOf(describe().ofTopic("orders"), "retention.ms"),
             std::string("123456 from 1 {1:retention.ms=123456 2:log.retention.ms=500000 3:log.retention.ms=600000 "
                         "5:log.retention.hours=168}"));
    m_image.replay(protocol::ConfigRecord{kTopic, "orders", "retention.ms", std::nullopt});
    QCOMPARE(textOf(describe().ofTopic("orders"), "retention.ms"),
             std::string("500000 from 2 {2:log.retention.ms=500000 3:log.retention.ms=600000 "
                         "5:log.retention.hours=168}"));
    QCOMPARE(textOf(describe().ofBroker(), "log.retention.ms"),
             std::string("500000 from 2 {2:log.retention.ms=500000 3:log.retention.ms=600000 "
                         "5:log.retention.hours=168}"));
  }

  void whatABrokerWasStartedWithCountsToo() {
    m_config.given = {{"log.retention.hours", "2"}, {"min.insync.replicas", "2"}};
    QCOMPARE(textOf(describe().ofTopic("orders"), "retention.ms"), std::string("7200000 from 5 {}"));
    QCOMPARE(textOf(describe().ofTopic("orders"), "min.insync.replicas"),
             std::string("2 from 4 {4:min.insync.replicas=2 5:min.insync.replicas=1}"));
    QCOMPARE(textOf(describe().ofBroker(), "log.retention.hours"),
             std::string("2 from 4 {4:log.retention.hours=2 5:log.retention.hours=168} read-only"));
  }

  void aBrokerTellsAllButItsSecrets() {
    set(kBroker, "1", "leader.replication.throttled.rate", "1000");
    set(kBroker, "1", "no.such", "abc");
    const auto entries = describe().ofBroker();
    QCOMPARE(textOf(entries, "node.id"), std::string("1 from 4 {4:node.id=1} read-only"));
    QCOMPARE(textOf(entries, "broker.id"), std::string("1 from 4 {4:broker.id=1 5:broker.id=-1} read-only"));
    QCOMPARE(textOf(entries, "broker.rack"), std::string("null from 5 {} read-only"));
    QCOMPARE(textOf(entries, "num.partitions"), std::string("1 from 5 {5:num.partitions=1} read-only"));
    QCOMPARE(textOf(entries, "ssl.key.password"), std::string("null from 5 {} sensitive"));
    QCOMPARE(textOf(entries, "leader.replication.throttled.rate"),
             std::string("1000 from 2 {2:leader.replication.throttled.rate=1000}"));
    QCOMPARE(textOf(entries, "follower.replication.throttled.rate"), std::string("absent"));
    QCOMPARE(textOf(entries, "no.such"), std::string("null from 2 {2:no.such=null} read-only sensitive"));
  }

  void theDefaultOfAllBrokersIsOnlyWhatIsSet() {
    QVERIFY(describe().ofAllBrokers().empty());
    set(kBroker, "", "log.retention.ms", "600000");
    const auto entries = describe().ofAllBrokers();
    QCOMPARE(entries.size(), size_t{1});
    QCOMPARE(textOf(entries, "log.retention.ms"), std::string("600000 from 3 {3:log.retention.ms=600000}"));
  }

 private:
  ConfigDescription describe() const { return {m_config, m_image}; }
  void set(int8_t type, const std::string& name, const std::string& key, const std::string& value) {
    m_image.replay(protocol::ConfigRecord{type, name, key, value});
  }

  broker::BrokerConfig m_config;
  controller::MetadataImage m_image;
};

STREAMSCOPE_TEST(ConfigDescriptionTest);
#include "config_description_test.moc"
