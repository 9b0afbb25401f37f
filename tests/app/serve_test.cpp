#include <QDir>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include "program.h"
#include "support/test_registry.h"

namespace {

constexpr int kPatienceMs = 60'000;

/// `streamscope serve` as a person starts it in a terminal.
class Serving {
 public:
  explicit Serving(const QStringList& arguments) {
    m_process.start(STREAMSCOPE_PROGRAM, QStringList("serve") + arguments);
  }
  ~Serving() {
    m_process.kill();
    m_process.waitForFinished();
  }

  /// Its first line on standard output.
  QString firstLine() {
    while (!m_process.canReadLine() && m_process.waitForReadyRead(kPatienceMs)) {
    }
    return QString::fromUtf8(m_process.readLine()).trimmed();
  }
  /// All it has said on standard error so far.
  QString errors() {
    m_errors += QString::fromUtf8(m_process.readAllStandardError());
    return m_errors;
  }
  void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
  /// Its exit code; -1 when it does not end or crashes.
  int end() {
    if (!m_process.waitForFinished(kPatienceMs)) return -1;
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
  }

 private:
  QProcess m_process;
  QString m_errors;
};

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
    Serving serving({"--brokers", QString::number(brokers), "--port", "0"});
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
    Serving serving({"--port", "0", "--data-dir", data.path()});
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
      Serving serving({"--port", "0", "--data-dir", data.path()});
      QVERIFY2(serving.firstLine().startsWith("bootstrap servers: "), qPrintable(serving.errors()));
      serving.signal(SIGTERM);
      QCOMPARE(serving.end(), 0);
    }
  }

  void aBusyPortMovesAndIsSaid() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Serving serving({"--brokers", "1", "--port", QString::number(other.serverPort())});
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
    Serving serving({"--port", "0"});
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
