#include "lab_recorder.h"

#include <charconv>
#include <utility>

#include "json_object.h"
#include "json_text.h"
#include "lab/lab_file.h"
#include "storage/posix_storage.h"

namespace streamscope::lab {

std::string toHeaderJson(const RecordingStart& start) {
  nlohmann::ordered_json ports = nlohmann::ordered_json::object();
  for (const auto& [broker, port] : start.ports) ports[std::to_string(broker)] = std::to_string(port);
  const nlohmann::ordered_json header = {{"labFile", writeLabFile(start.description)},
                                         {"seed", start.seed},
                                         {"startMs", start.startMs},
                                         {"ports", std::move(ports)}};
  return header.dump();
}

base::Result<RecordingStart> startFromHeaderJson(const std::string& text) {
  const base::Result<nlohmann::json> json = parseJson(text);
  if (!json) return base::fail(json.error());
  std::optional<base::Error> error;
  RecordingStart start;
  std::string labFile;
  std::map<std::string, std::string> ports;
  JsonObject header(*json, "", error);
  header.text("labFile", labFile, JsonObject::Need::Required);
  header.integer<uint64_t>("seed", start.seed, 0);
  header.integer<int64_t>("startMs", start.startMs, 0);
  header.textMap("ports", ports);
  header.done();
  if (error) return base::fail(*error);
  const base::Result<LabDescription> description = parseLabFile(labFile);
  if (!description) return base::fail(description.error());
  start.description = *description;
  for (const auto& [broker, port] : ports) {
    base::BrokerId id = 0;
    uint16_t number = 0;
    std::from_chars(broker.data(), broker.data() + broker.size(), id);
    std::from_chars(port.data(), port.data() + port.size(), number);
    start.ports[id] = number;
  }
  return start;
}

base::Result<LabRecorder> LabRecorder::start(const std::filesystem::path& file, const RecordingStart& start) {
  const std::filesystem::path parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  auto directory = std::make_unique<storage::PosixStorage>(parent);
  auto opened = directory->open(file.filename(), storage::OpenMode::CreateNew);
  if (!opened) return base::fail(storage::toError(opened.error()));
  auto writer = world::RecordingWriter::start(std::move(*opened), toHeaderJson(start));
  if (!writer) return base::fail(storage::toError(writer.error()));
  return LabRecorder(std::move(directory), std::move(*writer));
}

void LabRecorder::append(const world::World& world, world::RecordedInput input) {
  append({world.now(), world.eventsRun(), std::move(input)});
}

void LabRecorder::append(const world::RecordingEntry& entry) {
  if (m_failure) return;
  const auto written = m_writer.append(entry);
  if (!written) m_failure = storage::toError(written.error());
}

}  // namespace streamscope::lab
