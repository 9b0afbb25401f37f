#pragma once

#include <string>
#include <vector>

#include "base/virtual_time.h"
#include "lab/command.h"
#include "lab/lab_description.h"

namespace streamscope::simulation {

/// Something that breaks and is repaired later.
struct Fault {
  /// As in the table of fault kinds: "kill-leader".
  std::string kind;
  base::VirtualTime from{}, until{};
  std::vector<lab::Command> breaks, repairs;
  bool operator==(const Fault&) const = default;
};

/// A world with its story as plain values, so that it can be drawn from a seed, cut down, run again and written as a
/// lab file. It has two acts: until `faultsEnd` anything on the list may break and safety must hold; then enough of the
/// cluster is healed that it must be able to work, and liveness must come.
struct Trial {
  /// Cluster, topics and clients; its commands are empty.
  lab::LabDescription lab;
  std::vector<Fault> faults;
  base::VirtualTime faultsEnd{};
  bool operator==(const Trial&) const = default;
};

/// The lab with the faults as its timed commands. What would be repaired after `faultsEnd` is left to the second act.
lab::LabDescription withFaults(const Trial& trial);

/// "kill broker 2", "cut the link between broker 1 and controller 100".
std::string describe(const lab::Command& command);

}  // namespace streamscope::simulation
