#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace streamscope::conformance {

/// A process of Kafka's with the configuration it was given, a `key=value` a line. Killed when it goes out of scope.
class KafkaProcess {
 public:
  explicit KafkaProcess(const QStringList& configuration);
  ~KafkaProcess();

  QString configurationFile() const { return m_directory.filePath("server.properties"); }
  void start();
  bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
  /// SIGTERM, and waits. False when it does not end.
  bool stopCleanly();
  /// What it has said since the last call.
  QByteArray said() { return m_process.readAll(); }

 private:
  QTemporaryDir m_directory;
  QProcess m_process;
};

/// A port of the loopback that nobody listens on at this moment.
uint16_t freePort();

/// What every node over a data directory needs: listener names and small internal topics.
QStringList commonConfiguration(const QString& dataDirectory);

/// Asks with kcat for the cluster's metadata until `what` stands in the answer; false when the process ends before.
bool waitUntilServing(KafkaProcess& kafka, const QString& bootstrap, const char* what);

}  // namespace streamscope::conformance
