#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/uuid.h"
#include "protocol/control_records.h"
#include "protocol/field.h"
#include "protocol/metadata_records_quorum.h"
#include "protocol/metadata_records_security.h"

namespace streamscope::protocol {

// The records of the metadata log (`__cluster_metadata-0`), named as in Kafka's metadata definitions. All versions are
// flexible.

/// A broker registered: a new process, and with it a new broker epoch.
struct RegisterBrokerRecord {
  static constexpr MessageInfo kInfo{"RegisterBrokerRecord", 0, 0, 4, 0};

  struct BrokerEndpoint {
    std::string name;
    std::string host;
    uint16_t port = 0;
    int16_t securityProtocol = 0;

    bool operator==(const BrokerEndpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &BrokerEndpoint::name, since(0));
      visit("Host", &BrokerEndpoint::host, since(0));
      visit("Port", &BrokerEndpoint::port, since(0));
      visit("SecurityProtocol", &BrokerEndpoint::securityProtocol, since(0));
    }
  };

  struct BrokerFeature {
    std::string name;
    int16_t minSupportedVersion = 0;
    int16_t maxSupportedVersion = 0;

    bool operator==(const BrokerFeature&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &BrokerFeature::name, since(0));
      visit("MinSupportedVersion", &BrokerFeature::minSupportedVersion, since(0));
      visit("MaxSupportedVersion", &BrokerFeature::maxSupportedVersion, since(0));
    }
  };

  int32_t brokerId = 0;
  bool isMigratingZkBroker = false;
  base::Uuid incarnationId;
  int64_t brokerEpoch = 0;
  std::vector<BrokerEndpoint> endPoints;
  std::vector<BrokerFeature> features;
  std::optional<std::string> rack;
  bool fenced = true;
  bool inControlledShutdown = false;
  std::vector<base::Uuid> logDirs;
  std::optional<std::vector<base::Uuid>> cordonedLogDirs;

  bool operator==(const RegisterBrokerRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &RegisterBrokerRecord::brokerId, since(0));
    visit("IsMigratingZkBroker", &RegisterBrokerRecord::isMigratingZkBroker, since(2));
    visit("IncarnationId", &RegisterBrokerRecord::incarnationId, since(0));
    visit("BrokerEpoch", &RegisterBrokerRecord::brokerEpoch, since(0));
    visit("EndPoints", &RegisterBrokerRecord::endPoints, since(0));
    visit("Features", &RegisterBrokerRecord::features, since(0));
    visit("Rack", &RegisterBrokerRecord::rack, since(0).nullable());
    visit("Fenced", &RegisterBrokerRecord::fenced, since(0));
    visit("InControlledShutdown", &RegisterBrokerRecord::inControlledShutdown, since(1));
    visit("LogDirs", &RegisterBrokerRecord::logDirs, since(3).tag(0));
    visit("CordonedLogDirs", &RegisterBrokerRecord::cordonedLogDirs, since(4).nullable().tag(1));
  }
};

/// A broker was removed from the cluster.
struct UnregisterBrokerRecord {
  static constexpr MessageInfo kInfo{"UnregisterBrokerRecord", 1, 0, 0, 0};

  int32_t brokerId = 0;
  int64_t brokerEpoch = 0;

  bool operator==(const UnregisterBrokerRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &UnregisterBrokerRecord::brokerId, since(0));
    visit("BrokerEpoch", &UnregisterBrokerRecord::brokerEpoch, since(0));
  }
};

/// A topic was created; its partitions follow as PartitionRecords.
struct TopicRecord {
  static constexpr MessageInfo kInfo{"TopicRecord", 2, 0, 0, 0};

  std::string name;
  base::Uuid topicId;

  bool operator==(const TopicRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &TopicRecord::name, since(0));
    visit("TopicId", &TopicRecord::topicId, since(0));
  }
};

/// A partition was created, or stands so in a snapshot.
struct PartitionRecord {
  static constexpr MessageInfo kInfo{"PartitionRecord", 3, 0, 2, 0};

