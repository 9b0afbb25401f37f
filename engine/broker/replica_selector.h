#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "broker/broker_config.h"

namespace streamscope::broker {

/// What a selector knows of a replica that could serve a fetch (Kafka: ReplicaView).
struct SelectableReplica {
  base::BrokerId id = base::kNoBroker;
  std::optional<std::string> rack;
  base::Offset logEndOffset = base::kNoOffset;
  base::Duration sinceCaughtUp{0};
};

/// The follower that a consumer in `rack` ("" for nowhere) reads from, or kNoBroker for the leader (KIP-392).
/// RackAware: the leader when it is in that rack or nobody is, else the one there with the largest log end offset, of
/// those the one that was caught up last, of those the one with the largest id. Source: Kafka's
/// RackAwareReplicaSelector.
base::BrokerId selectReadReplica(ReplicaSelector selector, const std::string& rack, const SelectableReplica& leader,
                                 const std::vector<SelectableReplica>& followers);

}  // namespace streamscope::broker
