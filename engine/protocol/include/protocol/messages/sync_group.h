#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A member asks for its assignment; the leader's request brings everybody's.
struct SyncGroupRequest {
  static constexpr MessageInfo kInfo{"SyncGroupRequest", 14, 0, 5, 4};

  struct SyncGroupRequestAssignment {
    std::string memberId;
    base::SharedBytes assignment;

    bool operator==(const SyncGroupRequestAssignment&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MemberId", &SyncGroupRequestAssignment::memberId, since(0));
      visit("Assignment", &SyncGroupRequestAssignment::assignment, since(0));
    }
  };

  std::string groupId;
  int32_t generationId = 0;
  std::string memberId;
  std::optional<std::string> groupInstanceId;
  std::optional<std::string> protocolType;
  std::optional<std::string> protocolName;
  std::vector<SyncGroupRequestAssignment> assignments;

  bool operator==(const SyncGroupRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &SyncGroupRequest::groupId, since(0));
    visit("GenerationId", &SyncGroupRequest::generationId, since(0));
    visit("MemberId", &SyncGroupRequest::memberId, since(0));
    visit("GroupInstanceId", &SyncGroupRequest::groupInstanceId, since(3).nullable());
    visit("ProtocolType", &SyncGroupRequest::protocolType, since(5).nullable());
    visit("ProtocolName", &SyncGroupRequest::protocolName, since(5).nullable());
    visit("Assignments", &SyncGroupRequest::assignments, since(0));
  }
};

/// The assignment, which only the members can read.
struct SyncGroupResponse {
  static constexpr MessageInfo kInfo{"SyncGroupResponse", 14, 0, 5, 4};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> protocolType;
  std::optional<std::string> protocolName;
  base::SharedBytes assignment;

  bool operator==(const SyncGroupResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &SyncGroupResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &SyncGroupResponse::errorCode, since(0));
    visit("ProtocolType", &SyncGroupResponse::protocolType, since(5).nullable());
    visit("ProtocolName", &SyncGroupResponse::protocolName, since(5).nullable());
    visit("Assignment", &SyncGroupResponse::assignment, since(0));
  }
};

}  // namespace streamscope::protocol
