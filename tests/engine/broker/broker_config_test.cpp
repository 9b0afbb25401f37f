#include "broker/broker_config.h"

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
      if (key == "auto.create.topics.enable") return "false";
      if (key == "log.message.timestamp.type") return "LogAppendTime";
      return "2048";
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
                                                   {"cleanup.policy", "compact"}});
    QCOMPARE(set.minInsyncReplicas, 3);
    log::LogConfig wanted = broker.log;
    wanted.segmentBytes = 100;
    wanted.segmentMs = 7;
    wanted.indexIntervalBytes = 8;
    wanted.segmentIndexBytes = 16;
    wanted.maxMessageBytes = 9;
    wanted.logAppendTime = true;
    wanted.messageTimestampBeforeMaxMs = 10;
    wanted.messageTimestampAfterMaxMs = 11;
    QCOMPARE(set.log, wanted);
  }
};

STREAMSCOPE_TEST(BrokerConfigTest);

}  // namespace streamscope::broker

#include "broker_config_test.moc"
