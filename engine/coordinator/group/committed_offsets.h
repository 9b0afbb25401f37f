#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "group/offset_and_metadata.h"

namespace streamscope::coordinator {

/// The offsets of all groups of a shard. What has been written but is not replicated yet is kept beside what was before
/// it, so that readers can be shown either (Kafka: TimelineHashMap in OffsetMetadataManager).
class CommittedOffsets {
 public:
  /// Which state a reader wants.
  enum class View : uint8_t {
    /// With what is only written.
    Latest,
    /// What a failure cannot take back.
    Replicated,
  };
  using OfGroup = std::map<base::TopicPartition, OffsetAndMetadata>;

  /// `recordOffset` is that of the record that says so; without a value the offset is forgotten. Returns what was known
  /// last before it.
  std::optional<OffsetAndMetadata> set(const std::string& group, const base::TopicPartition& partition,
                                       base::Offset recordOffset, std::optional<OffsetAndMetadata> value);
  /// Records below this offset are replicated.
  void onReplicated(base::Offset endOffset);

  std::optional<OffsetAndMetadata> find(const std::string& group, const base::TopicPartition& partition,
                                        View view) const;
  OfGroup ofGroup(const std::string& group, View view) const;
  /// Latest view.
  bool hasAny(const std::string& group) const { return !ofGroup(group, View::Latest).empty(); }
  /// Every offset of these topics' partitions, latest view, sorted by group.
  std::map<std::string, std::vector<base::TopicPartition>> ofTopic(const std::string& topic) const;

 private:
  struct Version {
    base::Offset recordOffset = 0;
    std::optional<OffsetAndMetadata> value;
  };
  struct Entry {
    std::optional<OffsetAndMetadata> replicated;
    /// Oldest first.
    std::deque<Version> pending;

    const std::optional<OffsetAndMetadata>& in(View view) const {
      return view == View::Replicated || pending.empty() ? replicated : pending.back().value;
    }
    bool isGone() const { return !replicated && pending.empty(); }
  };
  struct Change {
    base::Offset recordOffset = 0;
    std::string group;
    base::TopicPartition partition;
  };

  std::map<std::string, std::map<base::TopicPartition, Entry>> m_groups;
  /// What is not replicated, in the order of the log.
  std::deque<Change> m_changes;
};

}  // namespace streamscope::coordinator
