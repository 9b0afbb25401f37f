#include "stage/card_look.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "shell/ailments.h"
#include "shell/node_names.h"
#include "shell/number_format.h"
#include "stage/external_clients.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("Cards", text);
}

const QString kDot = QStringLiteral(" \u00b7 ");

Role conditionRole(lab::NodeCondition condition) {
  switch (condition) {
    case lab::NodeCondition::Down:
    case lab::NodeCondition::Stopping:
      return Role::Down;
    case lab::NodeCondition::Fenced:
    case lab::NodeCondition::Paused:
      return Role::Warning;
    case lab::NodeCondition::Starting:
      return Role::Accent;
    case lab::NodeCondition::Running:
      return Role::TextMuted;
  }
  return Role::TextMuted;
}

CardLook producerLook(const ClientBox& box, const lab::ProducerState& producer) {
  CardLook look{box.rect};
  look.title = QString::fromStdString(producer.name);
  look.aside = QStringLiteral("\u2192 ") + QString::fromStdString(producer.topic);
  look.isStopped = !producer.isRunning;
  look.line = acksName(producer.acks) + kDot +
              (producer.isRunning ? formatRate(producer.recordsPerSecond) : translated("stopped"));
  if (producer.recordsFailed > 0) {
    look.value = translated("%1 failed").arg(formatCount(producer.recordsFailed));
    look.valueRole = Role::Failure;
  } else if (producer.recordsInFlight > 0 && producer.isRunning) {
    look.value = translated("%1 unacknowledged").arg(formatCount(producer.recordsInFlight));
  }
  const double wanted = producer.recordsPerSecondWanted;
  look.barPermille = wanted > 0 ? static_cast<int>(std::clamp(producer.recordsPerSecond / wanted, 0.0, 1.0) * 1000) : 0;
  look.barRole = Role::Produce;
  return look;
}

CardLook consumerLook(const ClientBox& box, const lab::ConsumerState& consumer, int64_t lagScale) {
  CardLook look{box.rect};
  look.title = QString::fromStdString(consumer.name);
  look.aside = consumer.isRunning ? formatRate(consumer.recordsPerSecond) : translated("stopped");
  look.isStopped = !consumer.isRunning;
  // "orders-0, 1, 2": the topic once.
  QStringList partitions;
  std::string topic;
  for (const auto& p : consumer.partitions) {
    partitions << (p.partition.topic == topic ? QString::number(p.partition.partition)
                                              : QString::fromStdString(p.partition.toString()));
    topic = p.partition.topic;
  }
  look.line = partitions.isEmpty() ? translated("no partitions") : partitions.join(QStringLiteral(", "));
  const int64_t lag = lagOf(consumer);
  look.value = lag == 0 ? translated("lag 0, caught up") : translated("lag %1").arg(formatCount(lag));
  look.valueRole = lag == 0 ? Role::Ok : lag * 3 > lagScale && lag > 100 ? Role::Down : Role::GroupPosition;
  look.barPermille =
      static_cast<int>(std::clamp(static_cast<double>(lag) / static_cast<double>(lagScale), 0.0, 1.0) * 1000);
  look.barRole = look.valueRole;
  return look;
}

CardLook externalLook(const ClientBox& box, const ExternalGroup& group) {
  CardLook look{box.rect};
  look.icon = QStringLiteral("plug");
  look.title = group.clientId.empty() ? translated("real client") : QString::fromStdString(group.clientId);
  look.aside = group.lastApi.empty() ? QString() : QString::fromStdString(group.lastApi);
  look.line = group.software.empty() ? translated("connecting") : QString::fromStdString(group.software);
  look.value = group.fetches ? translated("%1 out").arg(formatBytes(static_cast<uint64_t>(group.bytesOut)))
                             : translated("%1 in").arg(formatBytes(static_cast<uint64_t>(group.bytesIn)));
  return look;
}

}  // namespace

int64_t lagOf(const lab::ConsumerState& consumer) {
  int64_t lag = 0;
  for (const auto& p : consumer.partitions) lag += p.lag();
  return lag;
}

int64_t lagScaleOf(const lab::Snapshot& snapshot) {
  int64_t largest = 0;
  for (const auto& consumer : snapshot.consumers) largest = std::max(largest, lagOf(consumer));
  int64_t scale = 100;
  for (int step = 0; scale < largest; ++step) scale = scale / (step % 3 == 1 ? 2 : 1) * (step % 3 == 1 ? 5 : 2);
  return scale;
}

