#pragma once

#include <memory>
#include <vector>

#include "broker/coordinator_host.h"
#include "broker/hosted_coordinator.h"
#include "coordinator/group_view.h"

namespace streamscope::coordinator {

/// The group coordinator of a broker: groups of members that share the partitions of topics, and the offsets that they
/// commit, kept in `__consumer_offsets` (Kafka: GroupCoordinatorService). Answers OffsetCommit, OffsetFetch,
/// OffsetDelete, JoinGroup, SyncGroup, Heartbeat, LeaveGroup, DescribeGroups, ListGroups and DeleteGroups for the
/// groups whose partition the broker leads, and NOT_COORDINATOR for others.
class GroupCoordinator : public broker::HostedCoordinator {
 public:
  explicit GroupCoordinator(broker::CoordinatorHost& host);
  ~GroupCoordinator() override;

  /// What a broker is given to host one.
  static broker::CoordinatorFactory factory();

  std::string_view topic() const override;
  std::span<const protocol::ApiKey> apiKeys() const override;
  void handle(world::IncomingRequest request) override;
  void onElection(base::PartitionId partition, base::LeaderEpoch leaderEpoch) override;
  void onResignation(base::PartitionId partition, const std::string& reason) override;
  void onHighWatermarkMoved(base::PartitionId partition, base::Offset highWatermark) override;
  void onMetadataChanged(const std::vector<broker::DeletedTopic>& deleted) override;
  void stop(const std::string& reason) override;

  /// Of the partitions that are loaded, sorted by partition and id.
  std::vector<GroupView> groups() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::coordinator
