#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A broker tells the controller that it lives, how far it read the metadata log, and what it wants.
struct BrokerHeartbeatRequest {
  static constexpr MessageInfo kInfo{"BrokerHeartbeatRequest", 63, 0, 2, 0};

  int32_t brokerId = 0;
  int64_t brokerEpoch = -1;
  int64_t currentMetadataOffset = 0;
  bool wantFence = false;
  bool wantShutDown = false;
  std::vector<base::Uuid> offlineLogDirs;
  std::optional<std::vector<base::Uuid>> cordonedLogDirs;

  bool operator==(const BrokerHeartbeatRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &BrokerHeartbeatRequest::brokerId, since(0));
    visit("BrokerEpoch", &BrokerHeartbeatRequest::brokerEpoch, since(0));
    visit("CurrentMetadataOffset", &BrokerHeartbeatRequest::currentMetadataOffset, since(0));
    visit("WantFence", &BrokerHeartbeatRequest::wantFence, since(0));
    visit("WantShutDown", &BrokerHeartbeatRequest::wantShutDown, since(0));
    visit("OfflineLogDirs", &BrokerHeartbeatRequest::offlineLogDirs, since(1).tag(0));
    visit("CordonedLogDirs", &BrokerHeartbeatRequest::cordonedLogDirs, since(2).nullable().tag(1));
  }
};

/// What the controller makes of the broker: fenced, caught up, free to stop.
struct BrokerHeartbeatResponse {
  static constexpr MessageInfo kInfo{"BrokerHeartbeatResponse", 63, 0, 2, 0};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  bool isCaughtUp = false;
  bool isFenced = true;
  bool shouldShutDown = false;

  bool operator==(const BrokerHeartbeatResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &BrokerHeartbeatResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &BrokerHeartbeatResponse::errorCode, since(0));
    visit("IsCaughtUp", &BrokerHeartbeatResponse::isCaughtUp, since(0));
    visit("IsFenced", &BrokerHeartbeatResponse::isFenced, since(0));
    visit("ShouldShutDown", &BrokerHeartbeatResponse::shouldShutDown, since(0));
  }
};

}  // namespace streamscope::protocol
