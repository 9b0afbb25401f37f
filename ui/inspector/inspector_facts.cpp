#include "inspector/inspector_facts.h"

#include <QCoreApplication>
#include <algorithm>

#include "shell/ailments.h"
#include "shell/node_names.h"
#include "shell/number_format.h"
#include "stage/card_look.h"
#include "stage/external_clients.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("Inspector", text);
}

Fact heading(const QString& text) {
  return {text, {}, true};
}

/// Adds facts to a subject in the order of the sentences.
class Writer {
 public:
  explicit Writer(InspectedSubject& subject) : m_subject(subject) {}
  void head(const QString& text) { m_subject.facts.push_back(heading(text)); }
  void fact(const QString& name, const QString& value) { m_subject.facts.push_back({name, value, false}); }
  void count(const QString& name, int64_t value) { fact(name, formatCount(value)); }

 private:
  InspectedSubject& m_subject;
};

/// What keeps the cluster from being whole, worst first; empty when nothing does.
QString troubleOf(const lab::Snapshot& snapshot) {
  if (snapshot.counters.offlinePartitions > 0) return translated("partitions without a leader");
  if (std::ranges::none_of(snapshot.controllers, &lab::ControllerState::isActive))
    return translated("no active controller");
  const auto isIll = [](const auto& node) { return node.condition != lab::NodeCondition::Running; };
  const bool hasOfflineDirectory = std::ranges::any_of(snapshot.brokers, [](const lab::BrokerState& broker) {
    return std::ranges::any_of(broker.logDirectories, [](const auto& directory) { return !directory.failure.empty(); });
  });
  if (snapshot.counters.underReplicatedPartitions > 0 || hasOfflineDirectory ||
      std::ranges::any_of(snapshot.brokers, isIll) || std::ranges::any_of(snapshot.controllers, isIll))
    return translated("degraded");
  return {};
}

InspectedSubject cluster(const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title = snapshot.labName.empty() ? translated("Cluster") : QString::fromStdString(snapshot.labName);
  const QString trouble = troubleOf(snapshot);
  subject.state = trouble.isEmpty() ? translated("healthy") : trouble;
  subject.stateRole = trouble.isEmpty() ? Role::Ok : Role::Down;
  Writer w(subject);
  w.fact(translated("cluster id"), QString::fromStdString(snapshot.clusterId));
  w.fact(translated("seed"), QString::number(snapshot.seed));
  w.head(translated("Topics"));
  for (const auto& topic : snapshot.topics)
    w.fact(QString::fromStdString(topic.name),
           translated("%1 \u00d7 %2").arg(topic.partitions.size()).arg(topic.replicationFactor));
  w.head(translated("Totals"));
  w.count(translated("records produced"), snapshot.counters.recordsProduced);
  w.count(translated("records consumed"), snapshot.counters.recordsConsumed);
  w.count(translated("total lag"), snapshot.counters.totalLag);
  w.count(translated("under-replicated"), snapshot.counters.underReplicatedPartitions);
  w.count(translated("without a leader"), snapshot.counters.offlinePartitions);
  return subject;
}

InspectedSubject replica(const ReplicaSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title =
      translated("%1 on broker %2").arg(QString::fromStdString(selected.partition.toString())).arg(selected.broker);
  const auto* broker = findBroker(snapshot, selected.broker);
  const auto* state = broker ? findReplica(*broker, selected.partition) : nullptr;
  if (!state) {
    subject.state = translated("gone");
    return subject;
  }
  const bool leads = state->isLeader && !isDown(*broker);
  subject.state = leads ? translated("leader") : state->isInSync ? translated("in sync") : translated("out of ISR");
  subject.stateRole = leads ? Role::Leader : state->isInSync ? Role::InSync : Role::OutOfSync;
  Writer w(subject);
  w.count(translated("leader epoch"), state->leaderEpoch);
  if (const auto* partition = findPartition(snapshot, selected.partition)) {
    w.fact(translated("leader"), partition->leader < 0 ? translated("none") : brokerName(partition->leader));
    w.fact(translated("replicas"), brokerList(partition->replicas));
    w.fact(translated("in-sync replicas"), brokerList(partition->isr));
    w.count(translated("partition epoch"), partition->partitionEpoch);
  }
  if (const auto* topic = findTopic(snapshot, selected.partition.topic))
    w.count(QStringLiteral("min.insync.replicas"), topic->minInsyncReplicas);
  w.head(translated("Log"));
  w.count(translated("log start offset"), state->logStartOffset);
  w.count(translated("high watermark"), state->highWatermark);
  w.count(translated("log end offset"), state->logEndOffset);
  w.count(translated("not yet committed"), state->logEndOffset - state->highWatermark);
  w.fact(translated("size"), formatBytes(state->bytes));
  const auto directory = static_cast<size_t>(state->logDirectory);
  if (broker->logDirectories.size() > 1 && directory < broker->logDirectories.size())
    w.fact(translated("log directory"), QString::fromStdString(broker->logDirectories[directory].name));
  w.head(translated("Segments"));
  for (auto it = state->segments.rbegin(); it != state->segments.rend(); ++it)
    w.fact(segmentFileName(it->baseOffset), formatBytes(it->bytes));
  return subject;
}

