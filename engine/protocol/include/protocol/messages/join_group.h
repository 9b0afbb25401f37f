#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A member of a classic group asks to be in the next generation.
struct JoinGroupRequest {
  static constexpr MessageInfo kInfo{"JoinGroupRequest", 11, 0, 9, 6};

  struct JoinGroupRequestProtocol {
    std::string name;
    base::SharedBytes metadata;

    bool operator==(const JoinGroupRequestProtocol&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &JoinGroupRequestProtocol::name, since(0));
      visit("Metadata", &JoinGroupRequestProtocol::metadata, since(0));
    }
  };

  std::string groupId;
  int32_t sessionTimeoutMs = 0;
  int32_t rebalanceTimeoutMs = -1;
  std::string memberId;
  std::optional<std::string> groupInstanceId;
  std::string protocolType;
  std::vector<JoinGroupRequestProtocol> protocols;
  std::optional<std::string> reason;

  bool operator==(const JoinGroupRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &JoinGroupRequest::groupId, since(0));
    visit("SessionTimeoutMs", &JoinGroupRequest::sessionTimeoutMs, since(0));
    visit("RebalanceTimeoutMs", &JoinGroupRequest::rebalanceTimeoutMs, since(1));
    visit("MemberId", &JoinGroupRequest::memberId, since(0));
    visit("GroupInstanceId", &JoinGroupRequest::groupInstanceId, since(5).nullable());
    visit("ProtocolType", &JoinGroupRequest::protocolType, since(0));
    visit("Protocols", &JoinGroupRequest::protocols, since(0));
    visit("Reason", &JoinGroupRequest::reason, since(8).nullable());
  }
};

/// The generation it is in; the leader also learns what every member brought.
struct JoinGroupResponse {
  static constexpr MessageInfo kInfo{"JoinGroupResponse", 11, 0, 9, 6};

  struct JoinGroupResponseMember {
    std::string memberId;
    std::optional<std::string> groupInstanceId;
    base::SharedBytes metadata;

    bool operator==(const JoinGroupResponseMember&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MemberId", &JoinGroupResponseMember::memberId, since(0));
      visit("GroupInstanceId", &JoinGroupResponseMember::groupInstanceId, since(5).nullable());
      visit("Metadata", &JoinGroupResponseMember::metadata, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  int32_t generationId = -1;
  std::optional<std::string> protocolType;
  std::optional<std::string> protocolName;
  std::string leader;
  bool skipAssignment = false;
  std::string memberId;
  std::vector<JoinGroupResponseMember> members;

  bool operator==(const JoinGroupResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &JoinGroupResponse::throttleTimeMs, since(2));
    visit("ErrorCode", &JoinGroupResponse::errorCode, since(0));
    visit("GenerationId", &JoinGroupResponse::generationId, since(0));
    visit("ProtocolType", &JoinGroupResponse::protocolType, since(7).nullable());
    visit("ProtocolName", &JoinGroupResponse::protocolName, since(0).nullableSince(7));
    visit("Leader", &JoinGroupResponse::leader, since(0));
    visit("SkipAssignment", &JoinGroupResponse::skipAssignment, since(9));
    visit("MemberId", &JoinGroupResponse::memberId, since(0));
    visit("Members", &JoinGroupResponse::members, since(0));
  }
};

}  // namespace streamscope::protocol
