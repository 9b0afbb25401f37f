#pragma once

#include <QString>
#include <filesystem>
#include <optional>

#include "base/virtual_time.h"
#include "command_line.h"
#include "lab/lab_description.h"

namespace streamscope::app {

// How the words of a command line become what the engine takes. Each complains for itself when it cannot.

/// A path as the engine takes it; empty stays empty.
std::filesystem::path pathOf(const QString& text);

/// The lab a file describes.
std::optional<lab::LabDescription> readLabDescription(const QString& file);

/// The virtual time an option gives, or `fallback` when it is not given.
std::optional<base::VirtualTime> virtualTimeOption(const CommandLine& commandLine, const QString& option,
                                                   base::VirtualTime fallback);

/// When a promise of our own code is broken from now on, the process says how to tell the story again. `recording` may
/// be empty: then it says how to have one next time.
void announceRecordingOnAssertion(const std::filesystem::path& recording);

}  // namespace streamscope::app
