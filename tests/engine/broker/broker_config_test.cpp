#include "broker/broker_config.h"

#include <map>
#include <optional>

#include <QtTest>

#include "support/test_registry.h"
#include "topic_config.h"

namespace streamscope::broker {

class BrokerConfigTest : public QObject {
  Q_OBJECT

 private slots:
  void hasKafkasDefaults() {
    const BrokerConfig config;
    QCOMPARE(config.replicaLagTimeMax, base::Duration(std::chrono::seconds(30)));
    QCOMPARE(config.log.segmentBytes, 1'073'741'824);
    QCOMPARE(config.fetchMaxBytes, 57'671'680);
  }

  void takesEverySupportedKey() {
    const auto valueOf = [](const std::string& key) -> std::string {
      static const std::map<std::string, std::string> kOthers{
          {"auto.create.topics.enable", "false"},
          {"compression.gzip.level", "6"},
          {"compression.lz4.level", "6"},
          {"compression.type", "zstd"},
          {"compression.zstd.level", "6"},
          {"log.cleaner.enable", "false"},
          {"log.cleaner.io.buffer.load.factor", "0.25"},
          {"log.cleaner.min.cleanable.ratio", "0.25"},
          {"log.cleanup.policy", "compact, delete"},
          {"log.message.timestamp.type", "LogAppendTime"},
          {"replica.selector.class", "org.apache.kafka.common.replica.LeaderSelector"}};
      const auto other = kOthers.find(key);
      return other == kOthers.end() ? "2048" : other->second;
    };
    const auto keys = BrokerConfig::supportedKeys();
    QVERIFY(keys.size() > 20);
    QVERIFY(std::is_sorted(keys.begin(), keys.end()));
    BrokerConfig config;
    for (const std::string& key : keys) {
      const auto set = config.set(key, valueOf(key));
      QVERIFY2(set.has_value(), key.c_str());
    }
    QCOMPARE(config.replicaLagTimeMax, base::Duration(std::chrono::milliseconds(2048)));
    QCOMPARE(config.log.segmentBytes, 2048);
    QCOMPARE(config.autoCreateTopicsEnable, false);
    QVERIFY(config.log.logAppendTime);
    QCOMPARE(config.log.compressionType, std::optional(log::Compression::Zstd));
    QCOMPARE(config.cleaner.enable, false);
    QCOMPARE(config.replicaSelector, ReplicaSelector::Leader);
    QCOMPARE(config.cleaner.ioBufferLoadFactor, 0.25);
    QCOMPARE(config.log.minCleanableDirtyRatio, 0.25);
    QVERIFY(config.log.cleanupCompact && config.log.cleanupDelete);
  }

  void retentionCountsInTheFinestUnitGiven() {
    BrokerConfig config;
    const std::map<std::string, std::string> given{
        {"log.retention.hours", "5"}, {"log.retention.minutes", "3"}, {"log.retention.ms", "1000"}};
    for (const auto& [key, value] : given) QVERIFY(config.set(key, value));
    QCOMPARE(config.log.retentionMs, 1000);
    QVERIFY(config.set("log.retention.hours", "-1"));
    QCOMPARE(config.log.retentionMs, -1);
    QVERIFY(config.set("log.retention.minutes", "2"));
    QCOMPARE(config.log.retentionMs, 120'000);
  }

  void refuses_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("text") << "min.insync.replicas"
                          << "two"
                          << "Config 'min.insync.replicas' cannot be 'two'; give a whole number of at least 1 and at "
                             "most 2147483647.";
    QTest::newRow("too small")
        << "log.segment.bytes"
        << "13"
        << "Config 'log.segment.bytes' cannot be '13'; give a whole number of at least 14 and at "
           "most 2147483647.";
    QTest::newRow("trailing text") << "log.roll.ms"
                                   << "5s"
                                   << "Config 'log.roll.ms' cannot be '5s'; give a whole number of at least 1.";
    QTest::newRow("too large") << "default.replication.factor"
                               << "40000"
                               << "Config 'default.replication.factor' cannot be '40000'; give a whole number of at "
                                  "least 1 and at most 32767.";
    QTest::newRow("empty") << "num.partitions"
                           << ""
                           << "Config 'num.partitions' cannot be ''; give a whole number of at least 1 and at most "
                              "2147483647.";
    QTest::newRow("boolean") << "auto.create.topics.enable"
                             << "yes"
                             << "Config 'auto.create.topics.enable' cannot be 'yes'; give true or false.";
    QTest::newRow("choice") << "log.message.timestamp.type"
                            << "Now"
                            << "Config 'log.message.timestamp.type' cannot be 'Now'; give CreateTime or LogAppendTime.";
    QTest::newRow("policy") << "log.cleanup.policy"
                            << "compress"
                            << "Config 'log.cleanup.policy' cannot be 'compress'; give delete, compact, or "
                               "compact,delete.";
    QTest::newRow("ratio") << "log.cleaner.min.cleanable.ratio"
                           << "1.5"
                           << "Config 'log.cleaner.min.cleanable.ratio' cannot be '1.5'; give a number of at least 0 "
                              "and at most 1.";
    QTest::newRow("no number") << "log.cleaner.min.cleanable.ratio"
                               << "nan"
                               << "Config 'log.cleaner.min.cleanable.ratio' cannot be 'nan'; give a number of at least "
                                  "0 and at most 1.";
    QTest::newRow("codec") << "compression.type"
                           << "none"
                           << "Config 'compression.type' cannot be 'none'; give producer, uncompressed, gzip, snappy, "
                              "lz4 or zstd.";
    QTest::newRow("unknown") << "zookeeper.connect"
                             << "x"
                             << "Config 'zookeeper.connect' is not one this broker obeys; remove it, or use one of the "
                                "supported broker configs.";
  }
  void refuses() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, sentence);
    BrokerConfig config;
    const auto set = config.set(key.toStdString(), value.toStdString());
    QVERIFY(!set);
    QCOMPARE(set.error().code, base::ErrorCode::INVALID_CONFIG);
    QCOMPARE(QString::fromStdString(set.error().message), sentence);
    QCOMPARE(config.log, BrokerConfig().log);
  }

