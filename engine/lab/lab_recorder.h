#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "lab/lab.h"
#include "world/recording.h"
#include "world/world.h"

namespace streamscope::lab {

/// How a recorded lab began.
struct RecordingStart {
  LabDescription description;
  uint64_t seed = 0;
  base::TimestampMs startMs = 0;
  std::map<base::BrokerId, uint16_t> ports;
};
std::string toHeaderJson(const RecordingStart& start);
base::Result<RecordingStart> startFromHeaderJson(const std::string& text);

/// Writes everything that comes into a lab from outside to a file. After a write failed nothing more is recorded and
/// `failure` says why; the lab goes on.
class LabRecorder {
 public:
  static base::Result<LabRecorder> start(const std::filesystem::path& file, const RecordingStart& start);

  /// At the world's present moment.
  void append(const world::World& world, world::RecordedInput input);
  void append(const world::RecordingEntry& entry);
  const std::optional<base::Error>& failure() const { return m_failure; }

 private:
  LabRecorder(std::unique_ptr<storage::Storage> directory, world::RecordingWriter writer)
      : m_directory(std::move(directory)), m_writer(std::move(writer)) {}

  std::unique_ptr<storage::Storage> m_directory;
  world::RecordingWriter m_writer;
  std::optional<base::Error> m_failure;
};

}  // namespace streamscope::lab
