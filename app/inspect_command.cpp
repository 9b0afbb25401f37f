#include <QFileInfo>

#include "command_line.h"
#include "engine_input.h"
#include "file_inspection.h"
#include "storage/posix_storage.h"
#include "subcommands.h"

namespace streamscope::app {

int inspectCommand(const QStringList& arguments) {
  CommandLine commandLine("inspect",
                          "Shows what is in the files of a data directory, without changing them. The exit code is "
                          "1 when something in them is damaged.");
  commandLine.addArgument("PATH", "a segment, index, checkpoint or snapshot, or a directory of them", true);
  commandLine.addOption("json", "", "as JSON");
  commandLine.addOption("no-records", "", "batches without the records in them");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const QFileInfo path(commandLine.argument("PATH"));
  if (!path.exists()) return complain("There is no file or directory '" + commandLine.argument("PATH") + "'.");

  const bool isDirectory = path.isDir();
  storage::PosixStorage storage(pathOf(isDirectory ? path.absoluteFilePath() : path.absolutePath()));
  const auto files = log::filesIn(storage, isDirectory ? std::filesystem::path(".") : pathOf(path.fileName()));
  if (!files) return complain(QString::fromStdString(files.error().message));
  if (files->empty()) return complain("'" + commandLine.argument("PATH") + "' holds no file of a log directory.");

  FileInspection inspection(storage,
                            commandLine.isSet("json") ? FileInspection::Form::Json : FileInspection::Form::Text,
                            !commandLine.isSet("no-records"));
  inspection.begin();
  for (const std::filesystem::path& file : *files) {
    if (const auto shown = inspection.show(file); !shown)
      return complain(QString::fromStdString(shown.error().message));
  }
  inspection.end();
  return inspection.foundDamage() ? kFailureFound : kSuccess;
}

}  // namespace streamscope::app
