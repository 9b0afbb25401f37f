#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Deletes groups without members, and their offsets.
struct DeleteGroupsRequest {
  static constexpr MessageInfo kInfo{"DeleteGroupsRequest", 42, 0, 2, 2};

  std::vector<std::string> groupsNames;

  bool operator==(const DeleteGroupsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupsNames", &DeleteGroupsRequest::groupsNames, since(0));
  }
};

/// What came of each group.
struct DeleteGroupsResponse {
  static constexpr MessageInfo kInfo{"DeleteGroupsResponse", 42, 0, 2, 2};

  struct DeletableGroupResult {
    std::string groupId;
    int16_t errorCode = 0;

    bool operator==(const DeletableGroupResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("GroupId", &DeletableGroupResult::groupId, since(0));
      visit("ErrorCode", &DeletableGroupResult::errorCode, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DeletableGroupResult> results;

  bool operator==(const DeleteGroupsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DeleteGroupsResponse::throttleTimeMs, since(0));
    visit("Results", &DeleteGroupsResponse::results, since(0));
  }
};

}  // namespace streamscope::protocol
