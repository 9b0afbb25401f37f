#pragma once

#include <optional>

#include "command_line.h"
#include "ui/appearance.h"

namespace streamscope::app {

/// --theme and --text-scale.
void addLookOptions(CommandLine& commandLine);
/// None after a complaint.
std::optional<ui::Appearance> appearanceFrom(const CommandLine& commandLine);

}  // namespace streamscope::app
