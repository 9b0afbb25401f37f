#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/uuid.h"
#include "storage/storage.h"

namespace streamscope::log {

/// Who a log directory belongs to (meta.properties, version 1).
struct DirectoryIdentity {
  std::string clusterId;
  int32_t nodeId = 0;
  base::Uuid directoryId;
};

struct ClaimedDirectory {
  /// The directory id on disk wins over the one asked for.
  DirectoryIdentity identity;
  /// The directory was empty and has its meta.properties only now.
  bool isNew = false;
};

/// Reads `meta.properties` at the root of `storage`, or writes it into a directory without replicas; a file without a
/// directory id gets one. INCONSISTENT_CLUSTER_ID when the directory belongs to another cluster or node, naming both;
/// KAFKA_STORAGE_ERROR. Kafka: MetaPropertiesEnsemble, Formatter.
base::Result<ClaimedDirectory> claimDirectory(storage::Storage& storage, const DirectoryIdentity& identity);

}  // namespace streamscope::log
