#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

namespace streamscope::conformance {

/// How a program ended and what it said.
struct ProcessOutcome {
  /// -1 when it could not be started or did not end in time.
  int exitCode = -1;
  QByteArray output, errors;

  bool succeeded() const { return exitCode == 0; }
};

/// Runs a program to its end. `program` is looked for on the PATH.
ProcessOutcome runProcess(const QString& program, const QStringList& arguments, const QByteArray& input = {});

/// Waits for the end of one that was started, and reads what is left.
ProcessOutcome finishProcess(QProcess& process);

}  // namespace streamscope::conformance
