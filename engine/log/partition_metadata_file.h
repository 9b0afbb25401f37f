#pragma once

#include "base/bytes.h"
#include "base/uuid.h"
#include "parsed.h"

namespace streamscope::log {

inline constexpr const char* kPartitionMetadataFile = "partition.metadata";

/// partition.metadata: `version: 0` and `topic_id: <22 characters>`. Kafka: PartitionMetadataFile.
Parsed<base::Uuid> parsePartitionMetadata(base::ByteView bytes);
base::Bytes formatPartitionMetadata(const base::Uuid& topicId);

}  // namespace streamscope::log
