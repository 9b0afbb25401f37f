#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "client/consumer_node.h"
#include "cluster_metadata.h"
#include "connection_states.h"
#include "protocol/message.h"
#include "subscription_state.h"
#include "world/node.h"

namespace streamscope::client {

/// What the application sees of a record.
struct FetchedRecord {
  PartitionKey partition;
  base::Offset offset = 0;
  /// The position behind it; the last record of an answer also passes what is not for the application.
  base::Offset nextPosition = 0;
  uint32_t bytes = 0;
  /// Of the partition's position when it was read; a record from before a jump is worthless.
  uint64_t jumps = 0;
};

/// Reads from the leaders, or from the followers they name for this consumer's rack: one fetch in flight for each
/// broker, for the partitions without buffered records. Checks the checksum and the order of what comes back. Kafka:
/// Fetcher, FetchCollector.
class Fetcher {
 public:
  /// `onProgress` runs after every answer.
  Fetcher(world::NodeContext& context, const ConsumerConfig& config, ClusterMetadata& metadata,
          ConnectionStates& connections, SubscriptionState& subscription, std::function<void()> onProgress);

  void sendFetches();
  /// Takes at most `recordsMax` buffered records, oldest fetch first.
  std::deque<FetchedRecord> collect(size_t recordsMax);
  /// The first batch that did not check out, "" while all did.
  const std::string& corruption() const { return m_corruption; }

 private:
  using Position = SubscriptionState::Position;
  using PartitionData = protocol::FetchResponse::PartitionData;

  struct CompletedFetch {
    PartitionKey partition;
    uint64_t jumps = 0;
    std::deque<FetchedRecord> records;
  };
  /// What was asked, to tell whether the answer still matters.
  struct Asked {
    PartitionKey partition;
    base::Offset fetchOffset = 0;
    uint64_t jumps = 0;
  };

  bool isBuffered(const PartitionKey& partition) const;
  /// Whom to ask: the preferred read replica while that is good, else the leader (KIP-392).
  base::BrokerId readFrom(const PartitionKey& partition, Position& position);
  void setReadReplica(const PartitionKey& partition, Position& position, base::BrokerId replica,
                      const std::string& reason);
  void sendFetch(base::BrokerId broker, const std::vector<PartitionKey>& partitions);
  void onResponse(base::BrokerId broker, const std::vector<Asked>& asked, world::Response response);
  void onPartition(const Asked& asked, const PartitionData& data);
  void onPartitionError(const PartitionKey& key, Position& position, const PartitionData& data);
  void bufferRecords(const PartitionKey& key, Position& position, const PartitionData& data);
  void backOff(Position& position);

  world::NodeContext& m_context;
  const ConsumerConfig& m_config;
  ClusterMetadata& m_metadata;
  ConnectionStates& m_connections;
  SubscriptionState& m_subscription;
  const std::function<void()> m_onProgress;
  std::set<base::BrokerId> m_brokersAsked;
  std::deque<CompletedFetch> m_completed;
  std::string m_corruption;
};

}  // namespace streamscope::client
