#include "topic_config.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;

class TopicConfigTest : public QObject {
  Q_OBJECT
 private slots:
  void refusalsAreKafkas_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* key, const char* value, const char* says) {
      QTest::newRow(qPrintable(QStringLiteral("%1=%2").arg(key, value))) << key << value << says;
    };
    const char* const accepted = "";
    row("foo", "1", "Unknown topic config name: foo");
    row("segment.bytes", "abc", "Invalid value abc for configuration segment.bytes: Not a number of type INT");
    row("segment.bytes", "", "Invalid value  for configuration segment.bytes: Not a number of type INT");
    row("segment.bytes", "9999999999",
        "Invalid value 9999999999 for configuration segment.bytes: Not a number of type INT");
    row("segment.bytes", "5", "Invalid value 5 for configuration segment.bytes: Value must be at least 1048576");
    row("segment.bytes", " 1048576 ", accepted);
    row("internal.segment.bytes", "1000", accepted);
    row("cleanup.policy", "foo",
        "Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete");
    row("cleanup.policy", "compact, delete", accepted);
    row("min.insync.replicas", "0", "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1");
    row("unclean.leader.election.enable", "maybe",
        "Invalid value maybe for configuration unclean.leader.election.enable: Expected value to be either true or "
        "false");
    row("unclean.leader.election.enable", "TRUE", accepted);
    row("compression.type", "x",
        "Invalid value x for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, "
        "gzip, producer");
    row("compression.gzip.level", "99",
        "Invalid value 99 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1");
    row("compression.gzip.level", "-1", accepted);
    row("compression.zstd.level", "23",
        "Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22");
    row("min.cleanable.dirty.ratio", "0.25", accepted);
    row("min.cleanable.dirty.ratio", "q",
        "Invalid value q for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE");
    row("retention.ms", "-5", "Invalid value -5 for configuration retention.ms: Value must be at least -1");
    row("retention.ms", "-1", accepted);
    row("retention.ms", "9999999999999999999999",
        "Invalid value 9999999999999999999999 for configuration retention.ms: Not a number of type LONG");
    row("retention.bytes", "-9", accepted);
    row("leader.replication.throttled.replicas", "0:1,1:2", accepted);
    row("leader.replication.throttled.replicas", "*", accepted);
    row("leader.replication.throttled.replicas", "0-1",
        "Invalid value 0-1 for configuration leader.replication.throttled.replicas: "
        "leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: "
        "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
    row("remote.storage.enable", "true",
        "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.");
  }
  void refusalsAreKafkas() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, says);
    const auto checked = controller::validateTopicConfigs({{key.toStdString(), value.toStdString()}});
    QCOMPARE(checked.has_value(), says.isEmpty());
    if (checked) return;
    QVERIFY(checked.error().code == base::ErrorCode::INVALID_CONFIG);
    QCOMPARE(QString::fromStdString(checked.error().message), says);
  }

  void effectiveConfigsSayWhereTheyComeFrom() {
    controller::ControllerConfig defaults;
    defaults.minInsyncReplicas = 2;
    const auto effective = controller::effectiveTopicConfigs({{"retention.ms", "1000"}}, defaults);
    QCOMPARE(effective.size(), size_t{33});
    std::map<std::string, std::pair<std::string, int>> byName;
    for (const auto& config : effective) byName[config.name] = {config.value, static_cast<int>(config.source)};
    QVERIFY(byName["retention.ms"] == std::pair(std::string("1000"), 1));
    QVERIFY(byName["min.insync.replicas"] == std::pair(std::string("2"), 4));
    QVERIFY(byName["cleanup.policy"] == std::pair(std::string("delete"), 5));
    QVERIFY(!byName.contains("internal.segment.bytes"));
  }

  void uncleanElectionIsTheTopicsChoiceBeforeTheClusters() {
    controller::ControllerConfig defaults;
    controller::MetadataImage image;
    const auto set = [&image](int8_t type, const std::string& name, const std::string& value) {
      image.replay(protocol::ConfigRecord{type, name, "unclean.leader.election.enable", value});
    };
    QVERIFY(!controller::uncleanLeaderElectionEnabled(image, "orders", defaults));
    defaults.uncleanLeaderElectionEnable = true;
    QVERIFY(controller::uncleanLeaderElectionEnabled(image, "orders", defaults));
    set(4, "", "false");
    QVERIFY(!controller::uncleanLeaderElectionEnabled(image, "orders", defaults));
    set(2, "orders", "true");
    QVERIFY(controller::uncleanLeaderElectionEnabled(image, "orders", defaults));
    QVERIFY(!controller::uncleanLeaderElectionEnabled(image, "payments", defaults));
  }
};

STREAMSCOPE_TEST(TopicConfigTest);
#include "topic_config_test.moc"
