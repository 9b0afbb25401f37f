#include <QApplication>
#include <QTimer>
#include <future>

#include "command_line.h"
#include "default_lab.h"
#include "engine_input.h"
#include "gateway/live_host.h"
#include "look_options.h"
#include "subcommands.h"
#include "termination_signal.h"
#include "ui/main_window.h"

namespace streamscope::app {
namespace {

constexpr int kPortMax = 65'535;
/// How often the window looks whether it was asked to end.
constexpr std::chrono::milliseconds kTerminationCheckInterval{200};

}  // namespace

int guiCommand(const QStringList& arguments) {
  CommandLine commandLine("gui", "Opens the lab's window. Real clients reach the brokers at the addresses it shows.");
  commandLine.addArgument("LAB", "a *.lab.json file; three brokers with one topic when not given", false);
  commandLine.addOption("port", "P", "broker i listens on P+i-1; 9092 when not given, 0 for any free ports");
  commandLine.addOption("data-dir", "D",
                        "where the brokers keep their files; a fresh directory, removed at the end, when "
                        "not given");
  commandLine.addOption("at", "T",
                        "begin at this virtual time, paused: the moment a simulation's lab file broke a promise");
  commandLine.addOption("record", "FILE", "keep everything that comes in, for streamscope replay");
  commandLine.addOption("announce-first-frame", {}, "print a line once the first picture is on the screen");
  addLookOptions(commandLine);
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  const auto port = commandLine.number("port", 9092, 0, kPortMax);
  const auto appearance = appearanceFrom(commandLine);
  const auto at = virtualTimeOption(commandLine, "at", base::VirtualTime{});
  if (!port || !appearance || !at) return kWrongUsage;
  const QString file = commandLine.argument("LAB");
  const auto description = file.isEmpty() ? defaultLab() : readLabDescription(file);
  if (!description) return kWrongUsage;

  TerminationSignal termination;
  gateway::LiveHost::Options options;
  options.basePort = static_cast<uint16_t>(*port);
  options.dataDirectory = pathOf(commandLine.value("data-dir"));
  if (commandLine.isSet("at")) options.startAt = *at;
  options.recordTo = pathOf(commandLine.value("record"));
  announceRecordingOnAssertion(options.recordTo);
  // The cluster starts while Qt does: neither waits for the other.
  auto starting = std::async(std::launch::async, [&] { return gateway::LiveHost::start(*description, options); });
  int argc = 1;
  char name[] = "streamscope";
  char* argv[] = {name, nullptr};
  QApplication application(argc, argv);
  QApplication::setApplicationName("streamscope");
  QApplication::setApplicationDisplayName("Streamscope");

  auto host = starting.get();
  if (!host) return complain(QString::fromStdString(host.error().message));
  ui::MainWindow window(**host, *appearance);
  if (commandLine.isSet("announce-first-frame"))
    QObject::connect(&window, &ui::MainWindow::firstFramePainted, [] { say("first frame painted"); });
  window.show();
  QTimer terminationCheck;
  QObject::connect(&terminationCheck, &QTimer::timeout, [&termination] {
    if (termination.isRequested()) QApplication::quit();
  });
  terminationCheck.start(kTerminationCheckInterval);
  const int exitCode = QApplication::exec();
  (*host)->stopCleanly();
  return exitCode;
}

}  // namespace streamscope::app
