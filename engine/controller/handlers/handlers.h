#pragma once

#include "protocol/messages/allocate_producer_ids.h"
#include "protocol/messages/alter_configs.h"
#include "protocol/messages/alter_partition.h"
#include "protocol/messages/alter_partition_reassignments.h"
#include "protocol/messages/assign_replicas_to_dirs.h"
#include "protocol/messages/broker_heartbeat.h"
#include "protocol/messages/broker_registration.h"
#include "protocol/messages/create_partitions.h"
#include "protocol/messages/create_topics.h"
#include "protocol/messages/delete_topics.h"
#include "protocol/messages/describe_cluster.h"
#include "protocol/messages/describe_quorum.h"
#include "protocol/messages/elect_leaders.h"
#include "protocol/messages/incremental_alter_configs.h"
#include "protocol/messages/list_partition_reassignments.h"
#include "protocol/messages/unregister_broker.h"
#include "quorum_controller.h"

namespace streamscope::controller {

// One function, and one file, for each request of a client or broker: decide, append, answer; the answer leaves when
// what was appended is committed. Each refuses with NOT_CONTROLLER when the node is not the active controller and with
// KAFKA_STORAGE_ERROR when the decision could not be written, at the place of its response where Kafka has the code.
// Source: Kafka's ControllerApis.

protocol::BrokerRegistrationResponse handleBrokerRegistration(QuorumController& controller,
                                                              const protocol::BrokerRegistrationRequest& request);
protocol::BrokerHeartbeatResponse handleBrokerHeartbeat(QuorumController& controller,
                                                        const protocol::BrokerHeartbeatRequest& request);
protocol::AlterPartitionResponse handleAlterPartition(QuorumController& controller,
                                                      const protocol::AlterPartitionRequest& request, int16_t version);
protocol::CreateTopicsResponse handleCreateTopics(QuorumController& controller,
                                                  const protocol::CreateTopicsRequest& request);
protocol::DeleteTopicsResponse handleDeleteTopics(QuorumController& controller,
                                                  const protocol::DeleteTopicsRequest& request);
protocol::CreatePartitionsResponse handleCreatePartitions(QuorumController& controller,
                                                          const protocol::CreatePartitionsRequest& request);
protocol::IncrementalAlterConfigsResponse handleIncrementalAlterConfigs(
    QuorumController& controller, const protocol::IncrementalAlterConfigsRequest& request);
protocol::AlterConfigsResponse handleAlterConfigs(QuorumController& controller,
                                                  const protocol::AlterConfigsRequest& request);
protocol::ElectLeadersResponse handleElectLeaders(QuorumController& controller,
                                                  const protocol::ElectLeadersRequest& request);
protocol::AlterPartitionReassignmentsResponse handleAlterPartitionReassignments(
    QuorumController& controller, const protocol::AlterPartitionReassignmentsRequest& request);
protocol::ListPartitionReassignmentsResponse handleListPartitionReassignments(
    QuorumController& controller, const protocol::ListPartitionReassignmentsRequest& request);
protocol::UnregisterBrokerResponse handleUnregisterBroker(QuorumController& controller,
                                                          const protocol::UnregisterBrokerRequest& request);
protocol::AllocateProducerIdsResponse handleAllocateProducerIds(QuorumController& controller,
                                                                const protocol::AllocateProducerIdsRequest& request);
/// Where a broker's replicas are; one that it has in a directory which is offline leaves its ISR.
protocol::AssignReplicasToDirsResponse handleAssignReplicasToDirs(QuorumController& controller,
                                                                  const protocol::AssignReplicasToDirsRequest& request);
protocol::DescribeClusterResponse handleDescribeCluster(const QuorumController& controller,
                                                        const protocol::DescribeClusterRequest& request);

/// How far voters and observers have come, as the leader knows; NOT_LEADER_OR_FOLLOWER from anybody else.
protocol::DescribeQuorumResponse handleDescribeQuorum(const QuorumController& controller,
                                                      const protocol::DescribeQuorumRequest& request);

/// The number of a code on the wire.
inline int16_t wireCode(base::ErrorCode code) {
  return static_cast<int16_t>(code);
}

}  // namespace streamscope::controller