  int32_t partitionId = -1;
  base::Uuid topicId;
  std::vector<int32_t> replicas;
  std::vector<int32_t> isr;
  std::vector<int32_t> removingReplicas;
  std::vector<int32_t> addingReplicas;
  int32_t leader = -1;
  int8_t leaderRecoveryState = 0;
  int32_t leaderEpoch = -1;
  int32_t partitionEpoch = -1;
  std::vector<base::Uuid> directories;
  std::optional<std::vector<int32_t>> eligibleLeaderReplicas;
  std::optional<std::vector<int32_t>> lastKnownElr;

  bool operator==(const PartitionRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("PartitionId", &PartitionRecord::partitionId, since(0));
    visit("TopicId", &PartitionRecord::topicId, since(0));
    visit("Replicas", &PartitionRecord::replicas, since(0));
    visit("Isr", &PartitionRecord::isr, since(0));
    visit("RemovingReplicas", &PartitionRecord::removingReplicas, since(0));
    visit("AddingReplicas", &PartitionRecord::addingReplicas, since(0));
    visit("Leader", &PartitionRecord::leader, since(0));
    visit("LeaderRecoveryState", &PartitionRecord::leaderRecoveryState, since(0).tag(0));
    visit("LeaderEpoch", &PartitionRecord::leaderEpoch, since(0));
    visit("PartitionEpoch", &PartitionRecord::partitionEpoch, since(0));
    visit("Directories", &PartitionRecord::directories, since(1));
    visit("EligibleLeaderReplicas", &PartitionRecord::eligibleLeaderReplicas, since(2).nullable().tag(1));
    visit("LastKnownElr", &PartitionRecord::lastKnownElr, since(2).nullable().tag(2));
  }
};

/// A config of a topic or broker was set, or removed when the value is null.
struct ConfigRecord {
  static constexpr MessageInfo kInfo{"ConfigRecord", 4, 0, 0, 0};

  /// Kafka's ConfigResource types: 2 topic, 4 broker.
  int8_t resourceType = 0;
  std::string resourceName;
  std::string name;
  std::optional<std::string> value;

  bool operator==(const ConfigRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ResourceType", &ConfigRecord::resourceType, since(0));
    visit("ResourceName", &ConfigRecord::resourceName, since(0));
    visit("Name", &ConfigRecord::name, since(0));
    visit("Value", &ConfigRecord::value, since(0).nullable());
  }
};

/// A partition changed. Members keep their default where nothing changed; every record raises the partition epoch, and
/// a new leader the leader epoch.
struct PartitionChangeRecord {
  static constexpr MessageInfo kInfo{"PartitionChangeRecord", 5, 0, 2, 0};

  int32_t partitionId = -1;
  base::Uuid topicId;
  std::optional<std::vector<int32_t>> isr;
  /// -2: not changed; -1: no leader.
  int32_t leader = -2;
  std::optional<std::vector<int32_t>> replicas;
  std::optional<std::vector<int32_t>> removingReplicas;
  std::optional<std::vector<int32_t>> addingReplicas;
  int8_t leaderRecoveryState = -1;
  std::optional<std::vector<base::Uuid>> directories;
  std::optional<std::vector<int32_t>> eligibleLeaderReplicas;
  std::optional<std::vector<int32_t>> lastKnownElr;

  bool operator==(const PartitionChangeRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("PartitionId", &PartitionChangeRecord::partitionId, since(0));
    visit("TopicId", &PartitionChangeRecord::topicId, since(0));
    visit("Isr", &PartitionChangeRecord::isr, since(0).nullable().tag(0));
    visit("Leader", &PartitionChangeRecord::leader, since(0).tag(1));
    visit("Replicas", &PartitionChangeRecord::replicas, since(0).nullable().tag(2));
    visit("RemovingReplicas", &PartitionChangeRecord::removingReplicas, since(0).nullable().tag(3));
    visit("AddingReplicas", &PartitionChangeRecord::addingReplicas, since(0).nullable().tag(4));
    visit("LeaderRecoveryState", &PartitionChangeRecord::leaderRecoveryState, since(0).tag(5));
    visit("Directories", &PartitionChangeRecord::directories, since(1).nullable().tag(8));
    visit("EligibleLeaderReplicas", &PartitionChangeRecord::eligibleLeaderReplicas, since(2).nullable().tag(6));
    visit("LastKnownElr", &PartitionChangeRecord::lastKnownElr, since(2).nullable().tag(7));
  }
};

