#include "shell/admin_actions.h"

#include <QCoreApplication>
#include <algorithm>
#include <string>

#include "shell/node_names.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("AdminActions", text);
}

class Adder {
 public:
  Adder(std::vector<LabAction>& actions, QStringList group) : m_actions(actions), m_group(std::move(group)) {}

  void add(const std::string& id, const QString& text, lab::Command command, bool isFault = false) const {
    m_actions.push_back(
        {QString::fromStdString(id), text, text, QStringLiteral("admin"), {}, std::move(command), isFault, m_group});
  }

 private:
  std::vector<LabAction>& m_actions;
  QStringList m_group;
};

void addElections(const Adder& add, const lab::PartitionState& partition, const lab::Snapshot& snapshot) {
  const base::BrokerId preferred = partition.replicas.empty() ? base::kNoBroker : partition.replicas.front();
  if (partition.leader != preferred && findBroker(snapshot, preferred) != nullptr)
    add.add("elect-preferred", translated("Elect the preferred leader, %1").arg(brokerName(preferred)),
            lab::ElectLeaders{false, {partition.partition}});
  if (partition.leader == base::kNoBroker)
    add.add("elect-unclean", translated("Elect any replica that is alive: records may be lost"),
            lab::ElectLeaders{true, {partition.partition}}, true);
}

/// The replica goes to a broker that has none, or is given up.
void addReassignments(const Adder& add, const lab::PartitionState& partition, base::BrokerId from,
                      const lab::Snapshot& snapshot) {
  if (!partition.addingReplicas.empty() || !partition.removingReplicas.empty()) {
    add.add("reassign-cancel", translated("Stop the reassignment and go back"),
            lab::ReassignPartition{partition.partition, {}});
    return;
  }
  for (const auto& broker : snapshot.brokers) {
    if (std::ranges::find(partition.replicas, broker.id) != partition.replicas.end()) continue;
    std::vector<base::BrokerId> replicas = partition.replicas;
    std::ranges::replace(replicas, from, broker.id);
    add.add("reassign-" + std::to_string(broker.id), translated("Move this replica to %1").arg(brokerName(broker.id)),
            lab::ReassignPartition{partition.partition, std::move(replicas)});
  }
  if (partition.replicas.size() < 2) return;
  std::vector<base::BrokerId> others = partition.replicas;
  std::erase(others, from);
  add.add("reassign-without", translated("Give this replica up"),
          lab::ReassignPartition{partition.partition, std::move(others)});
}

void addDirectories(const Adder& add, const lab::ReplicaState& replica, const lab::BrokerState& broker) {
  for (size_t place = 0; place < broker.logDirectories.size(); ++place) {
    if (static_cast<int32_t>(place) == replica.logDirectory || !broker.logDirectories[place].failure.empty()) continue;
    add.add(
        "directory-" + std::to_string(place + 1),
        translated("Move it to the log directory %1").arg(QString::fromStdString(broker.logDirectories[place].name)),
        lab::AlterReplicaLogDir{broker.id, replica.partition, static_cast<int32_t>(place) + 1});
  }
}

void addTopicActions(const Adder& add, const lab::TopicState& topic) {
  const auto count = static_cast<int32_t>(topic.partitions.size());
  add.add("add-partition", translated("Add a partition"), lab::CreatePartitions{topic.name, count + 1, {}});
  const auto set = [&](const char* id, const QString& text, const char* key, const std::string& value,
                       bool isFault = false) {
    lab::AlterConfigs command;
    command.topic = topic.name;
    command.set[key] = value;
    add.add(id, text, std::move(command), isFault);
  };
  if (topic.minInsyncReplicas < topic.replicationFactor)
    set("min-isr-more", translated("min.insync.replicas = %1").arg(topic.minInsyncReplicas + 1), "min.insync.replicas",
        std::to_string(topic.minInsyncReplicas + 1));
  if (topic.minInsyncReplicas > 1)
    set("min-isr-less", translated("min.insync.replicas = %1").arg(topic.minInsyncReplicas - 1), "min.insync.replicas",
        std::to_string(topic.minInsyncReplicas - 1));
  const auto unclean = topic.configs.find("unclean.leader.election.enable");
  if (unclean != topic.configs.end() && unclean->second == "true")
    set("unclean-off", translated("Forbid unclean elections"), "unclean.leader.election.enable", "false");
  else
    set("unclean-on", translated("Allow unclean elections"), "unclean.leader.election.enable", "true", true);
  add.add("delete-topic", translated("Delete the topic"), lab::DeleteTopic{topic.name}, true);
}

}  // namespace

void addAdminActions(std::vector<LabAction>& actions, const ReplicaSelected& selected, const lab::BrokerState& broker,
                     const lab::Snapshot& snapshot) {
  const auto* partition = findPartition(snapshot, selected.partition);
  const auto* topic = findTopic(snapshot, selected.partition.topic);
  if (partition == nullptr || topic == nullptr) return;
  const Adder ofPartition(actions,
                          {translated("Partition %1").arg(QString::fromStdString(selected.partition.toString()))});
  addElections(ofPartition, *partition, snapshot);
  addReassignments(ofPartition, *partition, broker.id, snapshot);
  if (const auto* replica = findReplica(broker, selected.partition)) addDirectories(ofPartition, *replica, broker);
  addTopicActions(Adder(actions, {translated("Topic %1").arg(QString::fromStdString(topic->name))}), *topic);
}

void addClusterActions(std::vector<LabAction>& actions) {
  Adder(actions, {translated("Cluster")})
      .add("elect-all-preferred", translated("Elect the preferred leader of every partition"),
           lab::ElectLeaders{false, {}});
}

}  // namespace streamscope::ui
