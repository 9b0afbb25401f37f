#pragma once

// The closed set of messages: one variant for requests, one for responses, and what is known of each by its ApiKey.

#include <variant>

#include "protocol/api_key.h"
#include "protocol/messages/allocate_producer_ids.h"
#include "protocol/messages/alter_configs.h"
#include "protocol/messages/alter_partition.h"
#include "protocol/messages/alter_partition_reassignments.h"
#include "protocol/messages/alter_replica_log_dirs.h"
#include "protocol/messages/api_versions.h"
#include "protocol/messages/assign_replicas_to_dirs.h"
#include "protocol/messages/begin_quorum_epoch.h"
#include "protocol/messages/broker_heartbeat.h"
#include "protocol/messages/broker_registration.h"
#include "protocol/messages/consumer_group_describe.h"
#include "protocol/messages/consumer_group_heartbeat.h"
#include "protocol/messages/create_partitions.h"
#include "protocol/messages/create_topics.h"
#include "protocol/messages/delete_groups.h"
#include "protocol/messages/delete_records.h"
#include "protocol/messages/delete_topics.h"
#include "protocol/messages/describe_cluster.h"
#include "protocol/messages/describe_configs.h"
#include "protocol/messages/describe_groups.h"
#include "protocol/messages/describe_log_dirs.h"
#include "protocol/messages/describe_quorum.h"
#include "protocol/messages/elect_leaders.h"
#include "protocol/messages/end_quorum_epoch.h"
#include "protocol/messages/fetch.h"
#include "protocol/messages/fetch_snapshot.h"
#include "protocol/messages/find_coordinator.h"
#include "protocol/messages/heartbeat.h"
#include "protocol/messages/incremental_alter_configs.h"
#include "protocol/messages/init_producer_id.h"
#include "protocol/messages/join_group.h"
#include "protocol/messages/leave_group.h"
#include "protocol/messages/list_groups.h"
#include "protocol/messages/list_offsets.h"
#include "protocol/messages/list_partition_reassignments.h"
#include "protocol/messages/metadata.h"
#include "protocol/messages/offset_commit.h"
#include "protocol/messages/offset_delete.h"
#include "protocol/messages/offset_fetch.h"
#include "protocol/messages/offset_for_leader_epoch.h"
#include "protocol/messages/produce.h"
#include "protocol/messages/sync_group.h"
#include "protocol/messages/unregister_broker.h"
#include "protocol/messages/vote.h"

namespace streamscope::protocol {

using RequestBody =
    std::variant<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, OffsetCommitRequest,
                 OffsetFetchRequest, FindCoordinatorRequest, JoinGroupRequest, HeartbeatRequest, LeaveGroupRequest,
                 SyncGroupRequest, DescribeGroupsRequest, ListGroupsRequest, ApiVersionsRequest, CreateTopicsRequest,
                 DeleteTopicsRequest, DeleteRecordsRequest, InitProducerIdRequest, OffsetForLeaderEpochRequest,
                 DescribeConfigsRequest, AlterConfigsRequest, AlterReplicaLogDirsRequest, DescribeLogDirsRequest,
                 CreatePartitionsRequest, DeleteGroupsRequest, ElectLeadersRequest, IncrementalAlterConfigsRequest,
                 AlterPartitionReassignmentsRequest, ListPartitionReassignmentsRequest, OffsetDeleteRequest,
                 VoteRequest, BeginQuorumEpochRequest, EndQuorumEpochRequest, DescribeQuorumRequest,
                 AlterPartitionRequest, FetchSnapshotRequest, DescribeClusterRequest, BrokerRegistrationRequest,
                 BrokerHeartbeatRequest, UnregisterBrokerRequest, AllocateProducerIdsRequest,
                 ConsumerGroupHeartbeatRequest, ConsumerGroupDescribeRequest, AssignReplicasToDirsRequest>;

using ResponseBody =
    std::variant<ProduceResponse, FetchResponse, ListOffsetsResponse, MetadataResponse, OffsetCommitResponse,
                 OffsetFetchResponse, FindCoordinatorResponse, JoinGroupResponse, HeartbeatResponse, LeaveGroupResponse,
                 SyncGroupResponse, DescribeGroupsResponse, ListGroupsResponse, ApiVersionsResponse,
                 CreateTopicsResponse, DeleteTopicsResponse, DeleteRecordsResponse, InitProducerIdResponse,
                 OffsetForLeaderEpochResponse, DescribeConfigsResponse, AlterConfigsResponse,
                 AlterReplicaLogDirsResponse, DescribeLogDirsResponse, CreatePartitionsResponse, DeleteGroupsResponse,
                 ElectLeadersResponse, IncrementalAlterConfigsResponse, AlterPartitionReassignmentsResponse,
                 ListPartitionReassignmentsResponse, OffsetDeleteResponse, VoteResponse, BeginQuorumEpochResponse,
                 EndQuorumEpochResponse, DescribeQuorumResponse, AlterPartitionResponse, FetchSnapshotResponse,
                 DescribeClusterResponse, BrokerRegistrationResponse, BrokerHeartbeatResponse, UnregisterBrokerResponse,
                 AllocateProducerIdsResponse, ConsumerGroupHeartbeatResponse, ConsumerGroupDescribeResponse,
                 AssignReplicasToDirsResponse>;

ApiKey apiKeyOf(const RequestBody& body);
ApiKey apiKeyOf(const ResponseBody& body);

}  // namespace streamscope::protocol
