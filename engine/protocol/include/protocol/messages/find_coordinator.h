#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks which broker coordinates a group or a transactional id.
struct FindCoordinatorRequest {
  static constexpr MessageInfo kInfo{"FindCoordinatorRequest", 10, 0, 6, 3};

  std::string key;
  int8_t keyType = 0;
  std::vector<std::string> coordinatorKeys;

  bool operator==(const FindCoordinatorRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Key", &FindCoordinatorRequest::key, versions(0, 3));
    visit("KeyType", &FindCoordinatorRequest::keyType, since(1));
    visit("CoordinatorKeys", &FindCoordinatorRequest::coordinatorKeys, since(4));
  }
};

/// The coordinating broker; one until version 3, a list from version 4.
struct FindCoordinatorResponse {
  static constexpr MessageInfo kInfo{"FindCoordinatorResponse", 10, 0, 6, 3};

  struct Coordinator {
    std::string key;
    int32_t nodeId = 0;
    std::string host;
    int32_t port = 0;
    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;

    bool operator==(const Coordinator&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Key", &Coordinator::key, since(4));
      visit("NodeId", &Coordinator::nodeId, since(4));
      visit("Host", &Coordinator::host, since(4));
      visit("Port", &Coordinator::port, since(4));
      visit("ErrorCode", &Coordinator::errorCode, since(4));
      visit("ErrorMessage", &Coordinator::errorMessage, since(4).nullable());
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  int32_t nodeId = 0;
  std::string host;
  int32_t port = 0;
  std::vector<Coordinator> coordinators;

  bool operator==(const FindCoordinatorResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &FindCoordinatorResponse::throttleTimeMs, since(1));
    visit("ErrorCode", &FindCoordinatorResponse::errorCode, versions(0, 3));
    visit("ErrorMessage", &FindCoordinatorResponse::errorMessage, versions(1, 3).nullable());
    visit("NodeId", &FindCoordinatorResponse::nodeId, versions(0, 3));
    visit("Host", &FindCoordinatorResponse::host, versions(0, 3));
    visit("Port", &FindCoordinatorResponse::port, versions(0, 3));
    visit("Coordinators", &FindCoordinatorResponse::coordinators, since(4));
  }
};

}  // namespace streamscope::protocol
