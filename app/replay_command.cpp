#include <QFileInfo>

#include "command_line.h"
#include "engine_input.h"
#include "lab/lab.h"
#include "run_report.h"
#include "subcommands.h"

namespace streamscope::app {

int replayCommand(const QStringList& arguments) {
  CommandLine commandLine("replay",
                          "Runs a recording again, from its beginning to its end. The last line it prints is the "
                          "hash of the trace: the same as that of the run it tells.");
  commandLine.addArgument("RECORDING", "a file that --record wrote", true);
  commandLine.addOption("until", "T", "end at this virtual time");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto until = virtualTimeOption(commandLine, "until", base::kVirtualTimeMax);
  if (!until) return kWrongUsage;
  const QString recording = commandLine.argument("RECORDING");
  if (!QFileInfo(recording).isFile()) return complain("There is no recording '" + recording + "'.");

  announceRecordingOnAssertion(pathOf(recording));
  const auto lab =
      commandLine.isSet("until") ? lab::Lab::replay(pathOf(recording), *until) : lab::Lab::replay(pathOf(recording));
  if (!lab) return complain(QString::fromStdString(lab.error().message));
  for (const QString& line : summaryOf(*(*lab)->snapshot())) say(line);
  say("trace sha256: " + QString::fromStdString((*lab)->traceHash()));
  return kSuccess;
}

}  // namespace streamscope::app
