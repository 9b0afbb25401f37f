#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/consumer_config.h"
#include "cluster_metadata.h"
#include "committed_offsets.h"
#include "connection_states.h"
#include "coordinator_connection.h"
#include "group_assignor.h"
#include "group_membership.h"
#include "subscription_state.h"
#include "world/node.h"

namespace streamscope::client {

/// What makes a consumer a member of a group: it joins, is given partitions and gives them up, begins where the group
/// has committed, and commits how far it has read (Kafka: ConsumerCoordinator). All of it happens while the application
/// is in `poll`; only heartbeats go on beside it.
class ConsumerCoordinator {
 public:
  struct Hooks {
    /// The application waits in `poll`.
    std::function<bool()> isPolling;
    /// Something came that the next `poll` is to look at.
    std::function<void()> onProgress;
    /// The application would see an exception.
    std::function<void(base::ErrorCode, const std::string& reason)> onFatal;
  };
  ConsumerCoordinator(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
                      ConnectionStates& connections, SubscriptionState& subscription, Hooks hooks);

  /// Finds the coordinator, joins where needed, commits when it is time.
  void poll();
  /// Partitions that were just assigned begin at the committed offset.
  void initializePositions();
  /// The metadata was updated: a leader may have waited for topics of other members.
  void onMetadata();

  /// Commits the positions, and again after what may be tried again, until default.api.timeout.ms is over.
  void commitSync(std::function<void()> done);
  void commitAsync();
  /// Commits if it does so by itself, gives up its partitions and leaves; `done` runs once.
  void close(std::function<void()> done);

  const GroupMembership& membership() const { return m_membership; }
  bool isLeader() const { return m_isLeader; }

 private:
  using Offsets = CommittedOffsets::Offsets;
  using Outcome = CommittedOffsets::Outcome;
  /// Partitions and racks of the topics, as the leader assigned by them.
  using Topics = std::map<std::string, std::vector<PartitionRacks>>;

  /// Giving up partitions before a JoinGroup, which may take several looks.
  struct JoinPreparation {
    bool isCommitting = false;
    bool isCommitted = false;
    std::optional<base::VirtualTime> deadline = {};
  };

  bool isRejoinNeeded();
  void joinIfNeeded();
  /// False when it has to wait.
  bool prepareJoin();
  void commitBeforeJoin();
  void giveUpBeforeJoin();
  /// False when it has to wait, or cannot go on.
  bool onJoinEnded(const GroupMembership::JoinResult& result);
  void onJoinComplete(const base::SharedBytes& assignmentBytes);
  void applyAssignment(const std::set<PartitionKey>& assigned);
  void assignAsLeader(const protocol::JoinGroupResponse& response,
                      std::function<void(GroupMembership::Assignments)> done);
  Topics topicsOf(const std::vector<std::string>& names) const;
  /// What of it makes the leader join again when it changes.
  Topics snapshotOf(Topics topics) const;
  void giveUpAll();
  void tellRevoked(const std::set<PartitionKey>& partitions, const std::string& reason);
  void tellLost(const std::set<PartitionKey>& partitions, const std::string& reason);
  std::vector<base::TopicPartition> named(const std::set<PartitionKey>& partitions) const;

  void autoCommitIfDue();
  void setAutoCommitDue(base::Duration after);
  Offsets consumed() const;
  void commit(const Offsets& offsets, std::function<void(const Outcome&)> done);
  void commitUntil(const Offsets& offsets, base::VirtualTime deadline, std::function<void()> done);
  void tellFailure(const Outcome& outcome);
  void onCommittedFetched(const std::set<PartitionKey>& asked, const Outcome& outcome, const Offsets& offsets);
  /// Looks again after retry.backoff.ms.
  void pause();

  world::NodeContext& m_context;
  const ConsumerConfig& m_config;
  ClusterMetadata& m_metadata;
  SubscriptionState& m_subscription;
  const Hooks m_hooks;
  CoordinatorConnection m_connection;
  GroupAssignor m_assignor;
  GroupMembership m_membership;
  CommittedOffsets m_offsets;

  bool m_isClosed = false;
  bool m_isLeader = false;
  /// Topics of all members, which a leader knows.
  std::vector<std::string> m_groupTopics;
  std::optional<Topics> m_assignedBy;
  /// The metadata's update that was last compared with it.
  int64_t m_comparedUpdate = 0;
  /// The leader's assignment waits for the metadata of topics that it did not know.
  std::function<void()> m_onTopicsKnown;
  int64_t m_updatesBefore = 0;
  JoinPreparation m_preparation;
  world::TimerId m_pauseTimer = 0;
  base::VirtualTime m_autoCommitDue{};
  world::TimerId m_autoCommitTimer = 0;
  bool m_isFetchingCommitted = false;
};

}  // namespace streamscope::client