CardLook brokerHeaderLook(const BrokerBox& box, const lab::Snapshot& snapshot) {
  const auto& broker = snapshot.brokers[box.index];
  CardLook look{box.header};
  look.title = brokerName(broker.id);
  look.isStopped = isDown(broker);
  if (!broker.logDirectoryFailure.empty() && !look.isStopped) {
    look.aside = translated("disk offline");
    look.asideRole = Role::Failure;
    look.icon = QStringLiteral("warning");
  } else if (const QStringList ailments = ailmentsOf(broker.disk, broker.clock);
             broker.condition == lab::NodeCondition::Running && !ailments.isEmpty()) {
    look.aside = ailments.size() == 1 ? ailments.first()
                                      : translated("%1, %2 more").arg(ailments.first()).arg(ailments.size() - 1);
    look.asideRole = Role::Warning;
    look.icon = QStringLiteral("warning");
  } else if (broker.condition == lab::NodeCondition::Running) {
    look.aside = broker.port != 0 ? QStringLiteral("localhost:%1").arg(broker.port) : QString();
    look.asideIsMono = true;
    if (broker.externalConnections > 0) look.icon = QStringLiteral("plug");
  } else {
    look.aside = conditionName(broker.condition) + QLatin1Char(' ') + formatDuration(snapshot.time - broker.since);
    look.asideRole = conditionRole(broker.condition);
    look.asideIsMono = true;
  }
  return look;
}

CardLook controllerLook(const ControllerBox& box, const lab::Snapshot& snapshot) {
  CardLook look{box.rect};
  const auto it = std::ranges::find(snapshot.controllers, box.id, &lab::ControllerState::id);
  if (it == snapshot.controllers.end()) return look;
  look.title = controllerName(it->id);
  look.shortTitle = QString::number(it->id);
  look.isStopped = it->condition == lab::NodeCondition::Down;
  if (it->condition != lab::NodeCondition::Running) {
    look.aside = conditionName(it->condition);
    look.asideRole = conditionRole(it->condition);
    return look;
  }
  const bool stands = it->role == lab::ControllerRole::Follower;
  look.badge = it->isActive ? translated("active")
               : stands     ? translated("standby")
                            : controllerRoleName(it->role).toLower();
  look.badgeStyle = it->isActive ? StatePill::Style::Filled
                    : stands     ? StatePill::Style::Outlined
                                 : StatePill::Style::Dashed;
  look.aside = translated("epoch %1").arg(it->epoch);
  return look;
}

CardLook clientLook(const ClientBox& box, const lab::Snapshot& snapshot, int64_t lagScale) {
  switch (box.kind) {
    case ClientBox::Kind::Producer:
      return producerLook(box, snapshot.producers[box.index]);
    case ClientBox::Kind::Consumer:
      return consumerLook(box, snapshot.consumers[box.index], lagScale);
    case ClientBox::Kind::External: {
      const auto groups = externalGroups(snapshot);
      return box.index < groups.size() ? externalLook(box, groups[box.index]) : CardLook{box.rect};
    }
  }
  return {};
}

CardLook titleLook(const QRectF& rect, const lab::Snapshot& snapshot) {
  CardLook look{rect};
  if (snapshot.topics.size() == 1) {
    const auto& topic = snapshot.topics.front();
    look.title = QString::fromStdString(topic.name);
    const auto partitions = topic.partitions.size();
    look.line = (partitions == 1 ? translated("1 partition") : translated("%1 partitions").arg(partitions)) + kDot +
                translated("replication factor %1").arg(topic.replicationFactor) + kDot +
                QStringLiteral("min.insync.replicas %1").arg(topic.minInsyncReplicas);
  } else if (snapshot.topics.empty()) {
    look.title = translated("No topics yet");
    look.line = translated("Create one, or let a client do it.");
  } else {
    size_t partitions = 0;
    QStringList names;
    for (const auto& topic : snapshot.topics) {
      partitions += topic.partitions.size();
      names << QString::fromStdString(topic.name);
    }
    look.title = names.size() <= 3 ? names.join(QStringLiteral(", ")) : translated("%1 topics").arg(names.size());
    look.line = translated("%1 partitions").arg(partitions);
  }
  const auto& c = snapshot.counters;
  if (c.offlinePartitions > 0 || c.underReplicatedPartitions > 0) {
    QStringList troubles;
    if (c.offlinePartitions > 0) troubles << translated("%1 offline").arg(c.offlinePartitions);
    if (c.underReplicatedPartitions > 0) troubles << translated("%1 under-replicated").arg(c.underReplicatedPartitions);
    look.aside = troubles.join(kDot);
    look.asideRole = c.offlinePartitions > 0 ? Role::Failure : Role::Down;
    look.icon = QStringLiteral("warning");
  }
  return look;
}

}  // namespace streamscope::ui
