#pragma once

#include <span>
#include <string_view>

#include "base/random.h"
#include "lab/lab_description.h"
#include "simulation/trial.h"

namespace streamscope::simulation {

/// One way to break a cluster. Faults are commands like any other, so a new one is a line in the table.
struct FaultKind {
  std::string_view name;
  /// Fills in what breaks and what repairs it.
  void (*draw)(base::Random& random, const lab::LabDescription& lab, Fault& fault);
};

std::span<const FaultKind> faultKinds();

}  // namespace streamscope::simulation
