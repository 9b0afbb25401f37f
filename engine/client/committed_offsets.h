#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "client/consumer_config.h"
#include "cluster_metadata.h"
#include "coordinator_connection.h"
#include "group_membership.h"
#include "protocol/message.h"

namespace streamscope::client {

/// Commits offsets with a group's coordinator and asks for those committed (the offsets of Kafka's
/// ConsumerCoordinator).
class CommittedOffsets {
 public:
  struct OffsetAndEpoch {
    base::Offset offset = -1;
    base::LeaderEpoch leaderEpoch = base::kNoEpoch;
  };
  using Offsets = std::map<PartitionKey, OffsetAndEpoch>;

  CommittedOffsets(const ConsumerConfig& config, ClusterMetadata& metadata, CoordinatorConnection& coordinator,
                   GroupMembership& membership)
      : m_config(config), m_metadata(metadata), m_coordinator(coordinator), m_membership(membership) {}

  struct Outcome {
    base::ErrorCode error = base::ErrorCode::NONE;
    /// The same offsets may be committed again.
    bool isRetriable = false;
    std::string reason = {};
    bool succeeded() const { return error == base::ErrorCode::NONE; }
  };
  /// Only a stable member can. `done` runs once, maybe at once.
  void commit(const Offsets& offsets, std::function<void(const Outcome&)> done);

  /// By partition; -1 where nothing is committed.
  using Fetched = std::function<void(const Outcome&, const Offsets&)>;
  void fetch(const std::set<PartitionKey>& partitions, Fetched done);

 private:
  Outcome onCommitResponse(const Generation& sent, const protocol::OffsetCommitResponse* response);
  Outcome onCommitError(const Generation& sent, base::ErrorCode error);
  void onFetchResponse(const protocol::OffsetFetchResponse* response, const Fetched& done);

  const ConsumerConfig& m_config;
  ClusterMetadata& m_metadata;
  CoordinatorConnection& m_coordinator;
  GroupMembership& m_membership;
};

}  // namespace streamscope::client
