#include "client/consumer_config.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using client::AutoOffsetReset;
using client::ConsumerConfig;
using client::makeConsumerConfig;

class ConsumerConfigTest : public QObject {
  Q_OBJECT
 private slots:
  void hasKafkasDefaults() {
    const ConsumerConfig config = makeConsumerConfig({{"group.id", "billing"}}).value();
    QVERIFY(config.isMember());
    QCOMPARE(config.sessionTimeout, base::Duration(std::chrono::seconds(45)));
    QVERIFY(config.enableAutoCommit);
    QCOMPARE(config.partitionAssignmentStrategy.size(), size_t{2});
  }

  void readsKafkasKeys() {
    const ConsumerConfig config =
        makeConsumerConfig(
            {{"partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor, sticky"},
             {"auto.offset.reset", "by_duration:P1DT2H0.5S"},
             {"max.poll.records", "10"}})
            .value();
    QVERIFY(config.partitionAssignmentStrategy ==
            (std::vector{client::AssignorKind::CooperativeSticky, client::AssignorKind::Sticky}));
    QVERIFY(config.autoOffsetReset == AutoOffsetReset::ByDuration);
    QCOMPARE(config.autoOffsetResetDuration, base::Duration(std::chrono::milliseconds(26 * 3'600'000 + 500)));
    QCOMPARE(config.maxPollRecords, 10);
  }

  void refusesAsKafka_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("unknown key") << "acks"
                                 << "all"
                                 << "no config acks";
    QTest::newRow("no number") << "max.poll.records"
                               << "many"
                               << "must be a whole number, at least 1";
    QTest::newRow("too small") << "max.poll.records"
                               << "0"
                               << "must be a whole number, at least 1";
    QTest::newRow("no boolean") << "enable.auto.commit"
                                << "yes"
                                << "must be true or false";
    QTest::newRow("no assignor") << "partition.assignment.strategy"
                                 << "fair"
                                 << "a list of range,";
    QTest::newRow("no duration") << "auto.offset.reset"
                                 << "by_duration:1D"
                                 << "by_duration:<PnDTnHnMn.nS>";
    QTest::newRow("nothing in a duration") << "auto.offset.reset"
                                           << "by_duration:PT"
                                           << "by_duration";
    QTest::newRow("heartbeats too seldom") << "session.timeout.ms"
                                           << "3000"
                                           << "below session.timeout.ms";
  }
  void refusesAsKafka() {
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, sentence);
    const auto config = makeConsumerConfig({{"group.id", "billing"}, {key.toStdString(), value.toStdString()}});
    QVERIFY(!config.has_value());
    QVERIFY2(QString::fromStdString(config.error().message).contains(sentence), config.error().message.c_str());
  }
};

STREAMSCOPE_TEST(ConsumerConfigTest);
#include "consumer_config_test.moc"
