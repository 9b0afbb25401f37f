#include <QStringList>

#include "command_line.h"
#include "subcommands.h"
#include "version.h"

using namespace streamscope::app;

namespace {

struct Subcommand {
  const char* name;
  const char* summary;
  int (*run)(const QStringList& arguments);
};

constexpr Subcommand kSubcommands[] = {
    {"gui", "the lab's window (also without any subcommand)", guiCommand},
    {"serve", "a cluster for real clients, without a window", serveCommand},
    {"run", "run a lab file as fast as it goes", runCommand},
    {"inspect", "show a segment, index, checkpoint or data directory", inspectCommand},
    {"render", "draw a lab at a virtual time into a PNG file", renderCommand},
    {"replay", "run a recording again", replayCommand},
    {"find-loss", "the shortest story in which a lab loses a record", findLossCommand},
    {"simulate", "thousands of worlds with faults, and a checker of every promise", simulateCommand},
};

QString helpText() {
  QString text =
      "Usage: streamscope [SUBCOMMAND] [ARGUMENTS]\n\n"
      "A lab for event streaming: a whole Kafka cluster in one process, to watch, feed and break.\n";
  for (const Subcommand& subcommand : kSubcommands)
    text += "\n  " + QString(subcommand.name).leftJustified(10) + subcommand.summary;
  text +=
      "\n\n  --help     this text; streamscope SUBCOMMAND --help for more\n"
      "  --version  the program's version and Kafka's that it behaves like";
  return text;
}

bool isLabFile(const QString& argument) {
  return argument.endsWith(".lab.json");
}

}  // namespace

int main(int argc, char** argv) {
  QStringList arguments;
  for (int i = 1; i < argc; ++i) arguments << QString::fromLocal8Bit(argv[i]);

  if (arguments.isEmpty() || isLabFile(arguments.first())) return guiCommand(arguments);
  const QString name = arguments.takeFirst();
  for (const Subcommand& subcommand : kSubcommands) {
    if (name == subcommand.name) return subcommand.run(arguments);
  }
  if (name == "--help" || name == "-h") {
    say(helpText());
    return kSuccess;
  }
  if (name == "--version") {
    say(versionText());
    return kSuccess;
  }
  return complain("There is no subcommand '" + name + "'. See streamscope --help.");
}
