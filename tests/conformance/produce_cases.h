#pragma once

#include <map>
#include <string>
#include <vector>

#include "produce_probe.h"

namespace streamscope::conformance {

/// Something a client may send, and its name in the test's output.
struct ProduceCase {
  std::string name;
  ProduceQuestion question;
  /// Empty where the answer is Kafka's; else the error that it is instead, on purpose.
  std::string deviation = {};
};

/// The topics that the cases write to, with their configurations.
std::map<std::string, std::map<std::string, std::string>> produceTopics();

/// Good and bad requests; to be sent in this order to a fresh cluster with those topics. `nowMs` is wall time.
std::vector<ProduceCase> produceCases(int64_t nowMs);

/// What idempotent producers send: resent, lost, reordered and renumbered batches.
std::vector<ProduceCase> idempotenceCases(int64_t nowMs);
/// And on, after the broker was shut down and started again.
std::vector<ProduceCase> casesAfterRestart(int64_t nowMs);
/// And on, after it was killed and started again.
std::vector<ProduceCase> casesAfterKill(int64_t nowMs);

}  // namespace streamscope::conformance
