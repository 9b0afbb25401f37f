#include "engine_input.h"

#include <QFile>
#include <cstdio>

#include "base/assert.h"
#include "duration_argument.h"
#include "lab/lab_file.h"

namespace streamscope::app {
namespace {

/// No lab file comes near this.
constexpr qint64 kLabFileBytesMax = 16 * 1024 * 1024;

std::string& recordingOfThisRun() {
  static std::string recording;
  return recording;
}

void onAssertionFailed(const char*, const char*, int, const std::string&) {
  const std::string& recording = recordingOfThisRun();
  if (recording.empty())
    std::fprintf(stderr, "With --record FILE the next run can be told again.\n");
  else
    std::fprintf(stderr, "To see it again: streamscope replay %s\n", recording.c_str());
}

}  // namespace

std::filesystem::path pathOf(const QString& text) {
  return std::filesystem::path(text.toStdU16String());
}

std::optional<lab::LabDescription> readLabDescription(const QString& file) {
  QFile input(file);
  if (!input.open(QIODevice::ReadOnly)) {
    complain("The lab file '" + file + "' cannot be read: " + input.errorString() + ".");
    return std::nullopt;
  }
  if (input.size() > kLabFileBytesMax) {
    complain("'" + file + "' is too large to be a lab file.");
    return std::nullopt;
  }
  auto description = lab::parseLabFile(input.readAll().toStdString());
  if (!description) {
    complain(file + ": " + QString::fromStdString(description.error().message));
    return std::nullopt;
  }
  return *description;
}

std::optional<base::VirtualTime> virtualTimeOption(const CommandLine& commandLine, const QString& option,
                                                   base::VirtualTime fallback) {
  if (!commandLine.isSet(option)) return fallback;
  const auto duration = parseDuration(commandLine.value(option));
  if (duration) return base::VirtualTime(*duration);
  complain("--" + option + " takes a time such as 90s, 2m or 00:01:30.5, not '" + commandLine.value(option) + "'.");
  return std::nullopt;
}

void announceRecordingOnAssertion(const std::filesystem::path& recording) {
  recordingOfThisRun() = recording.string();
  base::setAssertionHook(onAssertionFailed);
}

}  // namespace streamscope::app
