#include <thread>

#include "command_line.h"
#include "engine_input.h"
#include "gateway/live_host.h"
#include "subcommands.h"
#include "termination_signal.h"

namespace streamscope::app {
namespace {

constexpr int kBrokersMax = 12;
constexpr int kControllersMax = 5;
constexpr int kPortMax = 65'535;
/// Wall time a machine under heavy load may take to have the brokers up.
constexpr std::chrono::seconds kReadyWithin{60};
/// How often a person is told what has come up.
constexpr std::chrono::milliseconds kNoticeInterval{200};

/// For real clients: no link between brokers is slower than the machine makes it.
lab::LabDescription clusterToServe(qint64 brokers, qint64 controllers) {
  lab::LabDescription description;
  description.name = "serve";
  description.brokers = static_cast<int32_t>(brokers);
  description.controllers = static_cast<int32_t>(controllers);
  description.linkLatency = description.linkJitter = base::Duration(0);
  return description;
}

void passOnNotices(gateway::LiveHost& host) {
  for (const std::string& notice : host.takeNotices()) complain(QString::fromStdString(notice));
}

}  // namespace

int serveCommand(const QStringList& arguments) {
  CommandLine commandLine(
      "serve",
      "Runs a cluster for real clients until it is interrupted. Prints \"bootstrap servers: ...\" once "
      "every broker serves its listener on this machine's loopback interface.");
  commandLine.addOption("brokers", "N", "how many brokers, 1 to 12; 3 when not given");
  commandLine.addOption("controllers", "N", "how many controllers, 1 to 5; 1 when not given");
  commandLine.addOption("port", "P", "broker i listens on P+i-1; 9092 when not given, 0 for any free ports");
  commandLine.addOption("data-dir", "D",
                        "where the brokers keep their files; a fresh directory, removed at the end, when "
                        "not given");
  commandLine.addOption("record", "FILE", "keep everything that comes in, for streamscope replay");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto brokers = commandLine.number("brokers", 3, 1, kBrokersMax);
  const auto controllers = commandLine.number("controllers", 1, 1, kControllersMax);
  const auto port = commandLine.number("port", 9092, 0, kPortMax);
  if (!brokers || !controllers || !port) return kWrongUsage;

  TerminationSignal termination;
  gateway::LiveHost::Options options;
  options.basePort = static_cast<uint16_t>(*port);
  options.dataDirectory = pathOf(commandLine.value("data-dir"));
  options.recordTo = pathOf(commandLine.value("record"));
  options.publishSnapshots = false;
  announceRecordingOnAssertion(options.recordTo);
  auto host = gateway::LiveHost::start(clusterToServe(*brokers, *controllers), options);
  if (!host) return complain(QString::fromStdString(host.error().message));
  passOnNotices(**host);
  if (!(*host)->waitUntilReady(kReadyWithin)) {
    passOnNotices(**host);
    return complain("The brokers did not come up within a minute; is a data directory full or read-only?",
                    kFailureFound);
  }
  say("bootstrap servers: " + QString::fromStdString((*host)->bootstrapServers()));
  while (!termination.isRequested()) {
    passOnNotices(**host);
    std::this_thread::sleep_for(kNoticeInterval);
  }
  (*host)->stopCleanly();
  passOnNotices(**host);
  return kSuccess;
}

}  // namespace streamscope::app
