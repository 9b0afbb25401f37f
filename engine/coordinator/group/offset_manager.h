#pragma once

#include <string>

#include "coordinator_runtime.h"
#include "group/committed_offsets.h"
#include "group/group_store.h"
#include "protocol/classic_group_records.h"
#include "protocol/messages/offset_commit.h"
#include "protocol/messages/offset_delete.h"
#include "protocol/messages/offset_fetch.h"

namespace streamscope::coordinator {

/// Committed offsets: checked against their group, written, read, deleted and expired (Kafka: OffsetMetadataManager).
class OffsetManager {
 public:
  OffsetManager(const ShardContext& context, GroupStore& groups) : m_context(context), m_groups(groups) {}

  struct CommitOutcome {
    base::ErrorCode error = base::ErrorCode::NONE;
    std::vector<CoordinatorRecord> records;
    /// Of the topics in the request, which are known ones.
    protocol::OffsetCommitResponse answer;
  };
  /// A commit of whoever is no member makes a group if there is none.
  CommitOutcome commit(const protocol::OffsetCommitRequest& request, int16_t version);

  /// What one group has committed of the partitions asked for, or of all; -1 where nothing is.
  protocol::OffsetFetchResponse::OffsetFetchResponseGroup fetch(
      const protocol::OffsetFetchRequest::OffsetFetchRequestGroup& question, CommittedOffsets::View view) const;

  struct DeleteOutcome {
    base::ErrorCode error = base::ErrorCode::NONE;
    std::vector<CoordinatorRecord> records;
    protocol::OffsetDeleteResponse answer;
  };
  DeleteOutcome remove(const protocol::OffsetDeleteRequest& request) const;

  /// Tombstones of all offsets of a group.
  void appendTombstones(const std::string& group, std::vector<CoordinatorRecord>& records) const;
  /// Of those whose retention is over. True when the group has none left.
  bool appendExpired(const Group& group, std::vector<CoordinatorRecord>& records);
  /// Of those of a topic that is gone.
  void appendOfTopic(const std::string& topic, std::vector<CoordinatorRecord>& records);

  /// `value` is null for a tombstone. A group that is not known yet begins to exist.
  void replay(base::Offset offset, const protocol::OffsetCommitKey& key, const protocol::OffsetCommitValue* value);
  void onReplicated(base::Offset endOffset) { m_offsets.onReplicated(endOffset); }

  const CommittedOffsets& offsets() const { return m_offsets; }

 private:
  base::TimestampMs now() const { return m_context.node.clock.wallClockMs(); }
  void traceRemoved(const std::string& group, const base::TopicPartition& partition, const std::string& reason) const;

  const ShardContext m_context;
  GroupStore& m_groups;
  CommittedOffsets m_offsets;
};

}  // namespace streamscope::coordinator
