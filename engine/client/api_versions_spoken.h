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

inline constexpr int16_t kFindCoordinator = protocol::FindCoordinatorRequest::kInfo.versionMax;
inline constexpr int16_t kJoinGroup = protocol::JoinGroupRequest::kInfo.versionMax;
inline constexpr int16_t kSyncGroup = protocol::SyncGroupRequest::kInfo.versionMax;
inline constexpr int16_t kHeartbeat = protocol::HeartbeatRequest::kInfo.versionMax;
inline constexpr int16_t kLeaveGroup = protocol::LeaveGroupRequest::kInfo.versionMax;
/// From version 10 on topics are named by their ids, which a consumer does not do.
inline constexpr int16_t kOffsetCommit = 9;
inline constexpr int16_t kOffsetFetch = 9;

}  // namespace streamscope::client::version
