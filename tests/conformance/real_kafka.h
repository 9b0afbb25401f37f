#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace streamscope::conformance {

/// One Apache Kafka node, broker and controller in one, on free ports of the loopback, over a data directory of the
/// caller's. Its background work (cleaner, retention, metadata snapshots) comes within a second, so that small data
/// shows all of it. Killed when it goes out of scope.
class RealKafka {
 public:
  static constexpr int kNodeId = 1;

  explicit RealKafka(QString dataDirectory);
  ~RealKafka();

  /// Writes meta.properties and the first metadata of a new cluster. False: `problem()`.
  bool format();
  /// Returns when the broker takes requests. False: `problem()`.
  bool start();
  /// SIGTERM, and waits: every log is closed, the clean-shutdown marker written. False: `problem()`.
  bool stopCleanly();
  /// SIGKILL.
  void kill();

  QString bootstrapServers() const { return QString("127.0.0.1:%1").arg(m_brokerPort); }
  /// Takes what Kafka has said since; a program that makes it say much calls this now and then, because a full pipe
  /// would stop Kafka.
  void readAlong();
  /// What went wrong, with what Kafka said.
  const QString& problem() const { return m_problem; }

 private:
  void choosePorts();
  bool startOnce();
  QString writeConfiguration();
  bool fail(const QString& what);

  QString m_dataDirectory;
  QTemporaryDir m_configuration;
  uint16_t m_brokerPort = 0;
  uint16_t m_controllerPort = 0;
  QProcess m_process;
  QByteArray m_said;
  QString m_problem;
};

}  // namespace streamscope::conformance
