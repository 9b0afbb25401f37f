#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "inspect/inspect_options.h"
#include "log/dump.h"

namespace streamscope::app {

/// One file, and what its name and its directory's name say.
struct InspectedFile {
  /// As it is shown, below the directory that was asked for.
  std::filesystem::path path;
  log::DumpedFileName name;
  /// Of a replica's files.
  std::optional<log::DumpedDirectoryName> replica;
  /// How records are decoded; none: as they are.
  std::optional<protocol::InternalTopic> decoder;
};

/// `absolute` is the same file's whole path, whose last directory may not be in `path`.
InspectedFile describeFile(const std::filesystem::path& path, const std::filesystem::path& absolute,
                           const InspectOptions& options);

/// Key and value of a record as JSON, or why they cannot be read; empty without a decoder.
struct DecodedRecord {
  std::string key;
  std::string value;
  std::string problem;
};
DecodedRecord decodeRecord(const InspectedFile& file, const log::DumpedBatch& batch, const log::DumpedRecord& record);

/// What a control record says, as JSON; {"type":"UNKNOWN","typeId":9} for a type that is not known.
std::string decodeControl(const log::DumpedRecord& record);

}  // namespace streamscope::app
