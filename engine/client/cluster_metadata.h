#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "base/virtual_time.h"
#include "connection_states.h"
#include "protocol/message.h"
#include "world/node.h"

namespace streamscope::client {

/// What a client knows of one topic's partitions and their leaders, kept fresh through Metadata requests: on demand no
/// sooner than the retry backoff after the last attempt, and after metadata.max.age.ms. Leader epochs never go back.
/// When every known broker has just failed, the bootstrap brokers are asked again
/// (metadata.recovery.strategy=rebootstrap, KIP-899). Kafka: Metadata and NetworkClient.DefaultMetadataUpdater.
class ClusterMetadata {
 public:
  struct Options {
    std::string topic;
    std::vector<base::BrokerId> bootstrapBrokers;
    base::Duration requestTimeout{};
    base::Duration retryBackoff{};
    base::Duration maxAge{};
  };
  struct Leader {
    base::BrokerId broker = base::kNoBroker;
    base::LeaderEpoch epoch = base::kNoEpoch;
    bool operator==(const Leader&) const = default;
  };

  /// `onUpdate` runs after every change of what is known here.
  ClusterMetadata(world::NodeContext& context, ConnectionStates& connections, Options options,
                  std::function<void()> onUpdate);

  /// Asks now; `requestUpdate` asks as soon as the backoff allows.
  void start() { requestUpdate(); }
  void requestUpdate();

  /// True once the topic's partitions are known.
  bool isTopicKnown() const { return !m_leaders.empty(); }
  base::Uuid topicId() const { return m_topicId; }
  int32_t partitionCount() const { return static_cast<int32_t>(m_leaders.size()); }
  /// broker is kNoBroker while nobody leads.
  Leader leader(base::PartitionId partition) const;
  std::vector<base::PartitionId> availablePartitions() const;
  /// The broker is known and has its replica of the partition online, as far as the last answer told.
  bool isReplicaOnline(base::PartitionId partition, base::BrokerId broker) const;

  /// A broker that is likely to answer; for requests that any broker serves.
  base::BrokerId anyBroker();

  /// A leader hint from a Produce or Fetch response (KIP-951); an older epoch is ignored.
  void applyLeaderHint(base::PartitionId partition, base::BrokerId leader, base::LeaderEpoch epoch);

 private:
  void sendRequest();
  /// Some known broker is not waited for after a failure.
  bool isAnyBrokerReady() const;
  void onResponse(base::BrokerId broker, world::Response response);
  bool apply(const protocol::MetadataResponse& response);
  void retryLater();
  void scheduleRefresh();

  world::NodeContext& m_context;
  ConnectionStates& m_connections;
  const Options m_options;
  const std::function<void()> m_onUpdate;

  std::vector<base::BrokerId> m_brokers;
  size_t m_nextBroker = 0;
  base::Uuid m_topicId;
  std::vector<Leader> m_leaders;
  std::map<base::PartitionId, std::vector<base::BrokerId>> m_offlineReplicas;

  bool m_requestInFlight = false;
  /// The metadata was asked for again while a request was on its way.
  bool m_updateRequested = false;
  std::optional<base::VirtualTime> m_lastAttempt;
  int32_t m_failedAttempts = 0;
  world::TimerId m_attemptTimer = 0;
  world::TimerId m_refreshTimer = 0;
};

}  // namespace streamscope::client
