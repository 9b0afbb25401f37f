#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "protocol/consumer_protocol.h"

namespace streamscope::protocol {

/// The protocol type that consumers join a classic group with.
inline constexpr const char* kConsumerProtocolType = "consumer";

// What consumers hand each other through the coordinator, to bytes and back. A version newer than those known is read
// as the newest known, since later versions only add fields (Kafka: ConsumerProtocol).

/// `version` must be one of the message's.
base::Bytes encodeSubscription(const ConsumerProtocolSubscription& subscription, int16_t version);
base::Bytes encodeAssignment(const ConsumerProtocolAssignment& assignment, int16_t version);

// Refusals: INVALID_REQUEST.
base::Result<ConsumerProtocolSubscription> decodeSubscription(const base::SharedBytes& bytes);
/// Of no bytes at all, which is what a member without an assignment gets, an empty one.
base::Result<ConsumerProtocolAssignment> decodeAssignment(const base::SharedBytes& bytes);
/// The version that stands before the fields.
base::Result<int16_t> consumerProtocolVersion(const base::SharedBytes& bytes);

}  // namespace streamscope::protocol