void addLogDirectories(Writer& w, const lab::BrokerState& broker) {
  for (size_t place = 0; place < broker.logDirectories.size(); ++place) {
    const auto& directory = broker.logDirectories[place];
    const auto count =
        std::ranges::count(broker.replicas, static_cast<int32_t>(place), &lab::ReplicaState::logDirectory);
    w.fact(QString::fromStdString(directory.name),
           directory.failure.empty() ? translated("%1 replicas").arg(formatCount(count))
                                     : translated("offline: %1").arg(QString::fromStdString(directory.failure)));
  }
}

InspectedSubject broker(const BrokerSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title = brokerName(selected.broker);
  const auto* state = findBroker(snapshot, selected.broker);
  if (!state) return subject;
  subject.state = conditionName(state->condition);
  subject.stateRole = state->condition == lab::NodeCondition::Running ? Role::Ok : Role::Down;
  Writer w(subject);
  w.fact(translated("for"), formatDuration(snapshot.time - state->since));
  if (!state->rack.empty()) w.fact(translated("rack"), QString::fromStdString(state->rack));
  w.fact(translated("listener"),
         state->port != 0 ? QStringLiteral("localhost:%1").arg(state->port) : translated("none"));
  w.count(translated("real connections"), state->externalConnections);
  w.count(translated("broker epoch"), state->brokerEpoch);
  if (!state->logDirectoryFailure.empty())
    w.fact(translated("log directory"), QString::fromStdString(state->logDirectoryFailure));
  if (state->logDirectories.size() > 1) addLogDirectories(w, *state);
  if (const QStringList ailments = ailmentsOf(state->disk, state->clock); !ailments.isEmpty())
    w.fact(translated("faults"), ailments.join(QStringLiteral(", ")));
  for (const auto& link : snapshot.links)
    if (link.from == world::brokerAddress(state->id))
      w.fact(translated("link to %1").arg(nodeName(link.to, snapshot)), conditionsText(link.conditions));
  const auto leads = std::ranges::count_if(state->replicas, &lab::ReplicaState::isLeader);
  const auto inSync = std::ranges::count_if(state->replicas, &lab::ReplicaState::isInSync);
  uint64_t bytes = 0;
  for (const auto& r : state->replicas) bytes += r.bytes;
  w.head(translated("Replicas"));
  w.count(translated("replicas"), static_cast<int64_t>(state->replicas.size()));
  w.count(translated("leads"), isDown(*state) ? 0 : leads);
  w.count(translated("in sync"), inSync);
  w.fact(translated("on disk"), formatBytes(bytes));
  for (const auto& r : state->replicas)
    w.fact(QString::fromStdString(r.partition.toString()), translated("%1, LEO %2")
                                                               .arg(r.isLeader && !isDown(*state) ? translated("leader")
                                                                    : r.isInSync ? translated("in sync")
                                                                                 : translated("out of ISR"),
                                                                    formatCount(r.logEndOffset)));
  return subject;
}

InspectedSubject controller(const ControllerSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title = controllerName(selected.controller);
  const auto it = std::ranges::find(snapshot.controllers, selected.controller, &lab::ControllerState::id);
  if (it == snapshot.controllers.end()) return subject;
  subject.state = it->isActive ? translated("active") : translated("standby");
  subject.stateRole = Role::Controller;
  Writer w(subject);
  w.fact(translated("condition"), conditionName(it->condition));
  w.count(translated("epoch"), it->epoch);
  w.count(translated("metadata log end offset"), it->metadataLogEndOffset);
  if (snapshot.controllers.size() == 1) return subject;
  w.fact(translated("role in the quorum"), controllerRoleName(it->role));
  w.fact(translated("leader"), it->leaderId < 0 ? translated("none known") : controllerName(it->leaderId));
  w.count(translated("high watermark"), it->metadataHighWatermark);
  w.count(translated("log start offset"), it->metadataLogStartOffset);
  return subject;
}

