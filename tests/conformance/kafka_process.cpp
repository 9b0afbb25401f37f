#include "kafka_process.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QTcpServer>

#include "kafka_program.h"
#include "running_process.h"

namespace streamscope::conformance {
namespace {

constexpr int kPatienceMs = 90'000;

}  // namespace

KafkaProcess::KafkaProcess(const QStringList& configuration) {
  QFile file(configurationFile());
  if (file.open(QIODevice::WriteOnly)) file.write((configuration.join('\n') + '\n').toUtf8());
  m_process.setProcessChannelMode(QProcess::MergedChannels);
}

KafkaProcess::~KafkaProcess() {
  if (!isRunning()) return;
  m_process.kill();
  m_process.waitForFinished();
}

void KafkaProcess::start() {
  m_process.start("java", javaArguments("kafka.Kafka", {configurationFile()}));
}

bool KafkaProcess::stopCleanly() {
  m_process.terminate();
  return m_process.waitForFinished(kPatienceMs);
}

uint16_t freePort() {
  QTcpServer server;
  server.listen(QHostAddress::LocalHost);
  return server.serverPort();
}

QStringList commonConfiguration(const QString& dataDirectory) {
  return {"log.dirs=" + dataDirectory,
          "controller.listener.names=CONTROLLER",
          "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
          "offsets.topic.replication.factor=1",
          "offsets.topic.num.partitions=1",
          "log.index.size.max.bytes=131072"};
}

bool waitUntilServing(KafkaProcess& kafka, const QString& bootstrap, const char* what) {
  QDeadlineTimer deadline(kPatienceMs);
  while (kafka.isRunning() && !deadline.hasExpired())
    if (runProcess("kcat", {"-L", "-b", bootstrap, "-m", "2"}).output.contains(what)) return true;
  return false;
}

}  // namespace streamscope::conformance
