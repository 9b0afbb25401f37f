#include <QFile>
#include <QJsonDocument>

#include "command_line.h"
#include "engine_input.h"
#include "lab/invariant_checker.h"
#include "lab/lab.h"
#include "run_report.h"
#include "subcommands.h"
#include "world/trace_json.h"

namespace streamscope::app {
namespace {

/// The trace as it happens, one JSON object a line.
class TraceFile {
 public:
  explicit TraceFile(const QString& path) : m_file(path) {}

  bool open() { return m_file.open(QIODevice::WriteOnly | QIODevice::Truncate); }
  void add(const world::TraceEvent& event) {
    const std::string line = world::toJson(event) + '\n';
    m_isWhole = m_isWhole && m_file.write(line.data(), static_cast<qint64>(line.size())) >= 0;
  }
  bool close() { return m_file.flush() && m_isWhole; }
  QString problem() const { return m_file.errorString(); }

 private:
  QFile m_file;
  bool m_isWhole = true;
};

/// A command of the lab that was refused says so, whatever the run comes to.
void tellRefusal(const world::TraceEvent& event) {
  const auto* executed = std::get_if<world::CommandExecuted>(&event.payload);
  if (executed == nullptr || executed->refusal.empty()) return;
  complain(QString("At %1 the lab's command %2 was refused: %3")
               .arg(QString::fromStdString(base::formatVirtualTime(event.time)),
                    QString::fromStdString(executed->command), QString::fromStdString(executed->refusal)));
}

bool isHealthy(const lab::Snapshot& snapshot) {
  return snapshot.counters.underReplicatedPartitions == 0 && snapshot.counters.offlinePartitions == 0;
}

bool writeReport(const QString& path, const QJsonObject& report) {
  QFile file(path);
  const QByteArray text = QJsonDocument(report).toJson();
  return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size() && file.flush();
}

}  // namespace

int runCommand(const QStringList& arguments) {
  CommandLine commandLine("run",
                          "Runs a lab as fast as it goes, from its beginning to a virtual time. The last line it "
                          "prints is the hash of the trace: the same lab and seed give the same hash. The exit "
                          "code is 1 when the cluster broke a promise, such as losing an acknowledged record.");
  commandLine.addArgument("LAB", "a *.lab.json file", true);
  commandLine.addOption("until", "T",
                        "end at this virtual time, such as 90s, 2m or 00:01:30; the lab's own when not given");
  commandLine.addOption("seed", "N", "another seed than the lab's");
  commandLine.addOption("data-dir", "D", "keep the brokers' files there; in memory when not given");
  commandLine.addOption("report", "FILE", "write what there was at the end, as JSON");
  commandLine.addOption("trace", "FILE", "write every event, one JSON object a line");
  commandLine.addOption("record", "FILE", "keep everything that comes in, for streamscope replay");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto description = readLabDescription(commandLine.argument("LAB"));
  if (!description) return kWrongUsage;
  const auto until = virtualTimeOption(commandLine, "until", base::VirtualTime(description->until));
  const auto seed = commandLine.number("seed", 0, 0, std::numeric_limits<qint64>::max());
  if (!until || !seed) return kWrongUsage;

  std::optional<TraceFile> traceFile;
  if (commandLine.isSet("trace") && !traceFile.emplace(commandLine.value("trace")).open())
    return complain("The trace file '" + commandLine.value("trace") + "' cannot be written: " + traceFile->problem() +
                    ".");
  lab::Lab::Options options;
  options.dataDirectory = pathOf(commandLine.value("data-dir"));
  if (commandLine.isSet("seed")) options.seed = static_cast<uint64_t>(*seed);
  options.recordTo = pathOf(commandLine.value("record"));
  options.hashTrace = true;
  announceRecordingOnAssertion(options.recordTo);
  const auto lab = lab::Lab::open(*description, options);
  if (!lab) return complain(QString::fromStdString(lab.error().message));
  lab::InvariantChecker invariants(**lab);
  (*lab)->subscribe(tellRefusal);
  if (traceFile) (*lab)->subscribe([&traceFile](const world::TraceEvent& event) { traceFile->add(event); });

  (*lab)->runUntil(*until);

  const lab::SnapshotPtr end = (*lab)->snapshot();
  // What a broken cluster has on its disks proves nothing yet.
  if (isHealthy(*end)) invariants.checkNow();
  const std::vector<std::string> violations = invariants.violations();
  if (traceFile && !traceFile->close())
    return complain("The trace file '" + commandLine.value("trace") + "' is not whole: " + traceFile->problem() + ".");
  if (commandLine.isSet("report") &&
      !writeReport(commandLine.value("report"), reportOf(*end, (*lab)->traceHash(), violations)))
    return complain("The report '" + commandLine.value("report") + "' cannot be written.");
  for (const QString& line : summaryOf(*end)) say(line);
  for (const std::string& violation : violations) complain(QString::fromStdString(violation));
  say("trace sha256: " + QString::fromStdString((*lab)->traceHash()));
  return violations.empty() ? kSuccess : kFailureFound;
}

}  // namespace streamscope::app
