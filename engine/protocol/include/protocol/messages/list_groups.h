#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks a broker which groups it coordinates.
struct ListGroupsRequest {
  static constexpr MessageInfo kInfo{"ListGroupsRequest", 16, 0, 5, 3};

  std::vector<std::string> statesFilter;
  std::vector<std::string> typesFilter;

  bool operator==(const ListGroupsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("StatesFilter", &ListGroupsRequest::statesFilter, since(4));
    visit("TypesFilter", &ListGroupsRequest::typesFilter, since(5));
  }
};

/// The groups.
struct ListGroupsResponse {
  static constexpr MessageInfo kInfo{"ListGroupsResponse", 16, 0, 5, 3};

  struct ListedGroup {
    std::string groupId;
    std::string protocolType;
    std::string groupState;
    std::string groupType;

    bool operator==(const ListedGroup&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("GroupId", &ListedGroup::groupId, since(0));
      visit("ProtocolType", &ListedGroup::protocolType, since(0));
      visit("GroupState", &ListedGroup::groupState, since(4));
      visit("GroupType", &ListedGroup::groupType, since(5));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<ListedGroup> groups;

  bool operator==(const ListGroupsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &ListGroupsResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &ListGroupsResponse::errorCode, since(0));
    visit("Groups", &ListGroupsResponse::groups, since(0));
  }
};

}  // namespace streamscope::protocol
