#include "events/headline.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "shell/ailments.h"
#include "shell/node_names.h"

namespace streamscope::ui {
namespace {

constexpr size_t kPartitionsNamedMax = 3;

QString translated(const char* text) {
  return QCoreApplication::translate("Headline", text);
}

int inSyncCount(const lab::BrokerState& broker) {
  return static_cast<int>(std::ranges::count_if(broker.replicas, &lab::ReplicaState::isInSync));
}

/// The broker in trouble for the shortest time; the one people just broke.
const lab::BrokerState* latestTrouble(const lab::Snapshot& snapshot) {
  const lab::BrokerState* latest = nullptr;
  for (const auto& broker : snapshot.brokers) {
    const bool trouble = broker.condition == lab::NodeCondition::Down ||
                         broker.condition == lab::NodeCondition::Paused ||
                         broker.condition == lab::NodeCondition::Fenced || !broker.logDirectoryFailure.empty();
    if (trouble && (!latest || broker.since > latest->since)) latest = &broker;
  }
  return latest;
}

QString troubleOf(const lab::BrokerState& broker) {
  // A broker without a usable log directory has halted, too: the reason says more.
  if (!broker.logDirectoryFailure.empty())
    return translated("%1's log directory is offline").arg(brokerName(broker.id));
  if (broker.condition == lab::NodeCondition::Down) return translated("%1 is down").arg(brokerName(broker.id));
  if (broker.condition == lab::NodeCondition::Paused) return translated("%1 is paused").arg(brokerName(broker.id));
  return translated("%1 is fenced").arg(brokerName(broker.id));
}

bool isAway(const lab::ControllerState& controller) {
  return controller.condition == lab::NodeCondition::Down || controller.condition == lab::NodeCondition::Paused;
}

/// A quorum that misses voters, or has no active controller.
std::optional<HeadlineText> quorumTrouble(const lab::Snapshot& snapshot) {
  const auto& controllers = snapshot.controllers;
  const auto away = std::ranges::find_if(controllers, isAway);
  if (away == controllers.end()) return std::nullopt;
  const auto active = std::ranges::find_if(controllers, [](const auto& c) { return c.isActive && !isAway(c); });
  QString text;
  if (active == controllers.end()) {
    text = translated("No controller is active: partitions keep their leaders, but none can be elected.");
  } else {
    const auto awayCount = std::ranges::count_if(controllers, isAway);
    text = (away->condition == lab::NodeCondition::Paused
                ? translated("%1 is paused: %2 is active (epoch %3), %4 of %5 voters are there.")
                : translated("%1 is down: %2 is active (epoch %3), %4 of %5 voters are there."))
               .arg(controllerName(away->id), controllerName(active->id))
               .arg(active->epoch)
               .arg(static_cast<qsizetype>(controllers.size()) - awayCount)
               .arg(controllers.size());
  }
  return HeadlineText{HeadlineText::Severity::Trouble, text, remedyFor(*away)};
}

}  // namespace

void Headline::take(const std::vector<world::TraceEvent>& events) {
  for (const auto& event : events) {
    if (const auto* changed = std::get_if<world::PartitionChanged>(&event.payload)) {
      if (changed->leaderBefore < 0 || changed->leader == changed->leaderBefore) continue;
      auto& list = m_takeovers[changed->leaderBefore];
      std::erase_if(list, [&](const Takeover& t) { return t.partition == changed->partition; });
      list.push_back({changed->partition, changed->leader, changed->leaderEpoch});
    } else if (const auto* started = std::get_if<world::NodeStarted>(&event.payload)) {
      if (started->node.kind != world::NodeKind::Broker || event.time == base::VirtualTime{}) continue;
      m_takeovers.erase(started->node.id);
      m_returned = started->node.id;
      m_inSyncSince = event.time;
    } else if (const auto* stopped = std::get_if<world::NodeStopped>(&event.payload)) {
      // A graceful stop hands its partitions over before it ends; a kill after.
      if (stopped->manner != world::NodeStopped::Manner::Gracefully) m_takeovers.erase(stopped->node.id);
    } else if (const auto* resumed = std::get_if<world::NodeResumed>(&event.payload)) {
      m_takeovers.erase(resumed->node.id);
      m_returned = resumed->node.id;
      m_inSyncSince = event.time;
    } else if (const auto* isr = std::get_if<world::BrokerUnfenced>(&event.payload)) {
      if (m_returned == isr->broker.id) m_inSyncSince = event.time;
    }
  }
}

QString Headline::takeovers(base::BrokerId broker) const {
  const auto it = m_takeovers.find(broker);
  if (it == m_takeovers.end()) return {};
  QStringList parts;
  size_t named = 0;
  for (const auto& takeover : it->second) {
    if (++named > kPartitionsNamedMax) continue;
    const QString partition = QString::fromStdString(takeover.partition.toString());
    parts
        << (takeover.leader < 0
                ? translated("%1 has no leader").arg(partition)
                : translated("%1 led by broker %2 (epoch %3)").arg(partition).arg(takeover.leader).arg(takeover.epoch));
  }
  if (named > kPartitionsNamedMax) parts << translated("%1 more moved").arg(named - kPartitionsNamedMax);
  return parts.join(QStringLiteral(", "));
}

HeadlineText Headline::current(const lab::Snapshot& snapshot) const {
  using Severity = HeadlineText::Severity;
  if (const auto* broker = latestTrouble(snapshot)) {
    const QString moved = takeovers(broker->id);
    const QString text = troubleOf(*broker) + (moved.isEmpty() ? QStringLiteral(".") : QStringLiteral(": ") + moved);
    return {Severity::Trouble, text, remedyFor(*broker)};
  }
  if (const auto quorum = quorumTrouble(snapshot)) return *quorum;
  if (!snapshot.cutLinks.empty()) {
    const auto& cut = snapshot.cutLinks.front();
    const auto broker = cut.a.kind == world::NodeKind::Broker ? cut.a.id : cut.b.id;
    std::optional<LabAction> heal;
    for (const auto& action : actionsFor(BrokerSelected{broker}, snapshot))
      if (std::holds_alternative<lab::HealLink>(action.command) && !heal) heal = action;
    const bool isBoth = cut.isCutFromA && cut.isCutFromB;
    const auto& from = cut.isCutFromA ? cut.a : cut.b;
    const auto& to = cut.isCutFromA ? cut.b : cut.a;
    return {Severity::Trouble,
            (isBoth ? translated("The link between %1 and %2 is cut.") : translated("The link from %1 to %2 is cut."))
                .arg(nodeName(from, snapshot), nodeName(to, snapshot)),
            heal};
  }
  if (!snapshot.links.empty()) {
    const auto& link = snapshot.links.front();
    const LabAction heal{
        QStringLiteral("heal-link"),      translated("Heal the link"), translated("Heal"), QStringLiteral("heal"), {},
        lab::HealLink{link.from, link.to}};
    return {Severity::Trouble,
            translated("The link from %1 to %2: %3.")
                .arg(nodeName(link.from, snapshot), nodeName(link.to, snapshot), conditionsText(link.conditions)),
            heal};
  }
  if (m_returned) {
    const auto* broker = findBroker(snapshot, *m_returned);
    const int replicas = broker ? static_cast<int>(broker->replicas.size()) : 0;
    const int inSync = broker ? inSyncCount(*broker) : 0;
    if (broker && inSync < replicas)
      return {Severity::Good,
              translated("%1 is back and catches up: in the ISR of %2 of %3 partitions.")
                  .arg(brokerName(broker->id))
                  .arg(inSync)
                  .arg(replicas),
              {}};
    if (broker && snapshot.time - m_inSyncSince < kRecoverySaid)
      return {
          Severity::Good, translated("%1 is back: in sync for all its partitions.").arg(brokerName(broker->id)), {}};
  }
  if (snapshot.brokers.empty()) return {Severity::Calm, translated("The cluster starts."), {}};
  if (snapshot.counters.underReplicatedPartitions > 0)
    return {Severity::Trouble,
            translated("%1 partitions are under-replicated.").arg(snapshot.counters.underReplicatedPartitions),
            {}};
  if (snapshot.brokers.size() == 1)
    return {Severity::Calm, translated("The only broker runs; every replica is in sync."), {}};
  return {Severity::Calm, translated("All %1 brokers run; every replica is in sync.").arg(snapshot.brokers.size()), {}};
}

}  // namespace streamscope::ui
