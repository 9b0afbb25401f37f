#include "simulation/trial.h"

#include <algorithm>

#include "lab/command_json.h"

namespace streamscope::simulation {
namespace {

std::string brokerOrLeader(base::BrokerId broker, const std::optional<base::TopicPartition>& leaderOf) {
  return leaderOf ? "the leader of " + leaderOf->toString() : "broker " + std::to_string(broker);
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
  std::string operator()(const lab::CutLink& command) const {
    return "cut the link between " + command.a.toString() + " and " + command.b.toString();
  }
  std::string operator()(const lab::HealLink& command) const {
    return "heal the link between " + command.a.toString() + " and " + command.b.toString();
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
