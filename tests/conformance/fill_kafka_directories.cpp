#include <QDir>
#include <QTest>

#include "kafka_directories.h"
#include "kafka_program.h"
#include "real_kafka.h"
#include "support/test_registry.h"

using namespace streamscope::conformance;

/// Not so much a test as the ground of others: a real broker is filled, stopped, started and killed.
class FillKafkaDirectories : public QObject {
  Q_OBJECT
 private slots:
  void firstLifeEndsCleanly() {
    for (const char* name : {"clean", "unclean", "recovered"}) {
      QVERIFY(QDir(KafkaDirectory{name}.path()).removeRecursively());
      QVERIFY(QDir().mkpath(KafkaDirectory{name}.path()));
    }
    QVERIFY(m_data.isValid());
    QVERIFY2(m_kafka.format(), qPrintable(m_kafka.problem()));
    QVERIFY2(m_kafka.start(), qPrintable(m_kafka.problem()));
    drive("FillTopics", {m_data.path(), qEnvironmentVariable("STREAMSCOPE_KAFKA_SCALE")});
    drive("ReadTopics", {KafkaDirectory{"clean"}.path()});
    QVERIFY2(m_kafka.stopCleanly(), qPrintable(m_kafka.problem()));
    QVERIFY(copyDirectory(m_data.path(), KafkaDirectory{"clean"}.dataPath()));
    QVERIFY(QFile::exists(KafkaDirectory{"clean"}.dataPath() + "/.kafka_cleanshutdown"));
  }

  void secondLifeIsKilled() {
    QVERIFY2(m_kafka.start(), qPrintable(m_kafka.problem()));
    drive("WriteMore", {});
    drive("ReadTopics", {KafkaDirectory{"unclean"}.path()});
    m_kafka.kill();
    QVERIFY(copyDirectory(m_data.path(), KafkaDirectory{"unclean"}.dataPath()));
    QVERIFY(!QFile::exists(KafkaDirectory{"unclean"}.dataPath() + "/.kafka_cleanshutdown"));
  }

  void thirdLifeOnlyRecovers() {
    QVERIFY2(m_kafka.start(), qPrintable(m_kafka.problem()));
    QVERIFY2(m_kafka.stopCleanly(), qPrintable(m_kafka.problem()));
    QVERIFY(copyDirectory(m_data.path(), KafkaDirectory{"recovered"}.dataPath()));
  }

 private:
  void drive(const QString& mainClass, const QStringList& arguments) {
    const ProcessOutcome outcome = runKafkaProgram(mainClass, QStringList{m_kafka.bootstrapServers()} + arguments);
    QVERIFY2(outcome.succeeded(), (mainClass.toUtf8() + ": " + outcome.errors).constData());
  }

  QTemporaryDir m_data;
  RealKafka m_kafka{m_data.path()};
};

STREAMSCOPE_TEST(FillKafkaDirectories);
#include "fill_kafka_directories.moc"
