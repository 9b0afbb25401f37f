#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "log/dump_problem.h"
#include "storage/storage.h"

namespace streamscope::log {

/// A small file as a table: checkpoints, snapshots, properties.
struct TableDump {
  using Cell = std::variant<int64_t, std::string>;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  std::optional<DumpProblem> problem;
};
/// INVALID_REQUEST for a kind that is no table.
base::Result<TableDump> dumpTable(storage::Storage& storage, const std::filesystem::path& path);

}  // namespace streamscope::log
