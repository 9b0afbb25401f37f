#pragma once

#include <memory>

#include "log/log_directory.h"

namespace streamscope::test {

/// Of a node whose cluster knows every replica that is there, all with these configs.
inline log::LogDirectory::Assignments everyReplica(const log::LogConfig& config) {
  return {.configOf = [config](const std::string&) { return config; },
          .isStray = [](const base::TopicPartition&, const base::Uuid&) { return false; }};
}

/// Claims the directory and loads its logs.
inline base::Result<std::unique_ptr<log::LogDirectory>> openLogDirectory(
    storage::Storage& storage, const log::DirectoryIdentity& identity,
    const log::LogDirectory::Assignments& assignments, base::TimestampMs nowMs, log::LogDirectory::OpenReport& report) {
  auto claimed = log::LogDirectory::claim(storage, identity, log::LogConfig{}.fileDeleteDelayMs, report);
  if (!claimed) return claimed;
  if (auto status = (*claimed)->loadLogs(assignments, nowMs, report); !status)
    return base::fail(std::move(status).error());
  return claimed;
}
inline base::Result<std::unique_ptr<log::LogDirectory>> openLogDirectory(storage::Storage& storage,
                                                                         const log::DirectoryIdentity& identity,
                                                                         const log::LogConfig& config,
                                                                         base::TimestampMs nowMs,
                                                                         log::LogDirectory::OpenReport& report) {
  return openLogDirectory(storage, identity, everyReplica(config), nowMs, report);
}

}  // namespace streamscope::test