InspectedSubject producer(const ProducerSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title = QString::fromStdString(selected.name);
  const auto it = std::ranges::find(snapshot.producers, selected.name, &lab::ProducerState::name);
  if (it == snapshot.producers.end()) return subject;
  subject.state = it->isRunning ? translated("producer") : translated("stopped producer");
  subject.stateRole = Role::Produce;
  Writer w(subject);
  w.fact(translated("topic"), QString::fromStdString(it->topic));
  w.fact(QStringLiteral("acks"), it->acks < 0 ? QStringLiteral("all") : QString::number(it->acks));
  w.fact(translated("rate"),
         translated("%1 of %2").arg(formatRate(it->recordsPerSecond), formatRate(it->recordsPerSecondWanted)));
  w.fact(translated("producer id, epoch"),
         it->producerId < 0 ? translated("none") : QStringLiteral("%1, %2").arg(it->producerId).arg(it->producerEpoch));
  w.head(translated("Records"));
  w.count(translated("sent"), it->recordsSent);
  w.count(translated("acknowledged"), it->recordsAcknowledged);
  w.count(translated("in flight"), it->recordsInFlight);
  w.count(translated("failed"), it->recordsFailed);
  w.count(translated("retries"), it->retries);
  return subject;
}

InspectedSubject consumer(const ConsumerSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  subject.title = QString::fromStdString(selected.name);
  const auto it = std::ranges::find(snapshot.consumers, selected.name, &lab::ConsumerState::name);
  if (it == snapshot.consumers.end()) return subject;
  const int64_t lag = lagOf(*it);
  subject.state = lag == 0 ? translated("caught up") : translated("lag %1").arg(formatCount(lag));
  subject.stateRole = lag == 0 ? Role::Ok : Role::GroupPosition;
  Writer w(subject);
  w.fact(translated("group"), it->group.empty() ? translated("none") : QString::fromStdString(it->group));
  w.fact(translated("topic"), QString::fromStdString(it->topic));
  w.fact(translated("rate"), formatRate(it->recordsPerSecond));
  w.count(translated("records consumed"), it->recordsConsumed);
  w.head(translated("Positions"));
  for (const auto& p : it->partitions)
    w.fact(QString::fromStdString(p.partition.toString()),
           translated("%1 of %2, lag %3")
               .arg(formatCount(p.position), formatCount(p.highWatermark), formatCount(p.lag())));
  return subject;
}

InspectedSubject external(const ExternalSelected& selected, const lab::Snapshot& snapshot) {
  InspectedSubject subject;
  const auto groups = externalGroups(snapshot);
  const auto it = std::ranges::find(groups, selected.key, &ExternalGroup::key);
  if (it == groups.end()) {
    subject.title = translated("Real client");
    subject.state = translated("gone");
    return subject;
  }
  subject.title = it->clientId.empty() ? translated("Real client") : QString::fromStdString(it->clientId);
  subject.state = translated("real client");
  subject.stateRole = Role::Accent;
  Writer w(subject);
  w.fact(translated("software"), QString::fromStdString(it->software));
  w.fact(translated("last request"), QString::fromStdString(it->lastApi));
  w.count(translated("requests"), it->requests);
  w.fact(translated("received from it"), formatBytes(static_cast<uint64_t>(it->bytesIn)));
  w.fact(translated("sent to it"), formatBytes(static_cast<uint64_t>(it->bytesOut)));
  w.head(translated("Connections"));
  for (const auto index : it->connections) {
    const auto& connection = snapshot.externalClients[index];
    w.fact(QString::fromStdString(connection.peer), brokerName(connection.broker));
  }
  return subject;
}

}  // namespace

InspectedSubject inspect(const Selection& selection, const lab::Snapshot& snapshot) {
  struct Visitor {
    const lab::Snapshot& snapshot;
    InspectedSubject operator()(std::monostate) const { return cluster(snapshot); }
    InspectedSubject operator()(const BrokerSelected& s) const { return broker(s, snapshot); }
    InspectedSubject operator()(const ReplicaSelected& s) const { return replica(s, snapshot); }
    InspectedSubject operator()(const ControllerSelected& s) const { return controller(s, snapshot); }
    InspectedSubject operator()(const ProducerSelected& s) const { return producer(s, snapshot); }
    InspectedSubject operator()(const ConsumerSelected& s) const { return consumer(s, snapshot); }
    InspectedSubject operator()(const ExternalSelected& s) const { return external(s, snapshot); }
  };
  return std::visit(Visitor{snapshot}, selection);
}

}  // namespace streamscope::ui
