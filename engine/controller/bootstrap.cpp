#include "controller/bootstrap.h"

#include "controller/snapshot_file.h"

namespace streamscope::controller {

namespace {

/// 3.6-IV1: metadata transactions (KIP-868).
constexpr int16_t kTransactionsLevel = 13;
constexpr std::string_view kElrFeature = "eligible.leader.replicas.version";
/// Kafka: ConfigResource.Type.BROKER; the empty name is every broker.
constexpr int8_t kBrokerResource = 4;

/// 0 when the records do not say.
int16_t levelIn(const std::vector<protocol::MetadataRecord>& records, std::string_view feature) {
  int16_t level = 0;
  for (const protocol::MetadataRecord& record : records) {
    const auto* featureLevel = std::get_if<protocol::FeatureLevelRecord>(&record);
    if (featureLevel != nullptr && featureLevel->name == feature) level = featureLevel->featureLevel;
  }
  return level;
}

}  // namespace

std::vector<protocol::MetadataRecord> defaultBootstrapRecords() {
  return {protocol::FeatureLevelRecord{std::string(kMetadataVersionFeature), kMetadataVersionLevel}};
}

int16_t metadataVersionLevelOf(const std::vector<protocol::MetadataRecord>& records) {
  const int16_t level = levelIn(records, kMetadataVersionFeature);
  return level == 0 ? kMetadataVersionLevel : level;
}

base::Status writeBootstrapFile(storage::Storage& storage, base::TimestampMs nowMs) {
  SnapshotWriter writer({.nowMs = nowMs, .metadataVersionLevel = kMetadataVersionLevel});
  const auto written = storage.writeFileAtomically(kBootstrapFile, writer.write(defaultBootstrapRecords()));
  if (!written) return base::fail(storage::toError(written.error()));
  return {};
}

base::Result<std::vector<protocol::MetadataRecord>> readBootstrapFile(storage::Storage& storage) {
  auto bytes = storage.readFile(kBootstrapFile);
  if (!bytes && bytes.error().kind == storage::FaultKind::NotFound) return defaultBootstrapRecords();
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  std::vector<protocol::MetadataRecord> records;
  const std::string name(kBootstrapFile);
  const auto contents =
      readSnapshot(base::SharedBytes(std::move(*bytes)), name, [&records](const auto& record) -> base::Status {
        if (!record) return base::fail(record.error());
        records.push_back(*record);
        return {};
      });
  if (!contents) return base::fail(contents.error());
  const int16_t level = levelIn(records, kMetadataVersionFeature);
  if (level < kMetadataVersionLevelMin)
    return base::fail(base::ErrorCode::UNSUPPORTED_VERSION,
                      name + " asks for metadata.version " + std::to_string(level) + "; " +
                          std::to_string(kMetadataVersionLevelMin) +
                          " is the least: format the directory with a newer Kafka.");
  return records;
}

std::vector<protocol::MetadataRecord> activationRecords(const std::vector<protocol::MetadataRecord>& bootstrapRecords,
                                                        int32_t minInsyncReplicas) {
  const bool inTransaction = metadataVersionLevelOf(bootstrapRecords) >= kTransactionsLevel;
  std::vector<protocol::MetadataRecord> records;
  if (inTransaction) records.emplace_back(protocol::BeginTransactionRecord{"Bootstrap records"});
  records.insert(records.end(), bootstrapRecords.begin(), bootstrapRecords.end());
  if (levelIn(bootstrapRecords, kElrFeature) > 0)
    records.emplace_back(
        protocol::ConfigRecord{kBrokerResource, "", "min.insync.replicas", std::to_string(minInsyncReplicas)});
  if (inTransaction) records.emplace_back(protocol::EndTransactionRecord());
  return records;
}

}  // namespace streamscope::controller
