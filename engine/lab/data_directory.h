#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace streamscope::lab {

/// What an existing data directory says about the cluster that wrote it.
struct DataDirectoryContents {
  /// Empty directory: none.
  std::optional<std::string> clusterId;
};

/// Looks at `broker-N/meta.properties` and `controller-100/meta.properties` below `directory`. INCONSISTENT_CLUSTER_ID
/// when they belong to different clusters, or when there are more or fewer brokers than `brokers`.
base::Result<DataDirectoryContents> inspectDataDirectory(const std::filesystem::path& directory, int32_t brokers,
                                                         int32_t controllerId);

}  // namespace streamscope::lab
