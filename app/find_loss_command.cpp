#include <QFile>

#include "command_line.h"
#include "engine_input.h"
#include "lab/lab_file.h"
#include "simulation/loss_search.h"
#include "simulation/story.h"
#include "subcommands.h"

namespace streamscope::app {
namespace {

constexpr qint64 kWorldsDefault = 500;
constexpr qint64 kWorldsMax = 1'000'000'000;
const char* const kPromiseDefault = "acknowledged-records-survive";

/// The sentence of the promise with this name; none after a complaint.
std::optional<std::string> promiseNamed(const QString& name) {
  QStringList known;
  for (const std::string& promise : simulation::allPromises()) {
    known << QString::fromStdString(simulation::promiseName(promise));
    if (known.last() == name) return promise;
  }
  complain("There is no promise '" + name + "'; there are " + known.join(", ") + ".");
  return std::nullopt;
}

bool writeStory(const QString& path, lab::LabDescription told, const lab::Breach& breach) {
  told.description = breach.toString();
  QFile file(path);
  const std::string text = lab::writeLabFile(told);
  return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
         file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

}  // namespace

int findLossCommand(const QStringList& arguments) {
  CommandLine commandLine("find-loss",
                          "Looks for the shortest story of faults in which a lab breaks a promise, such as losing an "
                          "acknowledged record. The exit code is 1 when there is one, 0 when every world tried kept "
                          "the promise.");
  commandLine.addArgument("LAB", "a *.lab.json file with topics and producers", true);
  commandLine.addOption("promise", "NAME", "which promise; acknowledged-records-survive when not given");
  commandLine.addOption("worlds", "N", "try so many worlds at most; 500 when not given");
  commandLine.addOption("write", "FILE", "write the story as a lab file");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto description = readLabDescription(commandLine.argument("LAB"));
  if (!description) return kWrongUsage;
  const auto worlds = commandLine.number("worlds", kWorldsDefault, 1, kWorldsMax);
  const auto promise = promiseNamed(commandLine.isSet("promise") ? commandLine.value("promise") : kPromiseDefault);
  if (!worlds || !promise) return kWrongUsage;

  const auto search = simulation::findLoss(*description, *promise, static_cast<uint64_t>(*worlds));
  if (!search) return complain(QString::fromStdString(search.error().message));
  if (!search->found) {
    say(QString("%1 worlds tried, and none breaks the promise: ").arg(search->worldsTried) +
        QString::fromStdString(*promise));
    return kSuccess;
  }
  simulation::TrialOptions options;
  options.claims = lab::InvariantChecker::Claims::EveryAcknowledgement;
  options.promise = *promise;
  const auto story = simulation::tell(search->found->trial, options);
  if (!story) return complain(QString::fromStdString(story.error().message));
  say(QString("Found in world %1: ").arg(search->worldsTried) +
      QString::fromStdString(simulation::describeLab(search->found->trial.lab)) + ".");
  for (const std::string& line : story->lines) say("  " + QString::fromStdString(line));
  const QString file = commandLine.value("write");
  if (!file.isEmpty() && !writeStory(file, story->outcome.told, story->outcome.breaches.front()))
    return complain("The lab file '" + file + "' cannot be written.");
  return kFailureFound;
}

}  // namespace streamscope::app
