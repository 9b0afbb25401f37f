#include "protocol/api_key.h"

namespace streamscope::protocol {

std::string_view apiName(ApiKey key) {
  switch (key) {
    case ApiKey::Produce:
      return "Produce";
    case ApiKey::Fetch:
      return "Fetch";
    case ApiKey::ListOffsets:
      return "ListOffsets";
    case ApiKey::Metadata:
      return "Metadata";
    case ApiKey::FindCoordinator:
      return "FindCoordinator";
    case ApiKey::ApiVersions:
      return "ApiVersions";
    case ApiKey::CreateTopics:
      return "CreateTopics";
    case ApiKey::DeleteTopics:
      return "DeleteTopics";
    case ApiKey::DeleteRecords:
      return "DeleteRecords";
    case ApiKey::InitProducerId:
      return "InitProducerId";
    case ApiKey::OffsetForLeaderEpoch:
      return "OffsetForLeaderEpoch";
    case ApiKey::DescribeLogDirs:
      return "DescribeLogDirs";
    case ApiKey::DescribeConfigs:
      return "DescribeConfigs";
    case ApiKey::AlterConfigs:
      return "AlterConfigs";
    case ApiKey::CreatePartitions:
      return "CreatePartitions";
    case ApiKey::ElectLeaders:
      return "ElectLeaders";
    case ApiKey::IncrementalAlterConfigs:
      return "IncrementalAlterConfigs";
    case ApiKey::AlterPartitionReassignments:
      return "AlterPartitionReassignments";
    case ApiKey::ListPartitionReassignments:
      return "ListPartitionReassignments";
    case ApiKey::UnregisterBroker:
      return "UnregisterBroker";
    case ApiKey::Vote:
      return "Vote";
    case ApiKey::BeginQuorumEpoch:
      return "BeginQuorumEpoch";
    case ApiKey::EndQuorumEpoch:
      return "EndQuorumEpoch";
    case ApiKey::DescribeQuorum:
      return "DescribeQuorum";
    case ApiKey::FetchSnapshot:
      return "FetchSnapshot";
    case ApiKey::AlterPartition:
      return "AlterPartition";
    case ApiKey::DescribeCluster:
      return "DescribeCluster";
    case ApiKey::BrokerRegistration:
      return "BrokerRegistration";
    case ApiKey::BrokerHeartbeat:
      return "BrokerHeartbeat";
    case ApiKey::AllocateProducerIds:
      return "AllocateProducerIds";
    case ApiKey::AssignReplicasToDirs:
      return "AssignReplicasToDirs";
    case ApiKey::OffsetCommit:
      return "OffsetCommit";
    case ApiKey::OffsetFetch:
      return "OffsetFetch";
    case ApiKey::JoinGroup:
      return "JoinGroup";
    case ApiKey::Heartbeat:
      return "Heartbeat";
    case ApiKey::LeaveGroup:
      return "LeaveGroup";
    case ApiKey::SyncGroup:
      return "SyncGroup";
    case ApiKey::DescribeGroups:
      return "DescribeGroups";
    case ApiKey::ListGroups:
      return "ListGroups";
    case ApiKey::DeleteGroups:
      return "DeleteGroups";
    case ApiKey::OffsetDelete:
      return "OffsetDelete";
    case ApiKey::ConsumerGroupHeartbeat:
      return "ConsumerGroupHeartbeat";
    case ApiKey::ConsumerGroupDescribe:
      return "ConsumerGroupDescribe";
  }
  return "Unknown";
}

}  // namespace streamscope::protocol
