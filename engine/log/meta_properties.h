#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/uuid.h"
#include "parsed.h"

namespace streamscope::log {

inline constexpr const char* kMetaPropertiesFile = "meta.properties";

/// meta.properties, version 1: who a log directory belongs to. Java's properties text. Kafka: MetaProperties.
struct MetaProperties {
  std::string clusterId;
  int32_t nodeId = -1;
  /// Directories formatted before Kafka 3.7 have none.
  std::optional<base::Uuid> directoryId;
};

/// Unknown keys and comments are skipped. Version 0, of clusters with ZooKeeper, is refused.
Parsed<MetaProperties> parseMetaProperties(base::ByteView bytes);
base::Bytes formatMetaProperties(const MetaProperties& properties);

}  // namespace streamscope::log
