#pragma once

#include "protocol/messages/elect_leaders.h"
#include "replication_control.h"

namespace streamscope::controller {

struct ElectionDecision {
  MetadataRecords records;
  protocol::ElectLeadersResponse response;
};

/// Decides on ElectLeaders: preferred elections give leadership back to the first replica of the assignment, unclean
/// ones give a partition without a leader any live replica. Of all partitions (null in the request) those that need no
/// election are left out of the answer. An unknown election type is INVALID_REQUEST. Sources: KIP-460; Kafka's
/// ReplicationControlManager.electLeaders.
ElectionDecision electLeaders(const MetadataImage& image, const ReplicationControl& replicationControl,
                              const protocol::ElectLeadersRequest& request);

}  // namespace streamscope::controller
