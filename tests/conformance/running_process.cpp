#include "running_process.h"

namespace streamscope::conformance {
namespace {

constexpr int kPatienceMs = 180'000;

}  // namespace

ProcessOutcome finishProcess(QProcess& process) {
  ProcessOutcome outcome;
  if (!process.waitForFinished(kPatienceMs) && process.state() != QProcess::NotRunning) {
    process.kill();
    process.waitForFinished();
    outcome.errors = "did not end in time: ";
  } else if (process.error() == QProcess::FailedToStart) {
    outcome.errors = "is not installed (packaging/setup-debian): ";
  } else if (process.exitStatus() == QProcess::NormalExit) {
    outcome.exitCode = process.exitCode();
  }
  outcome.output = process.readAllStandardOutput();
  outcome.errors += process.readAllStandardError();
  return outcome;
}

ProcessOutcome runProcess(const QString& program, const QStringList& arguments, const QByteArray& input) {
  QProcess process;
  process.start(program, arguments);
  if (process.waitForStarted()) {
    process.write(input);
    process.closeWriteChannel();
  }
  return finishProcess(process);
}

}  // namespace streamscope::conformance
