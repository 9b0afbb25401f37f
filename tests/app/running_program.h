#pragma once

#include <QProcess>
#include <QStringList>
#include <csignal>

namespace streamscope::app {

/// Longer than anything takes on a busy machine.
inline constexpr int kPatienceMs = 60'000;

/// A subcommand that goes on until it is asked to end, as a person starts it in a terminal.
class RunningProgram {
 public:
  RunningProgram(const QString& subcommand, const QStringList& arguments) {
    m_process.start(STREAMSCOPE_PROGRAM, QStringList(subcommand) + arguments);
  }
  ~RunningProgram() {
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

}  // namespace streamscope::app
