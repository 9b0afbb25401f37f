#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/virtual_time.h"
#include "protocol/metadata_records.h"
#include "storage/storage.h"

namespace streamscope::controller {

inline constexpr std::string_view kMetadataVersionFeature = "metadata.version";

/// 4.2-IV1: the newest level of Kafka 4.3.1 (7..30 there) whose records and rules this program follows throughout; 30
/// (4.3-IV0) brings cordoned log directories (KIP-1066). Features that Kafka would finalize beside it
/// (group.version, transaction.version, eligible.leader.replicas.version, ...) are not, because nothing here honours
/// them yet.
inline constexpr int16_t kMetadataVersionLevel = 29;
/// 3.3-IV3, the oldest level Kafka 4.x can run at.
inline constexpr int16_t kMetadataVersionLevelMin = 7;

/// What a cluster begins with when nothing else is said: the features' levels, metadata.version first.
std::vector<protocol::MetadataRecord> defaultBootstrapRecords();

/// Writes `bootstrap.checkpoint` with the default records into a node's directory, as kafka-storage format does into
/// each of them. KAFKA_STORAGE_ERROR.
base::Status writeBootstrapFile(storage::Storage& storage, base::TimestampMs nowMs);

/// The records of `bootstrap.checkpoint`, the default ones without such a file. KAFKA_STORAGE_ERROR, CORRUPT_MESSAGE,
/// UNSUPPORTED_VERSION when it holds a record or a metadata.version this program does not know. Kafka:
/// BootstrapDirectory.
base::Result<std::vector<protocol::MetadataRecord>> readBootstrapFile(storage::Storage& storage);

/// What the first leader of an empty metadata log writes: the bootstrap records in a transaction of the log where
/// metadata.version knows such; with eligible leader replicas also the cluster's min.insync.replicas. Kafka:
/// ActivationRecordsGenerator.
std::vector<protocol::MetadataRecord> activationRecords(const std::vector<protocol::MetadataRecord>& bootstrapRecords,
                                                        int32_t minInsyncReplicas);

/// The level of metadata.version that records set, or the default.
int16_t metadataVersionLevelOf(const std::vector<protocol::MetadataRecord>& records);

}  // namespace streamscope::controller
