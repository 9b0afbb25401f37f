#include <QApplication>
#include <QLoggingCategory>
#include <QRegularExpression>

#include "command_line.h"
#include "engine_input.h"
#include "lab/lab.h"
#include "look_options.h"
#include "subcommands.h"
#include "ui/scene_renderer.h"

namespace streamscope::app {
namespace {

constexpr QSize kSizeWhenNotGiven(1400, 850);
constexpr int kSideMin = 320, kSideMax = 8'000;
/// What the charts and the event list look back on.
constexpr std::chrono::seconds kLookBack{60};
constexpr std::chrono::milliseconds kBetweenSnapshots{100};

std::optional<QSize> sizeFrom(const CommandLine& commandLine) {
  if (!commandLine.isSet("size")) return kSizeWhenNotGiven;
  static const QRegularExpression form(R"(\A(\d{1,5})[xX](\d{1,5})\z)");
  const auto match = form.match(commandLine.value("size"));
  const QSize size(match.captured(1).toInt(), match.captured(2).toInt());
  if (match.hasMatch() && qMin(size.width(), size.height()) >= kSideMin &&
      qMax(size.width(), size.height()) <= kSideMax)
    return size;
  complain(QString("--size is WIDTHxHEIGHT, each from %1 to %2, such as 1400x850, not '%3'.")
               .arg(kSideMin)
               .arg(kSideMax)
               .arg(commandLine.value("size")));
  return std::nullopt;
}

std::optional<double> scaleFrom(const CommandLine& commandLine) {
  if (!commandLine.isSet("scale")) return 1.0;
  bool isNumber = false;
  const double scale = commandLine.value("scale").toDouble(&isNumber);
  if (isNumber && scale >= 1 && scale <= 3) return scale;
  complain("--scale is a number from 1 to 3, not '" + commandLine.value("scale") + "'.");
  return std::nullopt;
}

/// Runs the lab to the moment and keeps what a picture of it needs.
ui::Scene sceneAt(lab::Lab& lab, base::VirtualTime moment) {
  const base::VirtualTime lookBackFrom = std::max(base::VirtualTime{}, moment - kLookBack);
  ui::Scene scene;
  lab.runUntil(lookBackFrom);
  lab.subscribe([&scene](const world::TraceEvent& event) { scene.trace.push_back(event); });
  for (base::VirtualTime time = lookBackFrom; time < moment; time += kBetweenSnapshots) {
    lab.runUntil(time);
    scene.history.push_back(lab.snapshot());
  }
  lab.runUntil(moment);
  scene.snapshot = lab.snapshot();
  return scene;
}

}  // namespace

int renderCommand(const QStringList& arguments) {
  CommandLine commandLine("render",
                          "Draws the window as it looks at a moment of a lab. The same lab, seed and moment give "
                          "the same picture.");
  commandLine.addArgument("LAB", "a *.lab.json file", true);
  commandLine.addOption("at", "T", "the virtual time, such as 21.5s or 00:00:21.5");
  commandLine.addOption("size", "WxH", "in logical pixels; 1400x850 when not given");
  commandLine.addOption("scale", "S", "device pixels for each logical one, 1 to 3; 1 when not given");
  commandLine.addOption("seed", "N", "another seed than the lab's");
  addLookOptions(commandLine);
  commandLine.addOption("o", "PNG", "the picture's file");
  if (!commandLine.parse(arguments)) return commandLine.exitCode();
  for (const char* needed : {"at", "o"}) {
    if (!commandLine.isSet(needed))
      return complain(QString(needed) == "o" ? "-o PNG is missing." : "--at T is missing.");
  }
  const auto moment = virtualTimeOption(commandLine, "at", {});
  const auto size = sizeFrom(commandLine);
  const auto scale = scaleFrom(commandLine);
  const auto appearance = appearanceFrom(commandLine);
  const auto seed = commandLine.number("seed", 0, 0, std::numeric_limits<qint64>::max());
  if (!moment || !size || !scale || !appearance || !seed) return kWrongUsage;
  const auto description = readLabDescription(commandLine.argument("LAB"));
  if (!description) return kWrongUsage;

  lab::Lab::Options options;
  if (commandLine.isSet("seed")) options.seed = static_cast<uint64_t>(*seed);
  // In a picture the brokers have their usual ports, though nobody listens.
  for (base::BrokerId broker = 1; broker <= description->brokers; ++broker)
    options.ports[broker] = static_cast<uint16_t>(9091 + broker);
  const auto lab = lab::Lab::open(*description, options);
  if (!lab) return complain(QString::fromStdString(lab.error().message));
  const ui::Scene scene = sceneAt(**lab, *moment);

  // Pictures do not depend on the screen, nor on there being one.
  qputenv("QT_QPA_PLATFORM", "offscreen");
  qputenv("QT_SCALE_FACTOR", "1");
  // The platform without a screen remarks on what it lacks, which nobody asked.
  QLoggingCategory::setFilterRules("default.warning=false");
  int argc = 1;
  char name[] = "streamscope";
  char* argv[] = {name, nullptr};
  QApplication application(argc, argv);
  const QString file = commandLine.value("o");
  if (!ui::renderScene(scene, *size, *scale, *appearance).save(file, "PNG"))
    return complain("The picture '" + file + "' cannot be written.");
  return kSuccess;
}

}  // namespace streamscope::app
