#include <QDir>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include "running_program.h"
#include "support/test_registry.h"

using namespace streamscope::app;

namespace {

QList<quint16> portsIn(const QString& line) {
  QList<quint16> ports;
  for (const QString& server : line.section(": ", 1).split(',')) ports << server.section(':', 1).toUShort();
  return ports;
}

bool connects(quint16 port) {
  QTcpSocket socket;
  socket.connectToHost("127.0.0.1", port);
  return socket.waitForConnected(kPatienceMs);
}

}  // namespace

class ServeTest : public QObject {
  Q_OBJECT
 private slots:
  void everyBrokerServesWhenTheLineComes_data() {
    QTest::addColumn<int>("brokers");
    QTest::newRow("one broker") << 1;
    QTest::newRow("three brokers") << 3;
  }
  void everyBrokerServesWhenTheLineComes() {
    QFETCH(int, brokers);
    RunningProgram serving("serve", {"--brokers", QString::number(brokers), "--port", "0"});
    const QString line = serving.firstLine();
    QVERIFY2(line.startsWith("bootstrap servers: localhost:"), qPrintable(line + serving.errors()));
    QCOMPARE(portsIn(line).size(), qsizetype(brokers));
    for (const quint16 port : portsIn(line)) QVERIFY(connects(port));
  }

  void itEndsCleanlyWhenAsked_data() {
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
  }
  void itEndsCleanlyWhenAsked() {
    QFETCH(int, number);
    QTemporaryDir data;
    RunningProgram serving("serve", {"--port", "0", "--data-dir", data.path()});
    QVERIFY(serving.firstLine().startsWith("bootstrap servers: "));
    serving.signal(number);
    QCOMPARE(serving.end(), 0);
    QCOMPARE(serving.errors(), QString());
    // What Kafka leaves behind after a controlled shutdown.
    for (int broker = 1; broker <= 3; ++broker)
      QVERIFY(QFile::exists(data.filePath(QString("broker-%1/.kafka_cleanshutdown").arg(broker))));
  }

  void whatWasServedIsServedAgain() {
    QTemporaryDir data;
    for (int round = 0; round < 2; ++round) {
      RunningProgram serving("serve", {"--port", "0", "--data-dir", data.path()});
      QVERIFY2(serving.firstLine().startsWith("bootstrap servers: "), qPrintable(serving.errors()));
      serving.signal(SIGTERM);
      QCOMPARE(serving.end(), 0);
    }
  }

  void aBusyPortMovesAndIsSaid() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RunningProgram serving("serve", {"--brokers", "1", "--port", QString::number(other.serverPort())});
    const QString line = serving.firstLine();
    QVERIFY2(line.startsWith("bootstrap servers: "), qPrintable(serving.errors()));
    QVERIFY(portsIn(line).first() != other.serverPort());
    serving.signal(SIGTERM);
    QCOMPARE(serving.end(), 0);
    const QString expected = QString("streamscope: Port %1 is in use; broker 1 listens on %2.\n")
                                 .arg(other.serverPort())
                                 .arg(portsIn(line).first());
    QCOMPARE(serving.errors(), expected);
  }

  void noTemporaryFilesStay() {
    QTemporaryDir temporary;
    qputenv("TMPDIR", temporary.path().toUtf8());
    RunningProgram serving("serve", {"--port", "0"});
    qunsetenv("TMPDIR");
    QVERIFY(serving.firstLine().startsWith("bootstrap servers: "));
    QCOMPARE(QDir(temporary.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), qsizetype(1));
    serving.signal(SIGTERM);
    QCOMPARE(serving.end(), 0);
    QVERIFY(QDir(temporary.path()).isEmpty());
  }
};

STREAMSCOPE_TEST(ServeTest);
#include "serve_test.moc"
