#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Members leave a classic group; one until version 2, a list from version 3.
struct LeaveGroupRequest {
  static constexpr MessageInfo kInfo{"LeaveGroupRequest", 13, 0, 5, 4};

  struct MemberIdentity {
    std::string memberId;
    std::optional<std::string> groupInstanceId;
    std::optional<std::string> reason;

    bool operator==(const MemberIdentity&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MemberId", &MemberIdentity::memberId, since(3));
      visit("GroupInstanceId", &MemberIdentity::groupInstanceId, since(3).nullable());
      visit("Reason", &MemberIdentity::reason, since(5).nullable());
    }
  };

  std::string groupId;
  std::string memberId;
  std::vector<MemberIdentity> members;

  bool operator==(const LeaveGroupRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &LeaveGroupRequest::groupId, since(0));
    visit("MemberId", &LeaveGroupRequest::memberId, versions(0, 2));
    visit("Members", &LeaveGroupRequest::members, since(3));
  }
};

/// What came of each.
struct LeaveGroupResponse {
  static constexpr MessageInfo kInfo{"LeaveGroupResponse", 13, 0, 5, 4};

  struct MemberResponse {
    std::string memberId;
    std::optional<std::string> groupInstanceId;
    int16_t errorCode = 0;

    bool operator==(const MemberResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MemberId", &MemberResponse::memberId, since(3));
      visit("GroupInstanceId", &MemberResponse::groupInstanceId, since(3).nullable());
      visit("ErrorCode", &MemberResponse::errorCode, since(3));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<MemberResponse> members;

  bool operator==(const LeaveGroupResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &LeaveGroupResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &LeaveGroupResponse::errorCode, since(0));
    visit("Members", &LeaveGroupResponse::members, since(3));
  }
};

}  // namespace streamscope::protocol
