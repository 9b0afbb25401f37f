#pragma once

// The closed set of messages: one variant for requests, one for responses, and what is known of each by its ApiKey.

#include <variant>

#include "protocol/api_key.h"
#include "protocol/messages/allocate_producer_ids.h"
#include "protocol/messages/alter_configs.h"
#include "protocol/messages/alter_partition.h"
#include "protocol/messages/alter_partition_reassignments.h"
#include "protocol/messages/api_versions.h"
#include "protocol/messages/assign_replicas_to_dirs.h"
#include "protocol/messages/begin_quorum_epoch.h"
#include "protocol/messages/broker_heartbeat.h"
#include "protocol/messages/broker_registration.h"
#include "protocol/messages/create_partitions.h"
#include "protocol/messages/create_topics.h"
#include "protocol/messages/delete_records.h"
#include "protocol/messages/delete_topics.h"
#include "protocol/messages/describe_cluster.h"
#include "protocol/messages/describe_configs.h"
#include "protocol/messages/describe_log_dirs.h"
#include "protocol/messages/describe_quorum.h"
#include "protocol/messages/elect_leaders.h"
#include "protocol/messages/end_quorum_epoch.h"
#include "protocol/messages/fetch.h"
#include "protocol/messages/fetch_snapshot.h"
#include "protocol/messages/find_coordinator.h"
#include "protocol/messages/incremental_alter_configs.h"
#include "protocol/messages/init_producer_id.h"
#include "protocol/messages/list_offsets.h"
#include "protocol/messages/list_partition_reassignments.h"
#include "protocol/messages/metadata.h"
#include "protocol/messages/offset_for_leader_epoch.h"
#include "protocol/messages/produce.h"
#include "protocol/messages/unregister_broker.h"
#include "protocol/messages/vote.h"

namespace streamscope::protocol {

using RequestBody =
    std::variant<ProduceRequest, FetchRequest, ListOffsetsRequest, MetadataRequest, FindCoordinatorRequest,
                 ApiVersionsRequest, CreateTopicsRequest, DeleteTopicsRequest, DeleteRecordsRequest,
                 InitProducerIdRequest, OffsetForLeaderEpochRequest, DescribeConfigsRequest, AlterConfigsRequest,
                 DescribeLogDirsRequest, CreatePartitionsRequest, ElectLeadersRequest, IncrementalAlterConfigsRequest,
                 AlterPartitionReassignmentsRequest, ListPartitionReassignmentsRequest, VoteRequest,
                 BeginQuorumEpochRequest, EndQuorumEpochRequest, DescribeQuorumRequest, AlterPartitionRequest,
                 FetchSnapshotRequest, DescribeClusterRequest, BrokerRegistrationRequest, BrokerHeartbeatRequest,
                 UnregisterBrokerRequest, AllocateProducerIdsRequest, AssignReplicasToDirsRequest>;

using ResponseBody =
    std::variant<ProduceResponse, FetchResponse, ListOffsetsResponse, MetadataResponse, FindCoordinatorResponse,
                 ApiVersionsResponse, CreateTopicsResponse, DeleteTopicsResponse, DeleteRecordsResponse,
                 InitProducerIdResponse, OffsetForLeaderEpochResponse, DescribeConfigsResponse, AlterConfigsResponse,
                 DescribeLogDirsResponse, CreatePartitionsResponse, ElectLeadersResponse,
                 IncrementalAlterConfigsResponse, AlterPartitionReassignmentsResponse,
                 ListPartitionReassignmentsResponse, VoteResponse, BeginQuorumEpochResponse, EndQuorumEpochResponse,
                 DescribeQuorumResponse, AlterPartitionResponse, FetchSnapshotResponse, DescribeClusterResponse,
                 BrokerRegistrationResponse, BrokerHeartbeatResponse, UnregisterBrokerResponse,
                 AllocateProducerIdsResponse, AssignReplicasToDirsResponse>;

ApiKey apiKeyOf(const RequestBody& body);
ApiKey apiKeyOf(const ResponseBody& body);

}  // namespace streamscope::protocol
