#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Takes a broker out of the cluster for good.
struct UnregisterBrokerRequest {
  static constexpr MessageInfo kInfo{"UnregisterBrokerRequest", 64, 0, 0, 0};

  int32_t brokerId = 0;

  bool operator==(const UnregisterBrokerRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &UnregisterBrokerRequest::brokerId, since(0));
  }
};

/// What came of it.
struct UnregisterBrokerResponse {
  static constexpr MessageInfo kInfo{"UnregisterBrokerResponse", 64, 0, 0, 0};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;

  bool operator==(const UnregisterBrokerResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &UnregisterBrokerResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &UnregisterBrokerResponse::errorCode, since(0));
    visit("ErrorMessage", &UnregisterBrokerResponse::errorMessage, since(0).nullable());
  }
};

}  // namespace streamscope::protocol
