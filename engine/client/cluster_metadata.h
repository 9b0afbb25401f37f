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

/// A partition by the place of its topic in a client's ClusterMetadata, which never changes.
struct PartitionKey {
  int32_t topic = 0;
  base::PartitionId partition = 0;
  auto operator<=>(const PartitionKey&) const = default;
};

/// What a client knows of the partitions of its topics and their leaders, kept fresh through Metadata requests: on
/// demand no sooner than the retry backoff after the last attempt, and after metadata.max.age.ms. Leader epochs never
/// go back. When every known broker has just failed, the bootstrap brokers are asked again
/// (metadata.recovery.strategy=rebootstrap, KIP-899). Kafka: Metadata and NetworkClient.DefaultMetadataUpdater.
class ClusterMetadata {
 public:
  struct Options {
    std::vector<std::string> topics;
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

  /// Asks for these, too, at once where one is new; false when all were asked for before.
  bool addTopics(const std::vector<std::string>& topics);
  int32_t topicCount() const { return static_cast<int32_t>(m_topics.size()); }
  /// None for a topic that was never asked for.
  std::optional<int32_t> findTopic(const std::string& name) const;
  const std::string& topicName(int32_t topic) const { return at(topic).name; }
  base::TopicPartition named(const PartitionKey& key) const { return {topicName(key.topic), key.partition}; }
  /// Counts the answers.
  int64_t updates() const { return m_updates; }

  // Of one topic; producers, and consumers with assigned partitions, have only the first.

  /// True once its partitions are known.
  bool isTopicKnown(int32_t topic = 0) const { return !at(topic).leaders.empty(); }
  base::Uuid topicId(int32_t topic = 0) const { return at(topic).id; }
  int32_t partitionCount(int32_t topic = 0) const { return static_cast<int32_t>(at(topic).leaders.size()); }
  std::vector<base::PartitionId> availablePartitions() const;
  /// broker is kNoBroker while nobody leads.
  Leader leader(const PartitionKey& key) const;
  Leader leader(base::PartitionId partition) const { return leader(PartitionKey{0, partition}); }
  /// The broker is known and has its replica of the partition online, as far as the last answer told.
  bool isReplicaOnline(const PartitionKey& key, base::BrokerId broker) const;
  /// By partition the racks of its replicas, as far as these brokers have one.
  std::vector<std::vector<std::string>> racksOfReplicas(int32_t topic) const;

  /// A broker that is likely to answer; for requests that any broker serves.
  base::BrokerId anyBroker();

  /// A leader hint from a Produce or Fetch response (KIP-951); an older epoch is ignored.
  void applyLeaderHint(const PartitionKey& key, base::BrokerId leader, base::LeaderEpoch epoch);

 private:
  struct Topic {
    std::string name;
    base::Uuid id = {};
    std::vector<Leader> leaders = {};
    std::vector<std::vector<base::BrokerId>> replicas = {};
    std::map<base::PartitionId, std::vector<base::BrokerId>> offlineReplicas = {};
  };
  using ReadTopic = protocol::MetadataResponse::MetadataResponseTopic;

  const Topic& at(int32_t topic) const { return m_topics[static_cast<size_t>(topic)]; }
  void sendRequest();
  /// Some known broker is not waited for after a failure.
  bool isAnyBrokerReady() const;
  void onResponse(base::BrokerId broker, world::Response response);
  bool apply(const protocol::MetadataResponse& response);
  static bool apply(const ReadTopic& read, Topic& topic);
  void retryLater();
  void scheduleRefresh();

  world::NodeContext& m_context;
  ConnectionStates& m_connections;
  const Options m_options;
  const std::function<void()> m_onUpdate;

  std::vector<base::BrokerId> m_brokers;
  size_t m_nextBroker = 0;
  std::map<base::BrokerId, std::string> m_racks;
  std::vector<Topic> m_topics;
  int64_t m_updates = 0;

  bool m_requestInFlight = false;
  /// The metadata was asked for again while a request was on its way.
  bool m_updateRequested = false;
  std::optional<base::VirtualTime> m_lastAttempt;
  int32_t m_failedAttempts = 0;
  world::TimerId m_attemptTimer = 0;
  world::TimerId m_refreshTimer = 0;
};

}  // namespace streamscope::client
