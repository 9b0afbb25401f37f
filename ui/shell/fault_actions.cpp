#include "shell/fault_actions.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

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
constexpr int32_t kErrorTimes = 3;

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

/// What of a broker or controller faults are about.
struct Machine {
  world::Address address;
  QString name;
  const lab::DiskState& disk;
  const lab::ClockState& clock;
};

/// A link's faults stand under its other end: the whole path says which link.
void addLinkFaults(std::vector<LabAction>& actions, const Machine& machine, const world::Address& other,
                   const lab::Snapshot& snapshot) {
  const world::Address self = machine.address;
  const Adder add(actions, {translated("More about links"), nodeName(other, snapshot)});
  add.fault("cut-one-way", translated("Cut it from %1 only").arg(machine.name), "cut",
            lab::CutLink{self, other, false});
  add.fault("cut-other-way", translated("Cut it to %1 only").arg(machine.name), "cut",
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

void addAllLinkFaults(std::vector<LabAction>& actions, const Machine& machine, const lab::Snapshot& snapshot) {
  for (const auto& other : snapshot.brokers)
    if (world::brokerAddress(other.id) != machine.address)
      addLinkFaults(actions, machine, world::brokerAddress(other.id), snapshot);
  for (const auto& other : snapshot.controllers)
    if (world::controllerAddress(other.id) != machine.address)
      addLinkFaults(actions, machine, world::controllerAddress(other.id), snapshot);
}

/// `replica` is the one whose files a bit can be flipped in.
void addDiskFaults(std::vector<LabAction>& actions, const Machine& machine,
                   const std::optional<base::TopicPartition>& replica) {
  const world::Address node = machine.address;
  const lab::DiskState& disk = machine.disk;
  const Adder add(actions, {translated("Disk")});
  // One ill is added to those that are there.
  lab::SetDisk set{node, disk.isFailing, 0, disk.losesSyncs, disk.operationLatency};
  if (disk.operationLatency.count() == 0) {
    lab::SetDisk slow = set;
    slow.operationLatency = kSlowDiskLatency;
    add.fault("slow-disk", translated("Slow: 20 ms for each operation"), "disk", slow);
  }
  if (!disk.losesSyncs) {
    lab::SetDisk careless = set;
    careless.losesSyncs = true;
    add.fault("lost-syncs", translated("Lose what is synced"), "disk", careless);
  }
  if (!disk.isFailing) {
    lab::SetDisk failing = set;
    failing.failing = true;
    add.fault("failing-disk", translated("Fail every operation"), "disk", failing);
  }
  if (replica)
    add.fault("flip-bit", translated("Flip a bit in the log of %1").arg(QString::fromStdString(replica->toString())),
              "disk", lab::FlipBit{node, *replica});
  else
    add.fault("flip-bit", translated("Flip a bit in any file"), "disk", lab::FlipBit{node});
  lab::DiskState well;
  well.isFull = disk.isFull;
  if (disk != well) add.remedy("disk-well", translated("Make it well again"), "heal", lab::SetDisk{node});
}

/// One of several log directories can fail alone.
void addLogDirectoryFaults(std::vector<LabAction>& actions, const lab::BrokerState& broker) {
  if (broker.logDirectories.size() < 2) return;
  const Adder add(actions, {translated("Log directories")});
  for (size_t place = 0; place < broker.logDirectories.size(); ++place) {
    const QString name = QString::fromStdString(broker.logDirectories[place].name);
    const std::string id = std::to_string(place + 1);
    lab::SetDisk set;
    set.node = world::brokerAddress(broker.id);
    set.logDirectory = static_cast<int32_t>(place) + 1;
    set.failing = broker.logDirectories[place].failure.empty();
    if (set.failing)
      add.fault(("fail-directory-" + id).c_str(), translated("Let %1 fail").arg(name), "disk", set);
    else
      add.remedy(("mend-directory-" + id).c_str(), translated("Mend %1 (it is used after a restart)").arg(name), "heal",
                 set);
  }
}

void addMachineFaults(std::vector<LabAction>& actions, const Machine& machine) {
  const world::Address node = machine.address;
  const Adder add(actions, {translated("Machine")});
  add.fault("cut-power", translated("Cut its power: what is not synced may be lost"), "kill", lab::CutPower{{node}});
  add.fault("clock-ahead", translated("Set its clock an hour ahead"), "warning",
            lab::SetClock{node, {}, machine.clock.offset + kClockStep, 0});
  add.fault("clock-behind", translated("Set its clock an hour back"), "warning",
            lab::SetClock{node, {}, machine.clock.offset - kClockStep, 0});
  if (machine.clock != lab::ClockState{})
    add.remedy("clock-right", translated("Set its clock right"), "heal", lab::SetClock{node});
}

/// The errors that a course talks about, each as the answer to the next requests of its API.
void addInjectedErrors(std::vector<LabAction>& actions, base::BrokerId broker,
                       const std::optional<base::TopicPartition>& replica) {
  constexpr std::array kErrors{
      std::pair{"Produce", "NOT_LEADER_OR_FOLLOWER"},     std::pair{"Produce", "NOT_ENOUGH_REPLICAS"},
      std::pair{"Produce", "REQUEST_TIMED_OUT"},          std::pair{"Produce", "OUT_OF_ORDER_SEQUENCE_NUMBER"},
      std::pair{"Fetch", "NOT_LEADER_OR_FOLLOWER"},       std::pair{"Fetch", "OFFSET_OUT_OF_RANGE"},
      std::pair{"Metadata", "UNKNOWN_TOPIC_OR_PARTITION"}};
  const Adder add(actions, {translated("Answer with an error, 3 times")});
  for (const auto& [api, error] : kErrors) {
    lab::InjectError command{world::brokerAddress(broker), api, error, kErrorTimes};
    if (std::string_view(api) != "Metadata") command.partition = replica;
    const QString text = QStringLiteral("%1: %2").arg(QLatin1String(api), QLatin1String(error));
    add.fault((std::string("error-") + api + "-" + error).c_str(), text, "warning", std::move(command));
  }
}

}  // namespace

void addFaultActions(std::vector<LabAction>& actions, const Selection& selection, const lab::BrokerState& broker,
                     const lab::Snapshot& snapshot) {
  const Machine machine{world::brokerAddress(broker.id), brokerName(broker.id), broker.disk, broker.clock};
  const auto* selected = std::get_if<ReplicaSelected>(&selection);
  const auto replica = selected == nullptr ? std::nullopt : std::optional(selected->partition);
  addMachineFaults(actions, machine);
  addDiskFaults(actions, machine, replica);
  addLogDirectoryFaults(actions, broker);
  addInjectedErrors(actions, broker.id, replica);
  addAllLinkFaults(actions, machine, snapshot);
}

void addFaultActions(std::vector<LabAction>& actions, const lab::ControllerState& controller,
                     const lab::Snapshot& snapshot) {
  const Machine machine{world::controllerAddress(controller.id), controllerName(controller.id), controller.disk,
                        controller.clock};
  addMachineFaults(actions, machine);
  addDiskFaults(actions, machine, std::nullopt);
  addAllLinkFaults(actions, machine, snapshot);
}

LabAction replaceDiskAction(const world::Address& node, const QString& name) {
  return {QStringLiteral("replace-disk"),
          translated("Give %1 a new, empty disk").arg(name),
          translated("New disk"),
          QStringLiteral("disk"),
          {},
          lab::ReplaceDisk{node},
          true,
          {translated("Disk")}};
}

}  // namespace streamscope::ui
