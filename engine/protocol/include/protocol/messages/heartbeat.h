#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/field.h"

namespace streamscope::protocol {

/// A member of a classic group is alive.
struct HeartbeatRequest {
  static constexpr MessageInfo kInfo{"HeartbeatRequest", 12, 0, 4, 4};

  std::string groupId;
  int32_t generationId = 0;
  std::string memberId;
  std::optional<std::string> groupInstanceId;

  bool operator==(const HeartbeatRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &HeartbeatRequest::groupId, since(0));
    visit("GenerationId", &HeartbeatRequest::generationId, since(0));
    visit("MemberId", &HeartbeatRequest::memberId, since(0));
    visit("GroupInstanceId", &HeartbeatRequest::groupInstanceId, since(3).nullable());
  }
};

/// Goes on, or has to join again.
struct HeartbeatResponse {
  static constexpr MessageInfo kInfo{"HeartbeatResponse", 12, 0, 4, 4};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;

  bool operator==(const HeartbeatResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &HeartbeatResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &HeartbeatResponse::errorCode, since(0));
  }
};

}  // namespace streamscope::protocol
