#include "group/committed_offsets.h"

#include <utility>

namespace streamscope::coordinator {

std::optional<OffsetAndMetadata> CommittedOffsets::set(const std::string& group, const base::TopicPartition& partition,
                                                       base::Offset recordOffset,
                                                       std::optional<OffsetAndMetadata> value) {
  Entry& entry = m_groups[group][partition];
  const std::optional<OffsetAndMetadata> before = entry.in(View::Latest);
  entry.pending.push_back({recordOffset, std::move(value)});
  m_changes.push_back({recordOffset, group, partition});
  return before;
}

void CommittedOffsets::onReplicated(base::Offset endOffset) {
  while (!m_changes.empty() && m_changes.front().recordOffset < endOffset) {
    const Change change = std::move(m_changes.front());
    m_changes.pop_front();
    const auto group = m_groups.find(change.group);
    const auto found = group->second.find(change.partition);
    Entry& entry = found->second;
    entry.replicated = std::move(entry.pending.front().value);
    entry.pending.pop_front();
    if (!entry.isGone()) continue;
    group->second.erase(found);
    if (group->second.empty()) m_groups.erase(group);
  }
}

std::optional<OffsetAndMetadata> CommittedOffsets::find(const std::string& group, const base::TopicPartition& partition,
                                                        View view) const {
  const auto offsets = m_groups.find(group);
  if (offsets == m_groups.end()) return std::nullopt;
  const auto found = offsets->second.find(partition);
  return found == offsets->second.end() ? std::nullopt : found->second.in(view);
}

CommittedOffsets::OfGroup CommittedOffsets::ofGroup(const std::string& group, View view) const {
  OfGroup all;
  const auto offsets = m_groups.find(group);
  if (offsets == m_groups.end()) return all;
  for (const auto& [partition, entry] : offsets->second)
    if (const auto& value = entry.in(view)) all.emplace(partition, *value);
  return all;
}

std::map<std::string, std::vector<base::TopicPartition>> CommittedOffsets::ofTopic(const std::string& topic) const {
  std::map<std::string, std::vector<base::TopicPartition>> all;
  for (const auto& [group, offsets] : m_groups)
    for (auto entry = offsets.lower_bound({topic, 0}); entry != offsets.end() && entry->first.topic == topic; ++entry)
      if (entry->second.in(View::Latest)) all[group].push_back(entry->first);
  return all;
}

}  // namespace streamscope::coordinator
