#include "real_kafka.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTcpServer>

#include "kafka_program.h"

namespace streamscope::conformance {
namespace {

constexpr int kPatienceMs = 60'000;
constexpr int kAttempts = 3;
constexpr const char* kReady = "Kafka Server started";
constexpr const char* kClusterId = "RealKafkaForTestsAAAAA";

}  // namespace

RealKafka::RealKafka(QString dataDirectory) : m_dataDirectory(std::move(dataDirectory)) {
  m_process.setProcessChannelMode(QProcess::MergedChannels);
  choosePorts();
}

RealKafka::~RealKafka() {
  kill();
}

void RealKafka::choosePorts() {
  // Both at once, so that they differ.
  QTcpServer broker, controller;
  broker.listen(QHostAddress::LocalHost);
  controller.listen(QHostAddress::LocalHost);
  m_brokerPort = broker.serverPort();
  m_controllerPort = controller.serverPort();
}

QString RealKafka::writeConfiguration() {
  const QString listeners =
      QString("PLAINTEXT://127.0.0.1:%1,CONTROLLER://127.0.0.1:%2").arg(m_brokerPort).arg(m_controllerPort);
  const QStringList lines{
      "process.roles=broker,controller",
      QString("node.id=%1").arg(kNodeId),
      "listeners=" + listeners,
      "advertised.listeners=" + listeners,
      "controller.listener.names=CONTROLLER",
      QString("controller.quorum.bootstrap.servers=127.0.0.1:%1").arg(m_controllerPort),
      "log.dirs=" + m_dataDirectory,
      "auto.create.topics.enable=false",
      // One partition and one replica of each internal topic.
      "offsets.topic.num.partitions=1",
      "offsets.topic.replication.factor=1",
      "transaction.state.log.num.partitions=1",
      "transaction.state.log.replication.factor=1",
      "transaction.state.log.min.isr=1",
      "group.initial.rebalance.delay.ms=0",
      // As long as the driver asks for.
      "transaction.max.timeout.ms=86400000",
      // Background work at once and often.
      "log.initial.task.delay.ms=100",
      "log.retention.check.interval.ms=300",
      "log.cleaner.backoff.ms=100",
      "log.cleaner.dedupe.buffer.size=2097152",
      "metadata.log.max.record.bytes.between.snapshots=4000",
      // Nothing goes by its age; index files are smaller than Kafka's 10 MiB while they are written.
      "log.retention.ms=-1",
      "log.index.size.max.bytes=131072",
  };
  const QString path = m_configuration.filePath("server.properties");
  QFile file(path);
  if (file.open(QIODevice::WriteOnly)) file.write((lines.join('\n') + '\n').toUtf8());
  return path;
}

bool RealKafka::format() {
  const ProcessOutcome outcome = runKafkaProgram(
      "kafka.tools.StorageTool", {"format", "--cluster-id", kClusterId, "--standalone", "-c", writeConfiguration()});
  m_said = outcome.output + outcome.errors;
  return outcome.succeeded() || fail("could not format " + m_dataDirectory);
}

bool RealKafka::start() {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    // Another program may have taken a port that was free.
    choosePorts();
    if (startOnce()) return true;
    if (!m_said.contains("Address already in use")) break;
  }
  return fail("did not start");
}

bool RealKafka::startOnce() {
  m_said.clear();
  m_process.start("java", javaArguments("kafka.Kafka", {writeConfiguration()}, "warn"));
  QDeadlineTimer deadline(kPatienceMs);
  while (!m_said.contains(kReady)) {
    if (!m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
      kill();
      m_said += m_process.readAll();
      return false;
    }
    m_said += m_process.readAll();
  }
  return true;
}

void RealKafka::readAlong() {
  m_process.waitForReadyRead(0);
  m_said += m_process.readAll();
}

bool RealKafka::stopCleanly() {
  m_process.terminate();
  if (!m_process.waitForFinished(kPatienceMs)) return fail("did not stop");
  m_said += m_process.readAll();
  return true;
}

void RealKafka::kill() {
  if (m_process.state() == QProcess::NotRunning) return;
  m_process.kill();
  m_process.waitForFinished(kPatienceMs);
}

bool RealKafka::fail(const QString& what) {
  m_said += m_process.readAll();
  m_problem = "Kafka " + what + "; it said:\n" + QString::fromUtf8(m_said);
  return false;
}

}  // namespace streamscope::conformance
