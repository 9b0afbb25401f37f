#include "look_options.h"

namespace streamscope::app {

void addLookOptions(CommandLine& commandLine) {
  commandLine.addOption("theme", "NAME", "dark or light; dark when not given");
  commandLine.addOption("text-scale", "S", "size of text, 1 to 2; 1 when not given");
}

std::optional<ui::Appearance> appearanceFrom(const CommandLine& commandLine) {
  ui::Appearance appearance;
  if (const QString theme = commandLine.value("theme"); theme == "light") {
    appearance.theme = ui::ThemeName::Light;
  } else if (commandLine.isSet("theme") && theme != "dark") {
    complain("--theme is dark or light, not '" + theme + "'.");
    return std::nullopt;
  }
  if (commandLine.isSet("text-scale")) {
    bool isNumber = false;
    appearance.textScale = commandLine.value("text-scale").toDouble(&isNumber);
    if (!isNumber || !(appearance.textScale >= 1 && appearance.textScale <= 2)) {
      complain("--text-scale is a number from 1 to 2, not '" + commandLine.value("text-scale") + "'.");
      return std::nullopt;
    }
  }
  return appearance;
}

}  // namespace streamscope::app
