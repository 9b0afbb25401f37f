#pragma once

#include <string>
#include <vector>

#include "coordinator/group_view.h"
#include "coordinator_runtime.h"
#include "group/classic_group_manager.h"
#include "group/group_store.h"
#include "group/offset_manager.h"
#include "protocol/coordinator_record_codec.h"
#include "protocol/messages/delete_groups.h"
#include "protocol/messages/describe_groups.h"
#include "protocol/messages/list_groups.h"

namespace streamscope::coordinator {

/// The groups of one partition of `__consumer_offsets` (Kafka: GroupCoordinatorShard): joins groups and offsets, which
/// know nothing of each other's records.
class GroupCoordinatorShard : public CoordinatorShard {
 public:
  explicit GroupCoordinatorShard(const ShardContext& context);

  base::Status replay(base::Offset offset, const CoordinatorRecord& record) override;
  void onLoaded() override;
  void onUnloaded() override;
  void onCommitted(base::Offset endOffset) override { m_offsets.onReplicated(endOffset); }

  ClassicGroupManager& classicGroups() { return m_classicGroups; }

  // Operations.

  /// Of topics that exist; `answer` has what was refused before.
  CoordinatorResult commitOffsets(const protocol::OffsetCommitRequest& request, int16_t version,
                                  protocol::OffsetCommitResponse answer, const ReplyPtr& reply);
  CoordinatorResult deleteOffsets(const protocol::OffsetDeleteRequest& request, protocol::OffsetDeleteResponse answer,
                                  const ReplyPtr& reply);
  using DeletedGroups = std::vector<protocol::DeleteGroupsResponse::DeletableGroupResult>;
  CoordinatorResult deleteGroups(const std::vector<std::string>& ids, std::function<void(DeletedGroups)> onDeleted);
  /// The topics are gone, and the offsets in them mean nothing.
  CoordinatorResult forgetTopics(const std::vector<std::string>& topics);

  // Questions.

  bool hasGroup(const std::string& id) const { return m_groups.find(id) != nullptr; }
  protocol::OffsetFetchResponse::OffsetFetchResponseGroup fetchOffsets(
      const protocol::OffsetFetchRequest::OffsetFetchRequestGroup& question, CommittedOffsets::View view) const {
    return m_offsets.fetch(question, view);
  }
  /// Names in any case; no names are all.
  std::vector<protocol::ListGroupsResponse::ListedGroup> listGroups(const std::vector<std::string>& states,
                                                                    const std::vector<std::string>& types) const;
  protocol::DescribeGroupsResponse::DescribedGroup describeGroup(const std::string& id, int16_t version) const;
  /// In the order of their ids.
  std::vector<GroupView> views() const;

 private:
  CoordinatorResult expireOffsets();
  void scheduleExpiry();

  const ShardContext m_context;
  GroupStore m_groups;
  ClassicGroupManager m_classicGroups;
  OffsetManager m_offsets;
};

}  // namespace streamscope::coordinator
