#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "controller/config_resource.h"
#include "controller/kept_records.h"
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
  // Of a reassignment; nobody here starts one.
  std::vector<base::BrokerId> removingReplicas;
  std::vector<base::BrokerId> addingReplicas;
  /// Brokers outside the ISR that have every committed record (KIP-966). Only a log of Kafka's has them: here an ISR
  /// never becomes empty.
  std::vector<base::BrokerId> eligibleLeaderReplicas;
  std::vector<base::BrokerId> lastKnownElr;

  bool operator==(const PartitionRegistration&) const = default;
};

struct TopicImage {
  std::string name;
  base::Uuid id;
  std::map<base::PartitionId, PartitionRegistration> partitions;

  bool operator==(const TopicImage&) const = default;
};

/// The levels of a feature a broker can run at.
struct FeatureLevels {
  int16_t min = 0;
  int16_t max = 0;

  bool operator==(const FeatureLevels&) const = default;
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
  std::map<std::string, FeatureLevels> features;
  std::vector<base::Uuid> logDirectories;
  /// Directories that get no new replicas (KIP-1066); none: the broker does not know of such.
  std::optional<std::vector<base::Uuid>> cordonedLogDirectories;
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
  /// The same of any resource.
  const std::map<std::string, std::string>& configs(ConfigResourceType type, const std::string& name) const;
  /// First id of the next block of producer ids.
  int64_t nextProducerId() const { return m_nextProducerId; }
  const std::map<std::string, int16_t>& features() const { return m_features; }

  /// Applies one record of the log; the only way an image changes. Between BeginTransactionRecord and
  /// EndTransactionRecord records wait and count all at once, or never (KIP-868). A record that contradicts the image
  /// (a partition of an unknown topic) is refused with CORRUPT_MESSAGE and changes nothing: a log from elsewhere may be
  /// damaged in ways no checksum shows.
  base::Status tryReplay(const protocol::MetadataRecord& record);
  /// The same for records of our own, where a contradiction is a bug: assertion.
  void replay(const protocol::MetadataRecord& record);
  /// A transaction has begun and not ended.
  bool isInTransaction() const { return m_transaction.has_value(); }
  void setPosition(base::Offset offset, int32_t epoch) {
    m_offset = offset;
    m_epoch = epoch;
  }

  /// What a snapshot of this image holds, in Kafka's order: replayed into an empty image, they give this one. Between
  /// transactions only. Kafka: MetadataImage.write.
  std::vector<protocol::MetadataRecord> toRecords() const;

  bool operator==(const MetadataImage&) const = default;

 private:
  base::Status applyOutsideTransaction(const protocol::MetadataRecord& record);
  base::Status endTransaction();
  base::Result<PartitionRegistration*> findPartition(const base::Uuid& topicId, base::PartitionId partition);
  base::Result<BrokerRegistration*> findBroker(base::BrokerId id, int64_t epoch);

  // One family of records each, in replay/.
  base::Status apply(const protocol::RegisterBrokerRecord& record);
  base::Status apply(const protocol::UnregisterBrokerRecord& record);
  base::Status apply(const protocol::BrokerRegistrationChangeRecord& record);
  base::Status apply(const protocol::FenceBrokerRecord& record);
  base::Status apply(const protocol::UnfenceBrokerRecord& record);
  base::Status apply(const protocol::TopicRecord& record);
  base::Status apply(const protocol::PartitionRecord& record);
  base::Status apply(const protocol::PartitionChangeRecord& record);
  base::Status apply(const protocol::RemoveTopicRecord& record);
  base::Status apply(const protocol::ClearElrRecord& record);
  base::Status apply(const protocol::ConfigRecord& record);
  base::Status apply(const protocol::FeatureLevelRecord& record);
  base::Status apply(const protocol::ProducerIdsRecord& record);
  /// What no node decides with, in kept_records.
  template <class KeptRecord>
  base::Status apply(const KeptRecord& record) {
    m_keptRecords.apply(record);
    return {};
  }

  // Writing, the same families.
  void appendFeatures(std::vector<protocol::MetadataRecord>& records) const;
  void appendBrokers(std::vector<protocol::MetadataRecord>& records) const;
  void appendTopics(std::vector<protocol::MetadataRecord>& records) const;
  void appendConfigs(std::vector<protocol::MetadataRecord>& records) const;
  void appendProducerIds(std::vector<protocol::MetadataRecord>& records) const;

  base::Offset m_offset = -1;
  int32_t m_epoch = -1;
  std::map<base::BrokerId, BrokerRegistration> m_brokers;
  std::map<base::Uuid, TopicImage> m_topics;
  std::map<std::string, base::Uuid> m_topicIds;
  /// By type (Kafka's ConfigResource: 2 topic, 4 broker, ...) and name.
  std::map<std::pair<int8_t, std::string>, std::map<std::string, std::string>> m_configs;
  std::map<std::string, int16_t> m_features;
  int64_t m_nextProducerId = 0;
  KeptRecords m_keptRecords;
  /// The records since BeginTransactionRecord.
  std::optional<std::vector<protocol::MetadataRecord>> m_transaction;
};

}  // namespace streamscope::controller
