#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/consumer_node.h"
#include "cluster_metadata.h"
#include "connection_states.h"
#include "subscription_state.h"
#include "world/node.h"

namespace streamscope::client {

/// Finds out where to read: the first or last offset for a partition without a position (ListOffsets), and whether the
/// log still contains what was read before the leader changed (OffsetForLeaderEpoch). Kafka: OffsetFetcher.
class OffsetFetcher {
 public:
  /// `onProgress` runs after every answer.
  OffsetFetcher(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
                ConnectionStates& connections, SubscriptionState& subscription, std::function<void()> onProgress);

  void resetPositions();
  void validatePositions();

 private:
  struct Asked {
    PartitionKey partition;
    uint64_t jumps = 0;
  };
  using PartitionsByLeader = std::map<base::BrokerId, std::vector<Asked>>;
  /// Partitions in `state` that may be asked about now.
  PartitionsByLeader waiting(SubscriptionState::FetchState state) const;
  void sendListOffsets(base::BrokerId leader, const std::vector<Asked>& partitions);
  void sendOffsetForLeaderEpoch(base::BrokerId leader, const std::vector<Asked>& partitions);
  void onOffset(const Asked& asked, base::ErrorCode error, base::Offset offset, base::LeaderEpoch epoch);
  void onEpochEnd(const Asked& asked, base::ErrorCode error, base::Offset endOffset, base::LeaderEpoch epoch);
  /// Of what is still to be answered for.
  std::optional<Asked> takeAsked(std::map<PartitionKey, Asked>& unanswered, const std::string& topic,
                                 base::PartitionId partition) const;
  /// For ListOffsets, by auto.offset.reset.
  int64_t resetTimestamp(const SubscriptionState::Position& position) const;
  void onFailure(SubscriptionState::Position& position, base::ErrorCode error);
  /// Accounts for the answer; false when there was none.
  bool wasAnswered(base::BrokerId leader, const world::Response& response);

  world::NodeContext& m_context;
  const ConsumerConfig& m_config;
  ClusterMetadata& m_metadata;
  ConnectionStates& m_connections;
  SubscriptionState& m_subscription;
  const std::function<void()> m_onProgress;
};

}  // namespace streamscope::client
