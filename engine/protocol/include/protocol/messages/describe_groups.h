#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for state and members of classic groups.
struct DescribeGroupsRequest {
  static constexpr MessageInfo kInfo{"DescribeGroupsRequest", 15, 0, 6, 5};

  std::vector<std::string> groups;
  bool includeAuthorizedOperations = false;

  bool operator==(const DescribeGroupsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Groups", &DescribeGroupsRequest::groups, since(0));
    visit("IncludeAuthorizedOperations", &DescribeGroupsRequest::includeAuthorizedOperations, since(3));
  }
};

/// State and members of each group.
struct DescribeGroupsResponse {
  static constexpr MessageInfo kInfo{"DescribeGroupsResponse", 15, 0, 6, 5};

  struct DescribedGroup {
    struct DescribedGroupMember {
      std::string memberId;
      std::optional<std::string> groupInstanceId;
      std::string clientId;
      std::string clientHost;
      base::SharedBytes memberMetadata;
      base::SharedBytes memberAssignment;

      bool operator==(const DescribedGroupMember&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("MemberId", &DescribedGroupMember::memberId, since(0));
        visit("GroupInstanceId", &DescribedGroupMember::groupInstanceId, since(4).nullable());
        visit("ClientId", &DescribedGroupMember::clientId, since(0));
        visit("ClientHost", &DescribedGroupMember::clientHost, since(0));
        visit("MemberMetadata", &DescribedGroupMember::memberMetadata, since(0));
        visit("MemberAssignment", &DescribedGroupMember::memberAssignment, since(0));
      }
    };

    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;
    std::string groupId;
    std::string groupState;
    std::string protocolType;
    std::string protocolData;
    std::vector<DescribedGroupMember> members;
    int32_t authorizedOperations = -2147483648;

    bool operator==(const DescribedGroup&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &DescribedGroup::errorCode, since(0));
      visit("ErrorMessage", &DescribedGroup::errorMessage, since(6).nullable());
      visit("GroupId", &DescribedGroup::groupId, since(0));
      visit("GroupState", &DescribedGroup::groupState, since(0));
      visit("ProtocolType", &DescribedGroup::protocolType, since(0));
      visit("ProtocolData", &DescribedGroup::protocolData, since(0));
      visit("Members", &DescribedGroup::members, since(0));
      visit("AuthorizedOperations", &DescribedGroup::authorizedOperations, since(3));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DescribedGroup> groups;

  bool operator==(const DescribeGroupsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DescribeGroupsResponse::throttleTimeMs, since(1));
    visit("Groups", &DescribeGroupsResponse::groups, since(0));
  }
};

}  // namespace streamscope::protocol
