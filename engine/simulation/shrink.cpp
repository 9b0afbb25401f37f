#include "simulation/shrink.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "fault_targets.h"

namespace streamscope::simulation {
namespace {

using namespace std::chrono_literals;

bool mentions(const lab::Command& command, world::Address node) {
  return std::visit(
      [node](const auto& given) {
        if constexpr (requires { given.broker; }) {
          return node.kind == world::NodeKind::Broker && given.broker == node.id;
        } else if constexpr (requires { given.controller; }) {
          return node.kind == world::NodeKind::Controller && given.controller == node.id;
        } else if constexpr (requires { given.a; }) {
          return given.a == node || given.b == node;
        } else if constexpr (requires { given.from; }) {
          return given.from == node || given.to == node;
        } else if constexpr (requires { given.node; }) {
          return given.node == node;
        } else if constexpr (requires { given.nodes; }) {
          return std::ranges::find(given.nodes, node) != given.nodes.end();
        } else {
          return false;
        }
      },
      command);
}

/// Of a partition that is not there (any more).
bool mentionsMissingPartition(const lab::Command& command, const lab::LabDescription& lab) {
  return std::visit(
      [&lab](const auto& given) {
        if constexpr (requires { given.leaderOf; }) {
          return given.leaderOf && std::ranges::none_of(lab.topics, [&](const lab::CreateTopic& topic) {
                   return topic.topic == given.leaderOf->topic && given.leaderOf->partition < topic.partitions;
                 });
        } else {
          return false;
        }
      },
      command);
}

class Shrinker {
 public:
  Shrinker(const Trial& trial, const TrialOutcome& outcome, std::string promise, int32_t runsMax, TrialOptions options)
      : m_best{trial, outcome, 0}, m_runsMax(runsMax), m_options(std::move(options)) {
    m_options.promise = std::move(promise);
  }

  Shrunk run() {
    cutAfterBreach();
    for (bool isSmaller = true; isSmaller && m_best.runs < m_runsMax;) {
      isSmaller = dropFaults();
      isSmaller = dropClients() || isSmaller;
      isSmaller = dropTopics() || isSmaller;
      isSmaller = dropPartitions() || isSmaller;
      isSmaller = dropBrokers() || isSmaller;
      isSmaller = dropControllers() || isSmaller;
      isSmaller = simplifyFaults() || isSmaller;
    }
    return std::move(m_best);
  }

 private:
  /// Takes the candidate over when it breaks the same promise.
  bool accept(Trial candidate) {
    if (m_best.runs >= m_runsMax || candidate == m_best.trial) return false;
    ++m_best.runs;
    auto outcome = runTrial(candidate, m_options);
    if (!outcome || outcome->breaches.empty()) return false;
    m_best.trial = std::move(candidate);
    m_best.outcome = std::move(*outcome);
    return true;
  }

  void cutAfterBreach() {
    Trial candidate = m_best.trial;
    const base::VirtualTime end = m_best.outcome.breaches.front().at;
    std::erase_if(candidate.faults, [end](const Fault& fault) { return fault.from > end; });
    candidate.faultsEnd = std::min(candidate.faultsEnd, end + 1s);
    accept(std::move(candidate));
  }

  bool dropFaults() {
    bool isSmaller = false;
    for (size_t chunk = std::max<size_t>(m_best.trial.faults.size() / 2, 1); chunk > 0; chunk /= 2) {
      for (size_t at = m_best.trial.faults.size(); at > 0;) {
        const size_t first = at > chunk ? at - chunk : 0;
        Trial candidate = m_best.trial;
        candidate.faults.erase(candidate.faults.begin() + static_cast<std::ptrdiff_t>(first),
                               candidate.faults.begin() + static_cast<std::ptrdiff_t>(at));
        isSmaller = accept(std::move(candidate)) || isSmaller;
        at = std::min(first, m_best.trial.faults.size());
      }
    }
    return isSmaller;
  }

  template <class Member>
  bool dropEachOf(Member member) {
    bool isSmaller = false;
    for (size_t index = std::size(m_best.trial.lab.*member); index > 0; --index) {
      Trial candidate = m_best.trial;
      auto& list = candidate.lab.*member;
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(index - 1));
      isSmaller = accept(std::move(candidate)) || isSmaller;
    }
    return isSmaller;
  }

  bool dropClients() {
    const bool consumers = dropEachOf(&lab::LabDescription::consumers);
    return dropEachOf(&lab::LabDescription::producers) || consumers;
  }

