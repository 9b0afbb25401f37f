#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "lab/invariant_checker.h"
#include "lab/lab.h"

namespace streamscope::simulation {

/// Heals a viable core of the cluster, leaves the rest dead for good, and waits for liveness: an ISR that is whole,
/// producers that are answered, consumers that reach the end.
class SecondAct {
 public:
  /// `isSafetyBroken` ends the act.
  SecondAct(lab::Lab& lab, std::function<bool()> isSafetyBroken, base::Random random);

  /// What did not come in time; nothing when all is well.
  std::optional<lab::Breach> run();

  /// What was carried out, with its times.
  const std::vector<lab::TimedCommand>& commands() const { return m_commands; }

 private:
  /// Runs on until `trouble` finds none, at most for `limit`; then what it still finds. `work` is done every second.
  template <class Trouble, class Work>
  std::optional<std::string> waitFor(base::Duration limit, Trouble&& trouble, Work&& work);
  void heal();
  void healQuorum();
  void healLinks(const lab::Snapshot& snapshot);
  void healBrokers(const lab::Snapshot& snapshot);
  void healControllers(const lab::Snapshot& snapshot);
  std::optional<std::string> noQuorum() const;
  void execute(const lab::Command& command);
  std::optional<std::string> notWhole() const;
  std::optional<std::string> notDrained() const;
  std::optional<std::string> notAtTheEnd() const;

  lab::Lab& m_lab;
  const std::function<bool()> m_isSafetyBroken;
  base::Random m_random;
  std::set<base::BrokerId> m_core;
  std::set<int32_t> m_controllerCore;
  std::vector<lab::TimedCommand> m_commands;
};

}  // namespace streamscope::simulation
