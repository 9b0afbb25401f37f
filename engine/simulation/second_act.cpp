#include "second_act.h"

#include <algorithm>
#include <utility>

#include "simulation/trial_run.h"
#include "viable_core.h"

namespace streamscope::simulation {
namespace {

using namespace std::chrono_literals;

/// Some requests to the dead run out only after request.timeout.ms (30 s), one after another.
constexpr base::Duration kWholeWithin = 180s;
/// delivery.timeout.ms and what is sent last.
constexpr base::Duration kDrainedWithin = 140s;
constexpr base::Duration kAtTheEndWithin = 90s;

std::string listOf(const std::vector<base::BrokerId>& brokers) {
  std::string text;
  for (const base::BrokerId broker : brokers) text += (text.empty() ? "" : ", ") + std::to_string(broker);
  return text.empty() ? "nobody" : text;
}

/// As its leader has it; kNoOffset without one.
base::Offset highWatermarkOf(const lab::Snapshot& snapshot, const base::TopicPartition& partition) {
  for (const lab::BrokerState& broker : snapshot.brokers)
    for (const lab::ReplicaState& replica : broker.replicas)
      if (replica.isLeader && replica.partition == partition) return replica.highWatermark;
  return base::kNoOffset;
}

}  // namespace

SecondAct::SecondAct(lab::Lab& lab, std::function<bool()> isSafetyBroken, base::Random random)
    : m_lab(lab), m_isSafetyBroken(std::move(isSafetyBroken)), m_random(random) {}

std::optional<lab::Breach> SecondAct::run() {
  const auto broken = [this](const char* promise, const std::string& how) {
    return lab::Breach{promise, how, m_lab.now()};
  };
  const auto nothing = [] {};
  // Which brokers are enough only an active controller knows.
  m_controllerCore = drawMajority(*m_lab.snapshot(), m_random);
  if (const auto trouble = waitFor(
          kWholeWithin, [this] { return noQuorum(); }, [this] { healQuorum(); }))
    return broken(kBecomesWhole, *trouble);
  m_core = drawViableCore(*m_lab.snapshot(), m_random);
  if (const auto trouble = waitFor(
          kWholeWithin, [this] { return notWhole(); }, [this] { heal(); }))
    return broken(kBecomesWhole, *trouble);
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  for (const lab::ProducerState& producer : snapshot->producers)
    if (producer.isRunning) execute(lab::StopClient{producer.name});
  if (const auto trouble = waitFor(
          kDrainedWithin, [this] { return notDrained(); }, nothing))
    return broken(kProducersDrain, *trouble);
  if (const auto trouble = waitFor(
          kAtTheEndWithin, [this] { return notAtTheEnd(); }, nothing))
    return broken(kConsumersReachTheEnd, *trouble);
  // A preferred leader may have come back in the last moment.
  if (const auto trouble = waitFor(
          kWholeWithin, [this] { return notWhole(); }, nothing))
    return broken(kBecomesWhole, *trouble);
  return std::nullopt;
}

template <class Trouble, class Work>
std::optional<std::string> SecondAct::waitFor(base::Duration limit, Trouble&& trouble, Work&& work) {
  const base::VirtualTime deadline = m_lab.now() + limit;
  while (!m_isSafetyBroken()) {
    work();
    const std::optional<std::string> found = trouble();
    if (!found || m_lab.now() >= deadline) return found;
    m_lab.runUntil(m_lab.now() + 1s);
  }
  return std::nullopt;
}

void SecondAct::execute(const lab::Command& command) {
  if (m_lab.execute(command)) m_commands.push_back({m_lab.now(), command});
}

/// A node that shuts down may be down only when it is looked at again, so this is done again and again.
void SecondAct::heal() {
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  growUntilViable(*snapshot, m_core);
  healLinks(*snapshot);
  healControllers(*snapshot);
  healBrokers(*snapshot);
}

void SecondAct::healQuorum() {
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  healLinks(*snapshot);
  healControllers(*snapshot);
}

void SecondAct::healLinks(const lab::Snapshot& snapshot) {
  const auto isHealed = [this](world::Address node) {
    return node.kind == world::NodeKind::Broker ? m_core.contains(node.id) : m_controllerCore.contains(node.id);
  };
  for (const lab::CutLinkState& link : snapshot.cutLinks)
    if (isHealed(link.a) && isHealed(link.b)) execute(lab::HealLink{link.a, link.b});
  for (const lab::LinkState& link : snapshot.links) execute(lab::HealLink{link.from, link.to});
}

void SecondAct::healBrokers(const lab::Snapshot& snapshot) {
  for (const lab::BrokerState& broker : snapshot.brokers) {
    if (!m_core.contains(broker.id)) {
      if (broker.condition != lab::NodeCondition::Down) execute(lab::KillBroker{broker.id});
      continue;
    }
    const world::Address node = world::brokerAddress(broker.id);
    if (broker.disk.isFull) execute(lab::SetDiskFull{broker.id, false});
    if (broker.disk != lab::DiskState{}) execute(lab::SetDisk{node});
    if (broker.clock != lab::ClockState{}) execute(lab::SetClock{node});
    if (broker.condition == lab::NodeCondition::Down) execute(lab::StartBroker{broker.id});
    if (broker.condition == lab::NodeCondition::Paused) execute(lab::ResumeBroker{broker.id});
  }
}

void SecondAct::healControllers(const lab::Snapshot& snapshot) {
  for (const lab::ControllerState& controller : snapshot.controllers) {
    if (!m_controllerCore.contains(controller.id)) {
      if (controller.condition != lab::NodeCondition::Down) execute(lab::KillController{controller.id});
      continue;
    }
    const world::Address node = world::controllerAddress(controller.id);
    if (controller.disk != lab::DiskState{}) execute(lab::SetDisk{node});
    if (controller.clock != lab::ClockState{}) execute(lab::SetClock{node});
    if (controller.condition == lab::NodeCondition::Down) execute(lab::StartController{controller.id});
    if (controller.condition == lab::NodeCondition::Paused) execute(lab::ResumeController{controller.id});
  }
}

/// The healed controllers must follow one of them.
std::optional<std::string> SecondAct::noQuorum() const {
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  const auto active = std::ranges::find_if(snapshot->controllers, [this](const lab::ControllerState& each) {
    return each.isActive && m_controllerCore.contains(each.id);
  });
  if (active == snapshot->controllers.end()) return "no controller is active";
  for (const lab::ControllerState& controller : snapshot->controllers)
    if (m_controllerCore.contains(controller.id) &&
        (controller.leaderId != active->id || controller.metadataHighWatermark <= 0))
      return "controller " + std::to_string(controller.id) + " does not follow controller " +
             std::to_string(active->id) + ", which is active";
  return std::nullopt;
}

std::optional<std::string> SecondAct::notWhole() const {
  if (auto trouble = noQuorum()) return trouble;
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  for (const lab::BrokerState& broker : snapshot->brokers)
    if (m_core.contains(broker.id) && broker.condition != lab::NodeCondition::Running)
      return "broker " + std::to_string(broker.id) + " is not running. " + broker.logDirectoryFailure;
  for (const lab::TopicState& topic : snapshot->topics)
    for (const lab::PartitionState& partition : topic.partitions) {
      const bool isIsrWhole = std::ranges::all_of(partition.replicas, [&](base::BrokerId replica) {
        return !m_core.contains(replica) || std::ranges::find(partition.isr, replica) != partition.isr.end();
      });
      if (!m_core.contains(partition.leader) || !isIsrWhole)
        return partition.partition.toString() + " is led by " +
               (partition.leader == base::kNoBroker ? "nobody" : "broker " + std::to_string(partition.leader)) +
               ", of its replicas " + listOf(partition.replicas) + " in sync are " + listOf(partition.isr) +
               "; healed are " + listOf({m_core.begin(), m_core.end()});
    }
  return std::nullopt;
}

std::optional<std::string> SecondAct::notDrained() const {
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  for (const lab::ProducerState& producer : snapshot->producers)
    if (producer.recordsInFlight != 0)
      return producer.name + " still waits for the answer to " + std::to_string(producer.recordsInFlight) + " records";
  return std::nullopt;
}

std::optional<std::string> SecondAct::notAtTheEnd() const {
  const lab::SnapshotPtr snapshot = m_lab.snapshot();
  for (const lab::ConsumerState& consumer : snapshot->consumers)
    for (const lab::ConsumerPartitionState& partition : consumer.partitions)
      if (const auto end = highWatermarkOf(*snapshot, partition.partition); end != partition.position)
        return consumer.name + " is at " + std::to_string(partition.position) + " of " +
               partition.partition.toString() + ", which ends at " + std::to_string(end);
  return std::nullopt;
}

}  // namespace streamscope::simulation
