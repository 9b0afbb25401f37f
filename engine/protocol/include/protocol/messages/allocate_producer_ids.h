#pragma once

#include <cstdint>

#include "protocol/field.h"

namespace streamscope::protocol {

/// A broker takes a block of producer ids from the controller.
struct AllocateProducerIdsRequest {
  static constexpr MessageInfo kInfo{"AllocateProducerIdsRequest", 67, 0, 0, 0};

  int32_t brokerId = 0;
  int64_t brokerEpoch = -1;

  bool operator==(const AllocateProducerIdsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &AllocateProducerIdsRequest::brokerId, since(0));
    visit("BrokerEpoch", &AllocateProducerIdsRequest::brokerEpoch, since(0));
  }
};

/// A block of producer ids.
struct AllocateProducerIdsResponse {
  static constexpr MessageInfo kInfo{"AllocateProducerIdsResponse", 67, 0, 0, 0};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  int64_t producerIdStart = 0;
  int32_t producerIdLen = 0;

  bool operator==(const AllocateProducerIdsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AllocateProducerIdsResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &AllocateProducerIdsResponse::errorCode, since(0));
    visit("ProducerIdStart", &AllocateProducerIdsResponse::producerIdStart, since(0));
    visit("ProducerIdLen", &AllocateProducerIdsResponse::producerIdLen, since(0));
  }
};

}  // namespace streamscope::protocol
