#include "shell/fault_actions.h"

#include <QCoreApplication>
#include <algorithm>

#include "shell/node_names.h"

namespace streamscope::ui {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kSlowLinkLatency = 100ms;
constexpr int32_t kLossPerMille = 50;
constexpr int32_t kDuplicatePerMille = 100;
constexpr int64_t kNarrowBytesPerSecond = 100 * 1024;
constexpr base::Duration kSlowDiskLatency = 20ms;
constexpr base::Duration kClockStep = 1h;

QString translated(const char* text) {
  return QCoreApplication::translate("FaultActions", text);
}

class Adder {
 public:
  Adder(std::vector<LabAction>& actions, QStringList group) : m_actions(actions), m_group(std::move(group)) {}

  void fault(const char* id, const QString& text, const char* icon, lab::Command command) const {
    add(id, text, icon, std::move(command), true);
  }
  void remedy(const char* id, const QString& text, const char* icon, lab::Command command) const {
    add(id, text, icon, std::move(command), false);
  }

 private:
  void add(const char* id, const QString& text, const char* icon, lab::Command command, bool isFault) const {
    m_actions.push_back({QLatin1String(id), text, text, QLatin1String(icon), {}, std::move(command), isFault, m_group});
  }

  std::vector<LabAction>& m_actions;
  QStringList m_group;
};

/// A link's faults stand under its other end: the whole path says which link.
void addLinkFaults(std::vector<LabAction>& actions, base::BrokerId broker, const world::Address& other,
                   const lab::Snapshot& snapshot) {
  const auto self = world::brokerAddress(broker);
  const Adder add(actions, {translated("More about links"), nodeName(other, snapshot)});
  add.fault("cut-one-way", translated("Cut it from %1 only").arg(brokerName(broker)), "cut",
            lab::CutLink{self, other, false});
  add.fault("cut-other-way", translated("Cut it to %1 only").arg(brokerName(broker)), "cut",
            lab::CutLink{other, self, false});
  lab::SetLink set{self, other};
  set.latency = kSlowLinkLatency;
  add.fault("slow", translated("Slow: 100 ms each way"), "warning", set);
  set = lab::SetLink{self, other};
  set.lossPerMille = kLossPerMille;
  add.fault("lossy", translated("Lossy: 5 % sent again by TCP"), "warning", set);
  set = lab::SetLink{self, other};
  set.bytesPerSecond = kNarrowBytesPerSecond;
  add.fault("narrow", translated("Narrow: 100 KiB/s"), "warning", set);
  set = lab::SetLink{self, other};
  set.duplicatePerMille = kDuplicatePerMille;
  add.fault("doubling", translated("Doubling: 10 % of the requests arrive twice"), "warning", set);
  const auto isBetween = [&](const world::Address& a, const world::Address& b) {
    return (a == self && b == other) || (a == other && b == self);
  };
  const bool isIll =
      std::ranges::any_of(snapshot.links, [&](const auto& link) { return isBetween(link.from, link.to); }) ||
      std::ranges::any_of(snapshot.cutLinks, [&](const auto& cut) { return isBetween(cut.a, cut.b); });
  if (isIll) add.remedy("heal", translated("Heal it"), "heal", lab::HealLink{self, other});
}

void addDiskFaults(std::vector<LabAction>& actions, const Selection& selection, const lab::BrokerState& broker) {
  const auto node = world::brokerAddress(broker.id);
  const Adder add(actions, {translated("Disk")});
  // One ill is added to those that are there.
  lab::SetDisk set{node, broker.disk.isFailing, 0, broker.disk.losesSyncs, broker.disk.operationLatency};
  if (broker.disk.operationLatency.count() == 0) {
    lab::SetDisk slow = set;
    slow.operationLatency = kSlowDiskLatency;
    add.fault("slow-disk", translated("Slow: 20 ms for each operation"), "disk", slow);
  }
  if (!broker.disk.losesSyncs) {
    lab::SetDisk careless = set;
    careless.losesSyncs = true;
    add.fault("lost-syncs", translated("Lose what is synced"), "disk", careless);
  }
  if (!broker.disk.isFailing) {
    lab::SetDisk failing = set;
    failing.failing = true;
    add.fault("failing-disk", translated("Fail every operation"), "disk", failing);
  }
  if (const auto* replica = std::get_if<ReplicaSelected>(&selection))
    add.fault("flip-bit",
              translated("Flip a bit in the log of %1").arg(QString::fromStdString(replica->partition.toString())),
              "disk", lab::FlipBit{node, replica->partition});
  else
    add.fault("flip-bit", translated("Flip a bit in any file"), "disk", lab::FlipBit{node});
  lab::DiskState well;
  well.isFull = broker.disk.isFull;
  if (broker.disk != well) add.remedy("disk-well", translated("Make it well again"), "heal", lab::SetDisk{node});
}

void addMachineFaults(std::vector<LabAction>& actions, const lab::BrokerState& broker) {
  const auto node = world::brokerAddress(broker.id);
  const Adder add(actions, {translated("Machine")});
  add.fault("cut-power", translated("Cut its power: what is not synced may be lost"), "kill", lab::CutPower{{node}});
  add.fault("clock-ahead", translated("Set its clock an hour ahead"), "warning",
            lab::SetClock{node, {}, broker.clock.offset + kClockStep, 0});
  add.fault("clock-behind", translated("Set its clock an hour back"), "warning",
            lab::SetClock{node, {}, broker.clock.offset - kClockStep, 0});
  if (broker.clock != lab::ClockState{})
    add.remedy("clock-right", translated("Set its clock right"), "heal", lab::SetClock{node});
}

}  // namespace

void addFaultActions(std::vector<LabAction>& actions, const Selection& selection, const lab::BrokerState& broker,
                     const lab::Snapshot& snapshot) {
  addMachineFaults(actions, broker);
  addDiskFaults(actions, selection, broker);
  for (const auto& other : snapshot.brokers)
    if (other.id != broker.id) addLinkFaults(actions, broker.id, world::brokerAddress(other.id), snapshot);
  for (const auto& controller : snapshot.controllers)
    addLinkFaults(actions, broker.id, world::controllerAddress(controller.id), snapshot);
}

}  // namespace streamscope::ui
