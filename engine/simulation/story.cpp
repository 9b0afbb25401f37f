#include "simulation/story.h"

#include <algorithm>
#include <utility>

#include "lab/command_json.h"

namespace streamscope::simulation {
namespace {

std::string listOf(const std::vector<base::BrokerId>& brokers) {
  std::string text;
  for (const base::BrokerId broker : brokers) text += (text.empty() ? "" : ", ") + std::to_string(broker);
  return text;
}

/// Before the first fault the cluster only comes up; nobody wants to read that.
class Listener {
 public:
  explicit Listener(base::VirtualTime from) : m_from(from) {}

  void onEvent(const world::TraceEvent& event) {
    if (event.time < m_from) return;
    if (const auto* command = std::get_if<world::CommandExecuted>(&event.payload)) {
      const auto read = lab::commandFromJson(command->command);
      if (command->refusal.empty() && read) add(event.time, describe(*read));
    } else if (const auto* changed = std::get_if<world::PartitionChanged>(&event.payload)) {
      onPartition(event.time, *changed);
    } else if (const auto* role = std::get_if<world::QuorumRoleChanged>(&event.payload)) {
      if (role->to == "Leader" || role->from == "Leader")
        addConsequence(event.time, role->node.toString() + (role->to == "Leader" ? " leads" : " no longer leads") +
                                       " the quorum, epoch " + std::to_string(role->epoch) + ": " + role->reason);
    } else if (const auto* cut = std::get_if<world::LogTruncated>(&event.payload)) {
      addConsequence(event.time, cut->node.toString() + " cuts " + cut->partition.toString() + " from " +
                                     std::to_string(cut->from) + " to " + std::to_string(cut->to));
    } else if (const auto* failed = std::get_if<world::LogDirectoryFailed>(&event.payload)) {
      addConsequence(event.time, failed->node.toString() + " loses its log directory: " + failed->reason);
    }
  }
  void add(base::VirtualTime at, const std::string& what) {
    m_lines.push_back({at, base::formatVirtualTime(at) + "  " + what, false});
  }
  /// Of many consequences only the first and the last.
  std::vector<std::string> lines() {
    std::ranges::stable_sort(m_lines, {}, &Line::at);
    const auto consequences = static_cast<size_t>(std::ranges::count(m_lines, true, &Line::isConsequence));
    std::vector<std::string> text;
    size_t passed = 0;
    for (Line& line : m_lines) {
      if (line.isConsequence) ++passed;
      const bool isLeftOut =
          line.isConsequence && passed > kConsequencesMax && passed + kConsequencesMax <= consequences;
      if (!isLeftOut) text.push_back(std::move(line.text));
      if (isLeftOut && passed == kConsequencesMax + 1)
        text.push_back("...           " + std::to_string(consequences - 2 * kConsequencesMax) + " more changes");
    }
    return text;
  }

 private:
  struct Line {
    base::VirtualTime at{};
    std::string text;
    bool isConsequence = false;
  };
  /// At the beginning, and as many at the end.
  static constexpr size_t kConsequencesMax = 20;

  void addConsequence(base::VirtualTime at, const std::string& what) {
    m_lines.push_back({at, base::formatVirtualTime(at) + "    " + what, true});
  }
  void onPartition(base::VirtualTime at, const world::PartitionChanged& changed) {
    const std::string partition = changed.partition.toString();
    const std::string isr = changed.isr == changed.isrBefore ? "" : ", in sync are " + listOf(changed.isr);
    if (changed.leader == changed.leaderBefore)
      addConsequence(at, partition + isr);
    else if (changed.leader == base::kNoBroker)
      addConsequence(at, partition + " has no leader" + isr);
    else
      addConsequence(at, partition + " is led by broker " + std::to_string(changed.leader) + " in epoch " +
                             std::to_string(changed.leaderEpoch) + isr);
  }

  const base::VirtualTime m_from;
  std::vector<Line> m_lines;
};

}  // namespace

base::Result<Story> tell(const Trial& trial, const TrialOptions& options) {
  const base::VirtualTime from = trial.faults.empty() ? base::VirtualTime{} : trial.faults.front().from;
  Listener listener(from);
  TrialOptions listening = options;
  listening.onEvent = [&listener](const world::TraceEvent& event) { listener.onEvent(event); };
  auto outcome = runTrial(trial, listening);
  if (!outcome) return base::fail(outcome.error());
  for (const lab::Breach& breach : outcome->breaches) {
    const auto alike = std::ranges::count(outcome->breaches, breach.promise, &lab::Breach::promise);
    const bool isFirst = breach == *std::ranges::find(outcome->breaches, breach.promise, &lab::Breach::promise);
    const std::string more = alike > 1 ? " (and " + std::to_string(alike - 1) + " more)" : "";
    if (isFirst) listener.add(breach.at, "BROKEN: " + breach.toString() + more);
  }
  return Story{listener.lines(), std::move(*outcome)};
}

std::string describeLab(const lab::LabDescription& lab) {
  std::string text = std::to_string(lab.brokers) + (lab.brokers == 1 ? " broker" : " brokers");
  if (lab.controllers > 1) text += ", " + std::to_string(lab.controllers) + " controllers";
  for (const lab::CreateTopic& topic : lab.topics) {
    text += "; " + topic.topic + ": " + std::to_string(topic.partitions) +
            (topic.partitions == 1 ? " partition, " : " partitions, ") + std::to_string(topic.replicationFactor) +
            (topic.replicationFactor == 1 ? " replica" : " replicas");
    for (const auto& [key, value] : topic.configs) text += ", " + key + " " + value;
  }
  for (const lab::StartProducer& producer : lab.producers)
    text += "; " + producer.name + " writes to " + producer.topic +
            " with acks=" + (producer.acks == -1 ? "all" : std::to_string(producer.acks));
  for (const lab::StartConsumer& consumer : lab.consumers) text += "; " + consumer.name + " reads " + consumer.topic;
  return text;
}

}  // namespace streamscope::simulation
