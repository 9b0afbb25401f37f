#pragma once

#include <QProcess>
#include <QStringList>

namespace streamscope::app {

struct ProgramOutcome {
  int exitCode = -1;
  QString output, errors;
};

/// Runs the built program to its end.
inline ProgramOutcome runProgram(const QStringList& arguments) {
  QProcess process;
  process.start(STREAMSCOPE_PROGRAM, arguments);
  if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit) {
    process.kill();
    process.waitForFinished();
    return {};
  }
  return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
          QString::fromUtf8(process.readAllStandardError())};
}

}  // namespace streamscope::app
