#pragma once

#include <cstdint>

#include "protocol/message.h"

namespace streamscope::client::version {

// The newest version that the simulated clients and this program's brokers both speak; one build holds both, so nothing
// is negotiated. Versions that Kafka still marks unstable are left out.

inline constexpr int16_t kProduce = protocol::ProduceRequest::kInfo.versionMax;
inline constexpr int16_t kFetch = protocol::FetchRequest::kInfo.versionMax;
inline constexpr int16_t kListOffsets = 10;
inline constexpr int16_t kMetadata = protocol::MetadataRequest::kInfo.versionMax;
inline constexpr int16_t kCreateTopics = protocol::CreateTopicsRequest::kInfo.versionMax;
inline constexpr int16_t kDeleteTopics = protocol::DeleteTopicsRequest::kInfo.versionMax;
inline constexpr int16_t kCreatePartitions = protocol::CreatePartitionsRequest::kInfo.versionMax;
inline constexpr int16_t kIncrementalAlterConfigs = protocol::IncrementalAlterConfigsRequest::kInfo.versionMax;
inline constexpr int16_t kElectLeaders = protocol::ElectLeadersRequest::kInfo.versionMax;
inline constexpr int16_t kAlterPartitionReassignments = protocol::AlterPartitionReassignmentsRequest::kInfo.versionMax;
inline constexpr int16_t kAlterReplicaLogDirs = protocol::AlterReplicaLogDirsRequest::kInfo.versionMax;
inline constexpr int16_t kInitProducerId = 5;
inline constexpr int16_t kOffsetForLeaderEpoch = protocol::OffsetForLeaderEpochRequest::kInfo.versionMax;

}  // namespace streamscope::client::version
