#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of the metadata log about the controllers and about the log itself, and those that only older clusters
// wrote.

/// A controller registered with the active one.
struct RegisterControllerRecord {
  static constexpr MessageInfo kInfo{"RegisterControllerRecord", 27, 0, 0, 0};

  struct ControllerEndpoint {
    std::string name;
    std::string host;
    uint16_t port = 0;
    int16_t securityProtocol = 0;

    bool operator==(const ControllerEndpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ControllerEndpoint::name, since(0));
      visit("Host", &ControllerEndpoint::host, since(0));
      visit("Port", &ControllerEndpoint::port, since(0));
      visit("SecurityProtocol", &ControllerEndpoint::securityProtocol, since(0));
    }
  };

  struct ControllerFeature {
    std::string name;
    int16_t minSupportedVersion = 0;
    int16_t maxSupportedVersion = 0;

    bool operator==(const ControllerFeature&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &ControllerFeature::name, since(0));
      visit("MinSupportedVersion", &ControllerFeature::minSupportedVersion, since(0));
      visit("MaxSupportedVersion", &ControllerFeature::maxSupportedVersion, since(0));
    }
  };

  int32_t controllerId = 0;
  base::Uuid incarnationId;
  bool zkMigrationReady = false;
  std::vector<ControllerEndpoint> endPoints;
  std::vector<ControllerFeature> features;

  bool operator==(const RegisterControllerRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ControllerId", &RegisterControllerRecord::controllerId, since(0));
    visit("IncarnationId", &RegisterControllerRecord::incarnationId, since(0));
    visit("ZkMigrationReady", &RegisterControllerRecord::zkMigrationReady, since(0));
    visit("EndPoints", &RegisterControllerRecord::endPoints, since(0));
    visit("Features", &RegisterControllerRecord::features, since(0));
  }
};

/// The records from here to the end belong together; they count only once the end is there.
struct BeginTransactionRecord {
  static constexpr MessageInfo kInfo{"BeginTransactionRecord", 23, 0, 0, 0};

  std::optional<std::string> name;

  bool operator==(const BeginTransactionRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Name", &BeginTransactionRecord::name, since(0).nullable().tag(0));
  }
};

/// What was begun counts.
struct EndTransactionRecord {
  static constexpr MessageInfo kInfo{"EndTransactionRecord", 24, 0, 0, 0};

  bool operator==(const EndTransactionRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor&) {}
};

/// What was begun never happened.
struct AbortTransactionRecord {
  static constexpr MessageInfo kInfo{"AbortTransactionRecord", 25, 0, 0, 0};

  std::optional<std::string> reason;

  bool operator==(const AbortTransactionRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Reason", &AbortTransactionRecord::reason, since(0).nullable().tag(0));
  }
};

/// Eligible leader replicas are forgotten.
struct ClearElrRecord {
  static constexpr MessageInfo kInfo{"ClearElrRecord", 28, 0, 0, 0};

  /// Empty: of all topics.
  std::string topicName;

  bool operator==(const ClearElrRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TopicName", &ClearElrRecord::topicName, since(0));
  }
};

/// A broker was fenced, before BrokerRegistrationChangeRecord told it.
struct FenceBrokerRecord {
  static constexpr MessageInfo kInfo{"FenceBrokerRecord", 7, 0, 0, 0};

  int32_t id = 0;
  int64_t epoch = 0;

  bool operator==(const FenceBrokerRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Id", &FenceBrokerRecord::id, since(0));
    visit("Epoch", &FenceBrokerRecord::epoch, since(0));
  }
};

/// A broker was unfenced, before BrokerRegistrationChangeRecord told it.
struct UnfenceBrokerRecord {
  static constexpr MessageInfo kInfo{"UnfenceBrokerRecord", 8, 0, 0, 0};

  int32_t id = 0;
  int64_t epoch = 0;

  bool operator==(const UnfenceBrokerRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Id", &UnfenceBrokerRecord::id, since(0));
    visit("Epoch", &UnfenceBrokerRecord::epoch, since(0));
  }
};

/// How far the cluster had left ZooKeeper behind.
struct ZkMigrationStateRecord {
  static constexpr MessageInfo kInfo{"ZkMigrationStateRecord", 21, 0, 0, 0};

  /// Kafka no longer reads ZooKeeper; logs of older clusters hold it.
  int8_t zkMigrationState = 0;

  bool operator==(const ZkMigrationStateRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ZkMigrationState", &ZkMigrationStateRecord::zkMigrationState, since(0));
  }
};

}  // namespace streamscope::protocol
