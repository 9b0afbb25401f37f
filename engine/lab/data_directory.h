#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace streamscope::lab {

/// What an existing data directory says about the cluster that wrote it.
struct DataDirectoryContents {
  /// Empty directory: none.
  std::optional<std::string> clusterId;
  /// The directory is itself one of Kafka's: a node with process.roles=broker,controller, which broker 1 and the only
  /// controller share.
  bool isCombinedNode = false;
  /// What the controller is called in the metadata log when its directory says so.
  std::optional<int32_t> controllerNodeId;
};

/// Looks at `meta.properties` in `directory`, or else at `broker-N/meta.properties` and
/// `controller-N/meta.properties` below it. INCONSISTENT_CLUSTER_ID when they belong to different clusters, when there
/// are more or fewer brokers or controllers than the lab has, when a combined node is not node 1, or when brokers have
/// one log directory there and several in the lab, or the contrary.
base::Result<DataDirectoryContents> inspectDataDirectory(const std::filesystem::path& directory, int32_t brokers,
                                                         const std::vector<int32_t>& controllerIds,
                                                         int32_t logDirectories = 1);

}  // namespace streamscope::lab
