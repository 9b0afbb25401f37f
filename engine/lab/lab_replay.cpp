#include <utility>

#include "lab/command_json.h"
#include "lab/lab.h"
#include "lab_recorder.h"
#include "storage/posix_storage.h"
#include "world/recording.h"

namespace streamscope::lab {

namespace {

tl::unexpected<base::Error> diverged(const std::filesystem::path& recording, const world::RecordingEntry& entry) {
  return base::fail(base::ErrorCode::INVALID_REQUEST,
                    recording.string() + " tells another story than this program: its input at " +
                        base::formatVirtualTime(entry.time) + " came after " + std::to_string(entry.eventsRun) +
                        " events, which is not reached that way here; replay it with the version that wrote it.");
}

/// Runs to the moment of the input; false when the world takes another way.
bool runTo(Lab& lab, const world::RecordingEntry& entry) {
  world::World& world = lab.world();
  while (world.eventsRun() < entry.eventsRun) {
    if (world.nextEventTime() > entry.time || !world.step()) return false;
  }
  if (world.eventsRun() != entry.eventsRun || world.now() > entry.time || world.nextEventTime() < entry.time)
    return false;
  world.advanceTo(entry.time);
  return true;
}

struct InputGiver {
  Lab& lab;

  base::Status operator()(const world::RecordedCommand& input) const {
    const base::Result<Command> command = commandFromJson(input.text);
    if (!command) return base::fail(command.error());
    // A refusal is part of the story.
    (void)lab.execute(*command);
    return {};
  }
  base::Status operator()(const world::RecordedOpen& input) const {
    lab.world().openExternal(input.broker, input.peer, nullptr);
    return {};
  }
  base::Status operator()(const world::RecordedFrame& input) const {
    lab.world().externalFrame(input.connection, input.frame.view());
    return {};
  }
  base::Status operator()(const world::RecordedClose& input) const {
    lab.world().closeExternal(input.connection, input.reason);
    return {};
  }
  base::Status operator()(const world::RecordedEnd&) const { return {}; }
};

}  // namespace

base::Result<std::unique_ptr<Lab>> Lab::replay(const std::filesystem::path& recording,
                                               std::optional<base::VirtualTime> until) {
  const std::filesystem::path parent =
      recording.has_parent_path() ? recording.parent_path() : std::filesystem::path(".");
  storage::PosixStorage directory(parent);
  auto file = directory.open(recording.filename(), storage::OpenMode::ReadOnly);
  if (!file) return base::fail(storage::toError(file.error()));
  base::Result<world::RecordingReader> reader = world::RecordingReader::open(std::move(*file), recording.string());
  if (!reader) return base::fail(reader.error());
  const base::Result<RecordingStart> start = startFromHeaderJson(reader->headerJson());
  if (!start) return base::fail(start.error());

  Options options;
  options.seed = start->seed;
  options.startMs = start->startMs;
  options.ports = start->ports;
  options.hashTrace = true;
  base::Result<std::unique_ptr<Lab>> lab = open(start->description, options);
  if (!lab) return lab;
  while (true) {
    const base::Result<std::optional<world::RecordingEntry>> entry = reader->next();
    if (!entry) return base::fail(entry.error());
    if (!entry->has_value()) break;
    if (until && (*entry)->time > *until) break;
    if (!runTo(**lab, **entry)) return diverged(recording, **entry);
    if (const base::Status given = std::visit(InputGiver{**lab}, (*entry)->input); !given)
      return base::fail(given.error());
  }
  if (until && *until > (*lab)->now()) (*lab)->runUntil(*until);
  return lab;
}

}  // namespace streamscope::lab
