#pragma once

#include <QString>

#include "lab/snapshot.h"

namespace streamscope::ui {

/// "Broker 1", "Controller 100", "checkout", "kcat 127.0.0.1:40312": a node as people call it.
QString nodeName(const world::Address& address, const lab::Snapshot& snapshot);
QString brokerName(base::BrokerId broker);
QString controllerName(int32_t controller);
/// "Candidate", "Follower", ... as Kafka calls a voter of the metadata quorum.
QString controllerRoleName(lab::ControllerRole role);
/// "running", "paused", "stopped", ...
QString conditionName(lab::NodeCondition condition);
/// "[1, 3]".
QString brokerList(const std::vector<base::BrokerId>& brokers);
/// "acks=all", "acks=1".
QString acksName(int16_t acks);

const lab::BrokerState* findBroker(const lab::Snapshot& snapshot, base::BrokerId id);
const lab::ReplicaState* findReplica(const lab::BrokerState& broker, const base::TopicPartition& partition);
const lab::PartitionState* findPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition);
const lab::TopicState* findTopic(const lab::Snapshot& snapshot, const std::string& name);

/// Newer requests name a topic by its id, and so do the trace's events about them: the same partition by name.
base::TopicPartition namedPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition);

/// True when the broker's process does not run.
bool isDown(const lab::BrokerState& broker);

}  // namespace streamscope::ui
