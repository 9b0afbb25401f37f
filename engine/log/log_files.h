#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/topic_partition.h"
#include "storage/storage.h"

namespace streamscope::log {

inline constexpr std::string_view kLogSuffix = ".log";
inline constexpr std::string_view kOffsetIndexSuffix = ".index";
inline constexpr std::string_view kTimeIndexSuffix = ".timeindex";
inline constexpr std::string_view kTransactionIndexSuffix = ".txnindex";
inline constexpr std::string_view kSnapshotSuffix = ".snapshot";
inline constexpr std::string_view kDeletedSuffix = ".deleted";
inline constexpr std::string_view kCleanedSuffix = ".cleaned";
inline constexpr std::string_view kSwapSuffix = ".swap";

/// "00000000000000000042.log": the offset in 20 digits and what the file is (Kafka: LogFileUtils).
std::string offsetFileName(base::Offset offset, std::string_view suffix);

/// The offset of a name made by offsetFileName with exactly this suffix.
std::optional<base::Offset> offsetOfFileName(std::string_view name, std::string_view suffix);

/// Where one replica's files are. Segments and indexes hold a reference to their log's one.
struct LogFiles {
  storage::Storage& storage;
  std::filesystem::path directory;
  /// Behind every name, for segments that are not in use yet: kCleanedSuffix.
  std::string_view lastSuffix = {};

  std::filesystem::path path(base::Offset offset, std::string_view suffix) const {
    std::string name = offsetFileName(offset, suffix);
    name += lastSuffix;
    return directory / name;
  }
};

}  // namespace streamscope::log