  /// With the clients that use it.
  bool dropTopics() {
    bool isSmaller = false;
    for (size_t index = m_best.trial.lab.topics.size(); index > 0 && m_best.trial.lab.topics.size() > 1; --index) {
      Trial candidate = m_best.trial;
      lab::LabDescription& lab = candidate.lab;
      const std::string topic = lab.topics[index - 1].topic;
      lab.topics.erase(lab.topics.begin() + static_cast<std::ptrdiff_t>(index - 1));
      std::erase_if(lab.producers, [&](const auto& client) { return client.topic == topic; });
      std::erase_if(lab.consumers, [&](const auto& client) { return client.topic == topic; });
      dropImpossibleFaults(candidate);
      isSmaller = accept(std::move(candidate)) || isSmaller;
    }
    return isSmaller;
  }

  bool dropPartitions() {
    bool isSmaller = false;
    for (size_t index = 0; index < m_best.trial.lab.topics.size(); ++index) {
      while (m_best.trial.lab.topics[index].partitions > 1) {
        Trial candidate = m_best.trial;
        --candidate.lab.topics[index].partitions;
        dropImpossibleFaults(candidate);
        if (!accept(std::move(candidate))) break;
        isSmaller = true;
      }
    }
    return isSmaller;
  }

  bool dropBrokers() {
    bool isSmaller = false;
    while (m_best.trial.lab.brokers > 1) {
      Trial candidate = m_best.trial;
      --candidate.lab.brokers;
      const bool isEnough = std::ranges::all_of(candidate.lab.topics, [&](const lab::CreateTopic& topic) {
        return topic.replicationFactor <= candidate.lab.brokers;
      });
      if (!isEnough) break;
      dropImpossibleFaults(candidate);
      if (!accept(std::move(candidate))) break;
      isSmaller = true;
    }
    return isSmaller;
  }

  /// A quorum of five, then of three, then one alone.
  bool dropControllers() {
    bool isSmaller = false;
    while (m_best.trial.lab.controllers > 1) {
      Trial candidate = m_best.trial;
      const std::vector<int32_t> before = controllerIdsOf(candidate.lab);
      candidate.lab.controllers -= candidate.lab.controllers > 2 ? 2 : 1;
      for (size_t gone = controllerIdsOf(candidate.lab).size(); gone < before.size(); ++gone)
        dropFaultsOf(candidate, world::controllerAddress(before[gone]));
      if (!accept(std::move(candidate))) break;
      isSmaller = true;
    }
    return isSmaller;
  }

  static void dropFaultsOf(Trial& trial, world::Address node) {
    dropCommands(trial, [node](const lab::Command& command) { return mentions(command, node); });
  }

  static void dropImpossibleFaults(Trial& trial) {
    dropCommands(trial, [&trial](const lab::Command& command) {
      return mentions(command, world::brokerAddress(trial.lab.brokers + 1)) ||
             mentionsMissingPartition(command, trial.lab);
    });
  }

  template <class IsImpossible>
  static void dropCommands(Trial& trial, const IsImpossible& isImpossible) {
    for (Fault& fault : trial.faults) {
      std::erase_if(fault.breaks, isImpossible);
      std::erase_if(fault.repairs, isImpossible);
    }
    std::erase_if(trial.faults, [](const Fault& fault) { return fault.breaks.empty(); });
  }

  /// Leaves out single commands of a fault, and its repair.
  bool simplifyFaults() {
    bool isSmaller = false;
    for (size_t index = 0; index < m_best.trial.faults.size(); ++index) {
      for (size_t command = m_best.trial.faults[index].breaks.size(); command > 0; --command) {
        if (m_best.trial.faults[index].breaks.size() == 1) break;
        Trial candidate = m_best.trial;
        Fault& fault = candidate.faults[index];
        const bool isPaired = fault.breaks.size() == fault.repairs.size();
        fault.breaks.erase(fault.breaks.begin() + static_cast<std::ptrdiff_t>(command - 1));
        if (isPaired) fault.repairs.erase(fault.repairs.begin() + static_cast<std::ptrdiff_t>(command - 1));
        isSmaller = accept(std::move(candidate)) || isSmaller;
      }
      if (m_best.trial.faults[index].until >= m_best.trial.faultsEnd) continue;
      Trial candidate = m_best.trial;
      candidate.faults[index].until = candidate.faultsEnd;
      isSmaller = accept(std::move(candidate)) || isSmaller;
    }
    return isSmaller;
  }

  Shrunk m_best;
  const int32_t m_runsMax;
  TrialOptions m_options;
};

}  // namespace

Shrunk shrink(const Trial& trial, const TrialOutcome& outcome, const std::string& promise, int32_t runsMax,
              const TrialOptions& options) {
  return Shrinker(trial, outcome, promise, runsMax, options).run();
}

}  // namespace streamscope::simulation
