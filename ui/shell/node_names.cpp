#include "shell/node_names.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("NodeNames", text);
}

}  // namespace

QString brokerName(base::BrokerId broker) {
  return translated("Broker %1").arg(broker);
}
QString controllerRoleName(lab::ControllerRole role) {
  switch (role) {
    case lab::ControllerRole::Unattached:
      return translated("Unattached");
    case lab::ControllerRole::Prospective:
      return translated("Prospective");
    case lab::ControllerRole::Candidate:
      return translated("Candidate");
    case lab::ControllerRole::Leader:
      return translated("Leader");
    case lab::ControllerRole::Follower:
      return translated("Follower");
    case lab::ControllerRole::Resigned:
      break;
  }
  return translated("Resigned");
}

QString controllerName(int32_t controller) {
  return translated("Controller %1").arg(controller);
}

QString nodeName(const world::Address& address, const lab::Snapshot& snapshot) {
  switch (address.kind) {
    case world::NodeKind::Broker:
      return brokerName(address.id);
    case world::NodeKind::Controller:
      return controllerName(address.id);
    case world::NodeKind::Client:
      for (const auto& producer : snapshot.producers)
        if (producer.clientId == address.id) return QString::fromStdString(producer.name);
      for (const auto& consumer : snapshot.consumers)
        if (consumer.clientId == address.id) return QString::fromStdString(consumer.name);
      return translated("Client %1").arg(address.id);
    case world::NodeKind::External:
      for (const auto& client : snapshot.externalClients)
        if (client.address == address)
          return QString::fromStdString(client.clientId.empty() ? client.peer : client.clientId + " " + client.peer);
      return translated("Real client %1").arg(address.id);
  }
  return {};
}

QString conditionName(lab::NodeCondition condition) {
  switch (condition) {
    case lab::NodeCondition::Down:
      return translated("stopped");
    case lab::NodeCondition::Starting:
      return translated("starting");
    case lab::NodeCondition::Running:
      return translated("running");
    case lab::NodeCondition::Fenced:
      return translated("fenced");
    case lab::NodeCondition::Paused:
      return translated("paused");
    case lab::NodeCondition::Stopping:
      return translated("stopping");
  }
  return {};
}

QString brokerList(const std::vector<base::BrokerId>& brokers) {
  QStringList ids;
  for (const auto id : brokers) ids << QString::number(id);
  return QStringLiteral("[%1]").arg(ids.join(QStringLiteral(", ")));
}

QString acksName(int16_t acks) {
  return acks < 0 ? QStringLiteral("acks=all") : QStringLiteral("acks=%1").arg(acks);
}

const lab::BrokerState* findBroker(const lab::Snapshot& snapshot, base::BrokerId id) {
  const auto it = std::ranges::lower_bound(snapshot.brokers, id, {}, &lab::BrokerState::id);
  return it != snapshot.brokers.end() && it->id == id ? &*it : nullptr;
}

const lab::ReplicaState* findReplica(const lab::BrokerState& broker, const base::TopicPartition& partition) {
  const auto it = std::ranges::lower_bound(broker.replicas, partition, {}, &lab::ReplicaState::partition);
  return it != broker.replicas.end() && it->partition == partition ? &*it : nullptr;
}

const lab::TopicState* findTopic(const lab::Snapshot& snapshot, const std::string& name) {
  const auto it = std::ranges::lower_bound(snapshot.topics, name, {}, &lab::TopicState::name);
  return it != snapshot.topics.end() && it->name == name ? &*it : nullptr;
}

const lab::PartitionState* findPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition) {
  const auto* topic = findTopic(snapshot, partition.topic);
  if (!topic) return nullptr;
  const auto it = std::ranges::lower_bound(topic->partitions, partition, {}, &lab::PartitionState::partition);
  return it != topic->partitions.end() && it->partition == partition ? &*it : nullptr;
}

base::TopicPartition namedPartition(const lab::Snapshot& snapshot, const base::TopicPartition& partition) {
  if (partition.topic.empty() || findTopic(snapshot, partition.topic)) return partition;
  for (const auto& topic : snapshot.topics)
    if (topic.id.toString() == partition.topic) return {topic.name, partition.partition};
  return partition;
}

bool isDown(const lab::BrokerState& broker) {
  return broker.condition == lab::NodeCondition::Down;
}

}  // namespace streamscope::ui
