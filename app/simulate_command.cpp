#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <cstdio>
#include <limits>

#include "base/assert.h"
#include "base/known_bug.h"
#include "command_line.h"
#include "engine_input.h"
#include "lab/lab_file.h"
#include "simulation/shrink.h"
#include "simulation/story.h"
#include "simulation/swarm.h"
#include "subcommands.h"

namespace streamscope::app {
namespace {

/// A failure is cut down by running so many smaller trials at most.
constexpr int32_t kShrinkRunsMax = 300;
/// Further ones are named but not told at length.
constexpr int kStoriesMax = 3;
constexpr double kMinutesMax = 60.0 * 24 * 365;
constexpr qint64 kMillisecondsPerMinute = 60'000;
constexpr int64_t kMicrosecondsPerSecond = 1'000'000;

struct Seeds {
  uint64_t first = 1;
  uint64_t last = std::numeric_limits<uint64_t>::max();
};

struct Wanted {
  Seeds seeds;
  base::KnownBugs bugs;
  /// Of wall time; none: all seeds.
  std::optional<qint64> milliseconds;
  QString recordTo;
  /// The first breach is what was looked for.
  bool endsWithFirst = false;
};

std::optional<Seeds> parseSeeds(const QString& text) {
  static const QRegularExpression form(R"(\A(\d+)(?:\.\.(\d+))?\z)");
  const auto match = form.match(text);
  bool isFirst = false, isLast = false;
  Seeds seeds;
  seeds.first = match.captured(1).toULongLong(&isFirst);
  seeds.last = match.captured(2).isEmpty() ? seeds.first : match.captured(2).toULongLong(&isLast);
  if (isFirst && (isLast || match.captured(2).isEmpty()) && seeds.first <= seeds.last) return seeds;
  complain("--seeds takes a range such as 1..1000, not '" + text + "'.");
  return std::nullopt;
}

QString namesOfBugs() {
  QStringList names;
  for (const base::KnownBugName& each : base::kKnownBugNames)
    names << QString::fromUtf8(each.name.data(), static_cast<qsizetype>(each.name.size()));
  return names.join('\n');
}

std::optional<Wanted> readWanted(const CommandLine& commandLine) {
  Wanted wanted;
  if (!commandLine.isSet("seeds") && !commandLine.isSet("minutes")) {
    complain("Say which worlds with --seeds A..B, or for how long with --minutes T.");
    return std::nullopt;
  }
  if (commandLine.isSet("seeds")) {
    const auto seeds = parseSeeds(commandLine.value("seeds"));
    if (!seeds) return std::nullopt;
    wanted.seeds = *seeds;
  }
  if (commandLine.isSet("minutes")) {
    bool isNumber = false;
    const double minutes = commandLine.value("minutes").toDouble(&isNumber);
    if (!isNumber || !(minutes > 0 && minutes <= kMinutesMax)) {
      complain("--minutes takes a number of minutes of wall time, not '" + commandLine.value("minutes") + "'.");
      return std::nullopt;
    }
    wanted.milliseconds = static_cast<qint64>(minutes * static_cast<double>(kMillisecondsPerMinute));
  }
  if (commandLine.isSet("bug")) {
    const auto bug = base::knownBugNamed(commandLine.value("bug").toStdString());
    if (!bug) {
      complain("There is no bug '" + commandLine.value("bug") + "'. See streamscope simulate --list-bugs.");
      return std::nullopt;
    }
    wanted.bugs.switchOn(*bug);
    wanted.endsWithFirst = true;
  }
  wanted.recordTo = commandLine.value("record-to");
  if (!wanted.recordTo.isEmpty() && !QDir().mkpath(wanted.recordTo)) {
    complain("The directory '" + wanted.recordTo + "' cannot be made.");
    return std::nullopt;
  }
  return wanted;
}

bool writeLab(const QString& path, const lab::LabDescription& lab) {
  QFile file(path);
  const std::string text = lab::writeLabFile(lab);
  return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
         file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

/// Cuts the failure down, tells it, and keeps it as a recording and as a lab file.
void tellFailure(uint64_t seed, const simulation::Trial& trial, const simulation::TrialOutcome& outcome,
                 const QString& directory) {
  const simulation::Shrunk shrunk =
      simulation::shrink(trial, outcome, outcome.breaches.front().promise, kShrinkRunsMax);
  simulation::TrialOptions options;
  options.promise = outcome.breaches.front().promise;
  const QString name = "seed-" + QString::number(seed);
  const QString recording = directory.isEmpty() ? QString() : directory + "/" + name + ".recording";
  if (!recording.isEmpty()) QFile::remove(recording);
  options.recordTo = pathOf(recording);
  const auto story = simulation::tell(shrunk.trial, options);
  if (!story) {
    complain(QString::fromStdString(story.error().message));
    return;
  }
  say(QString("  From %1 faults to %2 in %3 runs: ")
          .arg(trial.faults.size())
          .arg(shrunk.trial.faults.size())
          .arg(shrunk.runs) +
      QString::fromStdString(simulation::describeLab(shrunk.trial.lab)) + ".");
  for (const std::string& line : story->lines) say("  " + QString::fromStdString(line));
  if (recording.isEmpty()) return;
  const QString labFile = directory + "/" + name + ".lab.json";
  if (!writeLab(labFile, story->outcome.told)) complain("The lab file '" + labFile + "' cannot be written.");
  const QString breach = QString::fromStdString(base::formatVirtualTime(story->outcome.breaches.front().at));
  say("  To see it again: streamscope replay " + recording + " --until " + breach + ", or streamscope gui " + labFile +
      " --at " + breach);
}

uint64_t& seedOfThisMoment() {
  static uint64_t seed = 0;
  return seed;
}

void onAssertionFailed(const char*, const char*, int, const std::string&) {
  std::fprintf(stderr, "To see it again: streamscope simulate --seeds %llu with the same options\n",
               static_cast<unsigned long long>(seedOfThisMoment()));
}

int simulate(const Wanted& wanted) {
  base::setAssertionHook(onAssertionFailed);
  QElapsedTimer wall;
  wall.start();
  uint64_t seedsRun = 0;
  int failures = 0;
  int64_t batches = 0;
  base::Duration virtualTime{};
  for (uint64_t seed = wanted.seeds.first;; ++seed) {
    if (wanted.milliseconds && wall.elapsed() >= *wanted.milliseconds) break;
    seedOfThisMoment() = seed;
    simulation::Trial trial = simulation::drawTrial(seed);
    trial.lab.bugs = wanted.bugs;
    const auto outcome = simulation::runTrial(trial);
    if (!outcome) return complain(QString::fromStdString(outcome.error().message));
    ++seedsRun;
    batches += outcome->batchesPromised;
    virtualTime += outcome->ended.time_since_epoch();
    if (!outcome->breaches.empty()) {
      ++failures;
      const lab::Breach& breach = outcome->breaches.front();
      say(QString("seed %1 at ").arg(seed) + QString::fromStdString(base::formatVirtualTime(breach.at)) + ": " +
          QString::fromStdString(breach.toString()));
      if (failures <= kStoriesMax) tellFailure(seed, trial, *outcome, wanted.recordTo);
      if (wanted.endsWithFirst) break;
    }
    if (seed == wanted.seeds.last) break;
  }
  say(QString("%1 seeds, %2 virtual seconds, %3 batches promised, in %4 s: %5 broken")
          .arg(seedsRun)
          .arg(virtualTime.count() / kMicrosecondsPerSecond)
          .arg(batches)
          .arg(static_cast<double>(wall.elapsed()) / 1000, 0, 'f', 1)
          .arg(failures));
  return failures == 0 ? kSuccess : kFailureFound;
}

}  // namespace

int simulateCommand(const QStringList& arguments) {
  CommandLine commandLine("simulate",
                          "Runs clusters through faults, a world for each seed, and checks every promise: first that "
                          "nothing breaks under faults, then that all is well once enough is healed. A failure is cut "
                          "down to a short story. The exit code is 1 when a promise was broken.");
  commandLine.addOption("seeds", "A..B", "the worlds; without an end to it when only --minutes is given");
  commandLine.addOption("minutes", "T", "end after so many minutes of wall time");
  commandLine.addOption("bug", "NAME", "switch on a mistake and look for the first world that shows it");
  commandLine.addOption("list-bugs", {}, "print the names of the mistakes");
  commandLine.addOption("record-to", "DIR", "keep failures there, for streamscope replay and as lab files");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  if (commandLine.isSet("list-bugs")) {
    say(namesOfBugs());
    return kSuccess;
  }
  const auto wanted = readWanted(commandLine);
  return wanted ? simulate(*wanted) : kWrongUsage;
}

}  // namespace streamscope::app
