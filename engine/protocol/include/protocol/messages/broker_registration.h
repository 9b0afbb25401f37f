#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A broker that starts makes itself known to the controller.
struct BrokerRegistrationRequest {
  static constexpr MessageInfo kInfo{"BrokerRegistrationRequest", 62, 0, 4, 0};

  struct Listener {
    std::string name;
    std::string host;
    uint16_t port = 0;
    int16_t securityProtocol = 0;

    bool operator==(const Listener&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &Listener::name, since(0));
      visit("Host", &Listener::host, since(0));
      visit("Port", &Listener::port, since(0));
      visit("SecurityProtocol", &Listener::securityProtocol, since(0));
    }
  };

  struct Feature {
    std::string name;
    int16_t minSupportedVersion = 0;
    int16_t maxSupportedVersion = 0;

    bool operator==(const Feature&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &Feature::name, since(0));
      visit("MinSupportedVersion", &Feature::minSupportedVersion, since(0));
      visit("MaxSupportedVersion", &Feature::maxSupportedVersion, since(0));
    }
  };

  int32_t brokerId = 0;
  std::string clusterId;
  base::Uuid incarnationId;
  std::vector<Listener> listeners;
  std::vector<Feature> features;
  std::optional<std::string> rack;
  bool isMigratingZkBroker = false;
  std::vector<base::Uuid> logDirs;
  int64_t previousBrokerEpoch = -1;

  bool operator==(const BrokerRegistrationRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &BrokerRegistrationRequest::brokerId, since(0));
    visit("ClusterId", &BrokerRegistrationRequest::clusterId, since(0));
    visit("IncarnationId", &BrokerRegistrationRequest::incarnationId, since(0));
    visit("Listeners", &BrokerRegistrationRequest::listeners, since(0));
    visit("Features", &BrokerRegistrationRequest::features, since(0));
    visit("Rack", &BrokerRegistrationRequest::rack, since(0).nullable());
    visit("IsMigratingZkBroker", &BrokerRegistrationRequest::isMigratingZkBroker, since(1));
    visit("LogDirs", &BrokerRegistrationRequest::logDirs, since(2));
    visit("PreviousBrokerEpoch", &BrokerRegistrationRequest::previousBrokerEpoch, since(3));
  }
};

/// The broker epoch, valid until the broker registers again.
struct BrokerRegistrationResponse {
  static constexpr MessageInfo kInfo{"BrokerRegistrationResponse", 62, 0, 4, 0};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  int64_t brokerEpoch = -1;

  bool operator==(const BrokerRegistrationResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &BrokerRegistrationResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &BrokerRegistrationResponse::errorCode, since(0));
    visit("BrokerEpoch", &BrokerRegistrationResponse::brokerEpoch, since(0));
  }
};

}  // namespace streamscope::protocol
