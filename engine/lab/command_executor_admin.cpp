// What an administrator asks the cluster for: partitions, configs, elections, other replicas. Only what is plainly
// impossible is refused here; the controller decides on the rest as virtual time passes.

#include <algorithm>

#include "command_executor.h"

namespace streamscope::lab {

using base::ErrorCode;

base::Status CommandExecutor::checkPartition(const base::TopicPartition& partition) const {
  if (m_cluster.image().findPartition(partition.topic, partition.partition) != nullptr) return {};
  return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "There is no partition " + partition.toString() + ".");
}

base::Status CommandExecutor::carryOut(const CreatePartitions& command) {
  const controller::TopicImage* topic = m_cluster.image().findTopic(command.topic);
  if (topic == nullptr)
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "There is no topic \"" + command.topic + "\".");
  if (static_cast<size_t>(command.partitions) <= topic->partitions.size())
    return base::fail(ErrorCode::INVALID_PARTITIONS, "Topic \"" + command.topic + "\" has " +
                                                         std::to_string(topic->partitions.size()) +
                                                         " partitions already; it can only grow.");
  m_clients.createPartitions(command);
  return {};
}

base::Status CommandExecutor::carryOut(const AlterConfigs& command) {
  if (!command.broker && m_cluster.image().findTopic(command.topic) == nullptr)
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "There is no topic \"" + command.topic + "\".");
  if (command.broker.value_or(0) != 0)
    if (base::Status known = checkBroker(*command.broker); !known) return known;
  if (command.set.empty() && command.remove.empty())
    return base::fail(ErrorCode::INVALID_REQUEST, "No config is given; set or delete at least one.");
  m_clients.alterConfigs(command);
  return {};
}

base::Status CommandExecutor::carryOut(const ElectLeaders& command) {
  for (const base::TopicPartition& partition : command.partitions)
    if (base::Status known = checkPartition(partition); !known) return known;
  m_clients.electLeaders(command);
  return {};
}

base::Status CommandExecutor::carryOut(const ReassignPartition& command) {
  if (base::Status known = checkPartition(command.partition); !known) return known;
  for (const base::BrokerId broker : command.replicas)
    if (base::Status known = checkBroker(broker); !known) return known;
  m_clients.reassignPartition(command);
  return {};
}

base::Status CommandExecutor::carryOut(const AlterReplicaLogDir& command) {
  if (base::Status known = checkBroker(command.broker); !known) return known;
  if (base::Status known = checkPartition(command.partition); !known) return known;
  const std::string name = "Broker " + std::to_string(command.broker);
  const broker::BrokerNode* const node = m_cluster.brokerNode(command.broker);
  if (node == nullptr) return base::fail(ErrorCode::BROKER_NOT_AVAILABLE, name + " is not running.");
  const std::vector<broker::LogDirectoryView> directories = node->logDirectories();
  if (command.directory > std::ssize(directories))
    return base::fail(ErrorCode::LOG_DIR_NOT_FOUND, name + " has " + std::to_string(directories.size()) +
                                                        " log directories, counted from 1; there is no " +
                                                        std::to_string(command.directory) + ".");
  m_clients.alterReplicaLogDir(command, directories[static_cast<size_t>(command.directory - 1)].path);
  return {};
}

}  // namespace streamscope::lab
