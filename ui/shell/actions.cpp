#include "shell/actions.h"

#include <QCoreApplication>
#include <algorithm>

#include "shell/admin_actions.h"
#include "shell/fault_actions.h"
#include "shell/node_names.h"

namespace streamscope::ui {
namespace {

QString translated(const char* text) {
  return QCoreApplication::translate("Actions", text);
}

bool isCut(const lab::Snapshot& snapshot, const world::Address& a, const world::Address& b) {
  return std::ranges::any_of(snapshot.cutLinks, [&](const lab::CutLinkState& cut) {
    return (cut.a == a && cut.b == b) || (cut.a == b && cut.b == a);
  });
}

/// One key cuts and heals: the other broker's digit, C for a controller.
QKeySequence linkKey(const world::Address& other) {
  if (other.kind == world::NodeKind::Controller) return QKeySequence(Qt::Key_C);
  return other.id < 10 ? QKeySequence(Qt::Key_0 + other.id) : QKeySequence();
}

LabAction linkAction(const lab::Snapshot& snapshot, base::BrokerId broker, const world::Address& other) {
  const auto self = world::brokerAddress(broker);
  const QString name = nodeName(other, snapshot);
  const QString suffix = other.kind == world::NodeKind::Controller ? QStringLiteral("controller-%1").arg(other.id)
                                                                   : QString::number(other.id);
  if (isCut(snapshot, self, other))
    return {QStringLiteral("heal-link-") + suffix,
            translated("Heal the link to %1").arg(name),
            translated("Heal"),
            QStringLiteral("heal"),
            linkKey(other),
            lab::HealLink{self, other},
            false};
  return {QStringLiteral("cut-link-") + suffix,
          translated("Cut the link to %1").arg(name),
          translated("Cut"),
          QStringLiteral("cut"),
          linkKey(other),
          lab::CutLink{self, other},
          true};
}

void addBrokerActions(std::vector<LabAction>& actions, const Selection& selection, const lab::BrokerState& broker,
                      const lab::Snapshot& snapshot) {
  const auto id = broker.id;
  if (const auto remedy = remedyFor(broker)) actions.push_back(*remedy);
  if (isDown(broker)) {
    actions.push_back(replaceDiskAction(world::brokerAddress(id), brokerName(id)));
    return;
  }
  actions.push_back({QStringLiteral("kill"), translated("Kill %1").arg(brokerName(id)), translated("Kill"),
                     QStringLiteral("kill"), QKeySequence(Qt::Key_K), lab::KillBroker{id}, true});
  if (broker.condition != lab::NodeCondition::Stopping)
    actions.push_back({QStringLiteral("stop"), translated("Stop %1 gracefully").arg(brokerName(id)), translated("Stop"),
                       QStringLiteral("stop"), QKeySequence(Qt::Key_S), lab::StopBroker{id}, true});
  if (broker.condition != lab::NodeCondition::Paused)
    actions.push_back({QStringLiteral("pause"), translated("Pause %1").arg(brokerName(id)), translated("Pause"),
                       QStringLiteral("pause"), QKeySequence(Qt::Key_P), lab::PauseBroker{id}, true});
  if (broker.logDirectoryFailure.empty())
    actions.push_back({QStringLiteral("disk-full"), translated("Fill the disk of %1").arg(brokerName(id)),
                       translated("Fill disk"), QStringLiteral("disk"), QKeySequence(Qt::Key_D),
                       lab::SetDiskFull{id, true}, true});
  // Also offered while nothing has failed yet: a full disk shows only at the next write.
  actions.push_back({QStringLiteral("disk-free"), translated("Free the disk of %1").arg(brokerName(id)),
                     translated("Free disk"), QStringLiteral("disk"), QKeySequence(Qt::Key_F),
                     lab::SetDiskFull{id, false}, false});
  for (const auto& other : snapshot.brokers)
    if (other.id != id) actions.push_back(linkAction(snapshot, id, world::brokerAddress(other.id)));
  for (const auto& controller : snapshot.controllers)
    actions.push_back(linkAction(snapshot, id, world::controllerAddress(controller.id)));
  addFaultActions(actions, selection, broker, snapshot);
  if (const auto* replica = std::get_if<ReplicaSelected>(&selection))
    addAdminActions(actions, *replica, broker, snapshot);
  addClusterActions(actions);
}

void addControllerActions(std::vector<LabAction>& actions, const lab::ControllerState& controller,
                          const lab::Snapshot& snapshot) {
  const auto id = controller.id;
  if (const auto remedy = remedyFor(controller)) actions.push_back(*remedy);
  if (controller.condition == lab::NodeCondition::Down) {
    actions.push_back(replaceDiskAction(world::controllerAddress(id), controllerName(id)));
    return;
  }
  actions.push_back({QStringLiteral("kill"), translated("Kill %1").arg(controllerName(id)), translated("Kill"),
                     QStringLiteral("kill"), QKeySequence(Qt::Key_K), lab::KillController{id}, true});
  if (controller.condition != lab::NodeCondition::Stopping)
    actions.push_back({QStringLiteral("stop"), translated("Stop %1 gracefully").arg(controllerName(id)),
                       translated("Stop"), QStringLiteral("stop"), QKeySequence(Qt::Key_S), lab::StopController{id},
                       true});
  if (controller.condition == lab::NodeCondition::Paused)
    actions.push_back({QStringLiteral("resume"), translated("Resume %1").arg(controllerName(id)), translated("Resume"),
                       QStringLiteral("play"), QKeySequence(Qt::Key_R), lab::ResumeController{id}, false});
  else if (controller.condition != lab::NodeCondition::Stopping)
    actions.push_back({QStringLiteral("pause"), translated("Pause %1").arg(controllerName(id)), translated("Pause"),
                       QStringLiteral("pause"), QKeySequence(Qt::Key_P), lab::PauseController{id}, true});
  addFaultActions(actions, controller, snapshot);
}

LabAction stopClientAction(const std::string& name) {
  return {QStringLiteral("stop-client"),
          translated("Stop %1").arg(QString::fromStdString(name)),
          translated("Stop"),
          QStringLiteral("stop"),
          QKeySequence(Qt::Key_S),
          lab::StopClient{name},
          true};
}

}  // namespace

std::optional<LabAction> remedyFor(const lab::ControllerState& controller) {
  if (controller.condition != lab::NodeCondition::Down) return std::nullopt;
  return LabAction{QStringLiteral("restart"),
                   translated("Restart %1").arg(controllerName(controller.id)),
                   translated("Restart"),
                   QStringLiteral("restart"),
                   QKeySequence(Qt::Key_R),
                   lab::StartController{controller.id},
                   false};
}

std::optional<LabAction> remedyFor(const lab::BrokerState& broker) {
  if (isDown(broker))
    return LabAction{QStringLiteral("restart"),
                     translated("Restart %1").arg(brokerName(broker.id)),
                     translated("Restart"),
                     QStringLiteral("restart"),
                     QKeySequence(Qt::Key_R),
                     lab::StartBroker{broker.id},
                     false};
  if (broker.condition == lab::NodeCondition::Paused)
    return LabAction{QStringLiteral("resume"),
                     translated("Resume %1").arg(brokerName(broker.id)),
                     translated("Resume"),
                     QStringLiteral("play"),
                     QKeySequence(Qt::Key_P),
                     lab::ResumeBroker{broker.id},
                     false};
  return std::nullopt;
}

std::vector<LabAction> actionsFor(const Selection& selection, const lab::Snapshot& snapshot) {
  std::vector<LabAction> actions;
  if (const auto* broker = findBroker(snapshot, brokerOf(selection))) {
    addBrokerActions(actions, selection, *broker, snapshot);
  } else if (const auto* controller = std::get_if<ControllerSelected>(&selection)) {
    const auto it = std::ranges::find(snapshot.controllers, controller->controller, &lab::ControllerState::id);
    if (it != snapshot.controllers.end()) addControllerActions(actions, *it, snapshot);
  } else if (const auto* producer = std::get_if<ProducerSelected>(&selection)) {
    const auto it = std::ranges::find(snapshot.producers, producer->name, &lab::ProducerState::name);
    if (it != snapshot.producers.end() && it->isRunning) actions.push_back(stopClientAction(it->name));
  } else if (const auto* consumer = std::get_if<ConsumerSelected>(&selection)) {
    const auto it = std::ranges::find(snapshot.consumers, consumer->name, &lab::ConsumerState::name);
    if (it != snapshot.consumers.end() && it->isRunning) actions.push_back(stopClientAction(it->name));
  }
  return actions;
}

}  // namespace streamscope::ui
