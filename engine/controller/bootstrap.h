#pragma once

#include <string_view>
#include <vector>

#include "protocol/metadata_records.h"

namespace streamscope::controller {

inline constexpr std::string_view kMetadataVersionFeature = "metadata.version";

/// 4.2-IV1: the newest level of Kafka 4.3.1 (7..30 there) whose records and rules this program follows throughout; 30
/// (4.3-IV0) brings cordoned log directories (KIP-1066). Features that Kafka would finalize beside it
/// (group.version, transaction.version, eligible.leader.replicas.version, ...) are not, because nothing here honours
/// them yet.
inline constexpr int16_t kMetadataVersionLevel = 29;
/// 3.3-IV3, the oldest level Kafka 4.x can run at.
inline constexpr int16_t kMetadataVersionLevelMin = 7;

/// What the first leader of an empty metadata log writes: the features' levels, metadata.version first.
/// Source: Kafka's BootstrapMetadata, ActivationRecordsGenerator.
std::vector<protocol::MetadataRecord> bootstrapRecords();

}  // namespace streamscope::controller