  void topicConfigsOverrideTheBrokers() {
    BrokerConfig broker;
    broker.minInsyncReplicas = 2;
    broker.log.segmentBytes = 5000;
    const TopicConfig plain = topicConfigOf(broker, {});
    QCOMPARE(plain.minInsyncReplicas, 2);
    QCOMPARE(plain.log, broker.log);
    const TopicConfig set = topicConfigOf(broker, {{"min.insync.replicas", "3"},
                                                   {"segment.bytes", "100"},
                                                   {"segment.ms", "7"},
                                                   {"index.interval.bytes", "8"},
                                                   {"segment.index.bytes", "16"},
                                                   {"max.message.bytes", "9"},
                                                   {"message.timestamp.type", "LogAppendTime"},
                                                   {"message.timestamp.before.max.ms", "10"},
                                                   {"message.timestamp.after.max.ms", "11"},
                                                   {"cleanup.policy", "compact"},
                                                   {"internal.segment.bytes", "50"},
                                                   {"compression.type", "uncompressed"},
                                                   {"retention.ms", "-1"},
                                                   {"retention.bytes", "12"},
                                                   {"min.cleanable.dirty.ratio", "0.1"},
                                                   {"max.compaction.lag.ms", "13"},
                                                   {"file.delete.delay.ms", "0"}});
    QCOMPARE(set.minInsyncReplicas, 3);
    log::LogConfig wanted = broker.log;
    wanted.segmentBytes = 50;
    wanted.segmentMs = 7;
    wanted.indexIntervalBytes = 8;
    wanted.segmentIndexBytes = 16;
    wanted.maxMessageBytes = 9;
    wanted.logAppendTime = true;
    wanted.messageTimestampBeforeMaxMs = 10;
    wanted.messageTimestampAfterMaxMs = 11;
    wanted.cleanupCompact = true;
    wanted.cleanupDelete = false;
    wanted.compressionType = log::Compression::None;
    wanted.retentionMs = -1;
    wanted.retentionBytes = 12;
    wanted.minCleanableDirtyRatio = 0.1;
    wanted.maxCompactionLagMs = 13;
    wanted.fileDeleteDelayMs = 0;
    QCOMPARE(set.log, wanted);
  }
};

STREAMSCOPE_TEST(BrokerConfigTest);

}  // namespace streamscope::broker

#include "broker_config_test.moc"
