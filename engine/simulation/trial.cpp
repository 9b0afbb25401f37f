#include "simulation/trial.h"

#include <algorithm>

#include "lab/command_json.h"

namespace streamscope::simulation {
namespace {

std::string brokerOrLeader(base::BrokerId broker, const std::optional<base::TopicPartition>& leaderOf) {
  return leaderOf ? "the leader of " + leaderOf->toString() : "broker " + std::to_string(broker);
}

std::string controllerOrActive(int32_t controller) {
  return controller == 0 ? "the active controller" : "controller " + std::to_string(controller);
}

std::string millisecondsOf(base::Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

struct Describer {
  std::string operator()(const lab::KillBroker& command) const {
    return "kill " + brokerOrLeader(command.broker, command.leaderOf);
  }
  std::string operator()(const lab::StopBroker& command) const {
    return "stop " + brokerOrLeader(command.broker, command.leaderOf);
  }
  std::string operator()(const lab::PauseBroker& command) const {
    return "pause " + brokerOrLeader(command.broker, command.leaderOf);
  }
  std::string operator()(const lab::StartBroker& command) const {
    return command.broker == 0 ? "start every broker that is down" : "start broker " + std::to_string(command.broker);
  }
  std::string operator()(const lab::ResumeBroker& command) const {
    return command.broker == 0 ? "resume every paused broker" : "resume broker " + std::to_string(command.broker);
  }
  std::string operator()(const lab::KillController& command) const {
    return "kill " + controllerOrActive(command.controller);
  }
  std::string operator()(const lab::StopController& command) const {
    return "stop " + controllerOrActive(command.controller);
  }
  std::string operator()(const lab::PauseController& command) const {
    return "pause " + controllerOrActive(command.controller);
  }
  std::string operator()(const lab::StartController& command) const {
    return command.controller == 0 ? "start every controller that is down"
                                   : "start controller " + std::to_string(command.controller);
  }
  std::string operator()(const lab::ResumeController& command) const {
    return command.controller == 0 ? "resume every paused controller"
                                   : "resume controller " + std::to_string(command.controller);
  }
  std::string operator()(const lab::CutLink& command) const {
    if (!command.bothDirections) return "cut the link from " + command.a.toString() + " to " + command.b.toString();
    return "cut the link between " + command.a.toString() + " and " + command.b.toString();
  }
  std::string operator()(const lab::HealLink& command) const {
    return "heal the link between " + command.a.toString() + " and " + command.b.toString();
  }
  std::string operator()(const lab::SetLink& command) const {
    std::string text = "make the link from " + command.from.toString() + " to " + command.to.toString();
    if (command.bothDirections) text += " and back";
    if (command.latency) text += " slow (" + millisecondsOf(*command.latency) + ")";
    if (command.lossPerMille > 0) text += " lossy (" + std::to_string(command.lossPerMille) + " per mille)";
    if (command.duplicatePerMille > 0)
      text += " repeat itself (" + std::to_string(command.duplicatePerMille) + " per mille)";
    if (command.bytesPerSecond > 0) text += " narrow (" + std::to_string(command.bytesPerSecond) + " bytes/s)";
    return text;
  }
  std::string operator()(const lab::CutPower& command) const {
    if (command.leaderOf) return "cut the power of the leader of " + command.leaderOf->toString();
    std::string text;
    for (const world::Address node : command.nodes) text += (text.empty() ? "" : ", ") + node.toString();
    return "cut the power of " + text;
  }
  std::string operator()(const lab::SetDisk& command) const {
    std::string text = "make the disk of " + command.node.toString();
    if (command.failing) text += " fail after " + std::to_string(command.operationsUntilFailure) + " operations";
    if (command.losesSyncs) text += " lose its syncs";
    if (command.operationLatency > base::Duration::zero())
      text += " slow (" + millisecondsOf(command.operationLatency) + ")";
    return command == lab::SetDisk{command.node} ? text + " well" : text;
  }
  std::string operator()(const lab::ReplaceDisk& command) const {
    return "give " + command.node.toString() + " an empty disk";
  }
  std::string operator()(const lab::FlipBit& command) const {
    return "flip a bit of " + (command.partition ? command.partition->toString() + " " : std::string()) +
           "on the disk of " + command.node.toString();
  }
  std::string operator()(const lab::SetClock& command) const {
    if (command.offset == base::Duration::zero() && command.driftPpm == 0)
      return "set the clock of " + command.node.toString() + " right";
    return "set the clock of " + command.node.toString() + " off by " + millisecondsOf(command.offset) + ", " +
           std::to_string(command.driftPpm) + " ppm";
  }
  std::string operator()(const lab::InjectError& command) const {
    return "let " + command.node.toString() + " answer " + std::to_string(command.times) + " " + command.api +
           " requests with " + command.error;
  }
  std::string operator()(const lab::SetDiskFull& command) const {
    return (command.full ? "fill the disk of broker " : "make room on the disk of broker ") +
           std::to_string(command.broker);
  }
  std::string operator()(const lab::StopClient& command) const { return "stop client " + command.name; }
  /// What a story seldom has is said as it would stand in its file.
  template <class Other>
  std::string operator()(const Other& command) const {
    return lab::toJson(command);
  }
};

}  // namespace

lab::LabDescription withFaults(const Trial& trial) {
  lab::LabDescription lab = trial.lab;
  for (const Fault& fault : trial.faults) {
    for (const lab::Command& command : fault.breaks) lab.commands.push_back({fault.from, command});
    if (fault.until >= trial.faultsEnd) continue;
    for (const lab::Command& command : fault.repairs) lab.commands.push_back({fault.until, command});
  }
  std::ranges::stable_sort(lab.commands, {}, &lab::TimedCommand::at);
  return lab;
}

std::string describe(const lab::Command& command) {
  return std::visit(Describer{}, command);
}

}  // namespace streamscope::simulation
