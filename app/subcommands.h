#pragma once

#include <QStringList>

namespace streamscope::app {

// One function for each subcommand, in a file of its own. Arguments without the subcommand's name; returns the exit
// code.

int guiCommand(const QStringList& arguments);
int serveCommand(const QStringList& arguments);
int runCommand(const QStringList& arguments);
int inspectCommand(const QStringList& arguments);
int renderCommand(const QStringList& arguments);
int replayCommand(const QStringList& arguments);
int findLossCommand(const QStringList& arguments);
int simulateCommand(const QStringList& arguments);

}  // namespace streamscope::app