/// A topic was deleted with all its partitions.
struct RemoveTopicRecord {
  static constexpr MessageInfo kInfo{"RemoveTopicRecord", 9, 0, 0, 0};

  base::Uuid topicId;

  bool operator==(const RemoveTopicRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TopicId", &RemoveTopicRecord::topicId, since(0));
  }
};

/// A feature of the cluster has this level from here on; metadata.version is the first record of every log.
struct FeatureLevelRecord {
  static constexpr MessageInfo kInfo{"FeatureLevelRecord", 12, 0, 0, 0};

  std::string name;
  int16_t featureLevel = 0;

  bool operator==(const FeatureLevelRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &FeatureLevelRecord::name, since(0));
    visit("FeatureLevel", &FeatureLevelRecord::featureLevel, since(0));
  }
};

/// A broker took a block of producer ids.
struct ProducerIdsRecord {
  static constexpr MessageInfo kInfo{"ProducerIdsRecord", 15, 0, 0, 0};

  int32_t brokerId = 0;
  int64_t brokerEpoch = -1;
  /// The first id of the block after this one.
  int64_t nextProducerId = 0;

  bool operator==(const ProducerIdsRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &ProducerIdsRecord::brokerId, since(0));
    visit("BrokerEpoch", &ProducerIdsRecord::brokerEpoch, since(0));
    visit("NextProducerId", &ProducerIdsRecord::nextProducerId, since(0));
  }
};

/// A broker was fenced or unfenced, or is shutting down.
struct BrokerRegistrationChangeRecord {
  static constexpr MessageInfo kInfo{"BrokerRegistrationChangeRecord", 17, 0, 3, 0};

  int32_t brokerId = 0;
  int64_t brokerEpoch = 0;
  /// -1: unfenced; 0: not changed; 1: fenced.
  int8_t fenced = 0;
  /// 0: not changed; 1: shutting down.
  int8_t inControlledShutdown = 0;
  std::vector<base::Uuid> logDirs;
  std::optional<std::vector<base::Uuid>> cordonedLogDirs;

  bool operator==(const BrokerRegistrationChangeRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &BrokerRegistrationChangeRecord::brokerId, since(0));
    visit("BrokerEpoch", &BrokerRegistrationChangeRecord::brokerEpoch, since(0));
    visit("Fenced", &BrokerRegistrationChangeRecord::fenced, since(0).tag(0));
    visit("InControlledShutdown", &BrokerRegistrationChangeRecord::inControlledShutdown, since(1).tag(1));
    visit("LogDirs", &BrokerRegistrationChangeRecord::logDirs, since(2).tag(2));
    visit("CordonedLogDirs", &BrokerRegistrationChangeRecord::cordonedLogDirs, since(3).nullable().tag(3));
  }
};

/// Moves the log on when nothing else does.
struct NoOpRecord {
  static constexpr MessageInfo kInfo{"NoOpRecord", 20, 0, 0, 0};

  bool operator==(const NoOpRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor&) {}
};

/// One record of the metadata log.
using MetadataRecord = std::variant<
    RegisterBrokerRecord, UnregisterBrokerRecord, TopicRecord, PartitionRecord, ConfigRecord, PartitionChangeRecord,
    RemoveTopicRecord, FeatureLevelRecord, ProducerIdsRecord, BrokerRegistrationChangeRecord, NoOpRecord,
    // metadata_records_security.h
    UserScramCredentialRecord, RemoveUserScramCredentialRecord, DelegationTokenRecord, RemoveDelegationTokenRecord,
    AccessControlEntryRecord, RemoveAccessControlEntryRecord, ClientQuotaRecord,
    // metadata_records_quorum.h
    RegisterControllerRecord, BeginTransactionRecord, EndTransactionRecord, AbortTransactionRecord, ClearElrRecord,
    FenceBrokerRecord, UnfenceBrokerRecord, ZkMigrationStateRecord>;

}  // namespace streamscope::protocol
