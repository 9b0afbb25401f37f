#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "simulation/shrink.h"

namespace streamscope::simulation {

/// What a search for a breach in somebody's own lab came to.
struct LossSearch {
  /// The shortest story found; none when every world kept the promise.
  std::optional<Shrunk> found;
  uint64_t worldsTried = 0;
};

/// Looks for the shortest schedule of faults that breaks `promise` in this lab: first with one fault, then with more,
/// in at most `worldsMax` worlds; what is found is cut down. Every acknowledgement counts as a promise, whatever the
/// configuration (InvariantChecker::Claims::EveryAcknowledgement). INVALID_REQUEST for a lab without topics or
/// producers, or an unknown promise.
base::Result<LossSearch> findLoss(const lab::LabDescription& lab, const std::string& promise, uint64_t worldsMax);

/// Every promise that can be broken, as sentences; those of safety first.
std::vector<std::string> allPromises();

/// "Acknowledged records survive." as a word for a command line: "acknowledged-records-survive".
std::string promiseName(const std::string& promise);

}  // namespace streamscope::simulation
