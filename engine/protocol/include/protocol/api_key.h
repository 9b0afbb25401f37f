#pragma once

#include <cstdint>
#include <string_view>

namespace streamscope::protocol {

/// Kafka's request types (`ApiKeys.java`). Only those this program serves or sends.
enum class ApiKey : int16_t {
  Produce = 0,
  Fetch = 1,
  ListOffsets = 2,
  Metadata = 3,
  OffsetCommit = 8,
  OffsetFetch = 9,
  FindCoordinator = 10,
  JoinGroup = 11,
  Heartbeat = 12,
  LeaveGroup = 13,
  SyncGroup = 14,
  DescribeGroups = 15,
  ListGroups = 16,
  ApiVersions = 18,
  CreateTopics = 19,
  DeleteTopics = 20,
  DeleteRecords = 21,
  InitProducerId = 22,
  OffsetForLeaderEpoch = 23,
  DescribeConfigs = 32,
  AlterConfigs = 33,
  AlterReplicaLogDirs = 34,
  DescribeLogDirs = 35,
  CreatePartitions = 37,
  DeleteGroups = 42,
  ElectLeaders = 43,
  IncrementalAlterConfigs = 44,
  AlterPartitionReassignments = 45,
  ListPartitionReassignments = 46,
  OffsetDelete = 47,
  Vote = 52,
  BeginQuorumEpoch = 53,
  EndQuorumEpoch = 54,
  DescribeQuorum = 55,
  AlterPartition = 56,
  FetchSnapshot = 59,
  DescribeCluster = 60,
  BrokerRegistration = 62,
  BrokerHeartbeat = 63,
  UnregisterBroker = 64,
  AllocateProducerIds = 67,
  ConsumerGroupHeartbeat = 68,
  ConsumerGroupDescribe = 69,
  AssignReplicasToDirs = 73,
};

/// "Produce", "Fetch", ...
std::string_view apiName(ApiKey key);

}  // namespace streamscope::protocol
