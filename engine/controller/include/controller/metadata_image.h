#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "protocol/metadata_records.h"

namespace streamscope::controller {

/// Whether a leader was elected from outside the ISR and has not yet reported that it is done recovering (KIP-704).
enum class LeaderRecoveryState : int8_t { Recovered = 0, Recovering = 1 };

/// PartitionChangeRecord's "the leader stays" (Kafka: LeaderConstants.NO_LEADER_CHANGE).
inline constexpr base::BrokerId kNoLeaderChange = -2;

/// A partition as the metadata log has it (Kafka: PartitionRegistration).
struct PartitionRegistration {
  std::vector<base::BrokerId> replicas;
  std::vector<base::Uuid> directories;
  std::vector<base::BrokerId> isr;
  /// kNoBroker when there is no leader.
  base::BrokerId leader = base::kNoBroker;
  base::LeaderEpoch leaderEpoch = 0;
  int32_t partitionEpoch = 0;
  LeaderRecoveryState leaderRecoveryState = LeaderRecoveryState::Recovered;

  bool operator==(const PartitionRegistration&) const = default;
};

struct TopicImage {
  std::string name;
  base::Uuid id;
  std::map<base::PartitionId, PartitionRegistration> partitions;

  bool operator==(const TopicImage&) const = default;
};

struct BrokerEndpoint {
  std::string listenerName;
  std::string host;
  uint16_t port = 0;
  int16_t securityProtocol = 0;

  bool operator==(const BrokerEndpoint&) const = default;
};

/// A broker as the metadata log has it (Kafka: BrokerRegistration).
struct BrokerRegistration {
  base::BrokerId id = 0;
  int64_t epoch = -1;
  base::Uuid incarnationId;
  std::vector<BrokerEndpoint> endpoints;
  std::vector<base::Uuid> logDirectories;
  std::optional<std::string> rack;
  bool fenced = true;
  bool inControlledShutdown = false;

  /// May lead, may join an ISR, is told to clients.
  bool isActive() const { return !fenced && !inControlledShutdown; }

  bool operator==(const BrokerRegistration&) const = default;
};

/// What the metadata log says up to an offset: the state every controller and broker rebuilds by replay and nothing
/// else. Kafka: MetadataImage.
class MetadataImage {
 public:
  /// Offset and epoch of the last record applied; -1 before the first.
  base::Offset offset() const { return m_offset; }
  int32_t epoch() const { return m_epoch; }

  const std::map<base::BrokerId, BrokerRegistration>& brokers() const { return m_brokers; }
  const std::map<base::Uuid, TopicImage>& topics() const { return m_topics; }
  const BrokerRegistration* findBroker(base::BrokerId id) const;
  const TopicImage* findTopic(const base::Uuid& id) const;
  const TopicImage* findTopic(const std::string& name) const;
  const PartitionRegistration* findPartition(const std::string& topic, base::PartitionId partition) const;
  /// Topic configs that were set ("min.insync.replicas" -> "2"); defaults are not in it.
  const std::map<std::string, std::string>& topicConfigs(const std::string& topic) const;
  /// First id of the next block of producer ids.
  int64_t nextProducerId() const { return m_nextProducerId; }
  const std::map<std::string, int16_t>& features() const { return m_features; }

  /// Applies one record of the log; the only way an image changes. A record that contradicts the image (a partition of
  /// an unknown topic) is a bug of whoever wrote it: assertion.
  void replay(const protocol::MetadataRecord& record);
  void setPosition(base::Offset offset, int32_t epoch) {
    m_offset = offset;
    m_epoch = epoch;
  }

  bool operator==(const MetadataImage&) const = default;

 private:
  // One family of records each, in replay/.
  void apply(const protocol::RegisterBrokerRecord& record);
  void apply(const protocol::UnregisterBrokerRecord& record);
  void apply(const protocol::BrokerRegistrationChangeRecord& record);
  void apply(const protocol::TopicRecord& record);
  void apply(const protocol::PartitionRecord& record);
  void apply(const protocol::PartitionChangeRecord& record);
  void apply(const protocol::RemoveTopicRecord& record);
  void apply(const protocol::ConfigRecord& record);
  void apply(const protocol::FeatureLevelRecord& record);
  void apply(const protocol::ProducerIdsRecord& record);
  void apply(const protocol::NoOpRecord& record);
  /// What the cluster does not act on yet: access control, quotas, controllers beside the one.
  template <class OtherRecord>
  void apply(const OtherRecord&) {}

  base::Offset m_offset = -1;
  int32_t m_epoch = -1;
  std::map<base::BrokerId, BrokerRegistration> m_brokers;
  std::map<base::Uuid, TopicImage> m_topics;
  std::map<std::string, base::Uuid> m_topicIds;
  std::map<std::string, std::map<std::string, std::string>> m_topicConfigs;
  std::map<std::string, int16_t> m_features;
  int64_t m_nextProducerId = 0;
};

}  // namespace streamscope::controller
