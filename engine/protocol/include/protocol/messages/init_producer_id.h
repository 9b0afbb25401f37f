#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for a producer id, as every idempotent producer does.
struct InitProducerIdRequest {
  static constexpr MessageInfo kInfo{"InitProducerIdRequest", 22, 0, 6, 2};

  std::optional<std::string> transactionalId;
  int32_t transactionTimeoutMs = 0;
  int64_t producerId = -1;
  int16_t producerEpoch = -1;
  bool enable2Pc = false;
  bool keepPreparedTxn = false;

  bool operator==(const InitProducerIdRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TransactionalId", &InitProducerIdRequest::transactionalId, since(0).nullable());
    visit("TransactionTimeoutMs", &InitProducerIdRequest::transactionTimeoutMs, since(0));
    visit("ProducerId", &InitProducerIdRequest::producerId, since(3));
    visit("ProducerEpoch", &InitProducerIdRequest::producerEpoch, since(3));
    visit("Enable2Pc", &InitProducerIdRequest::enable2Pc, since(6));
    visit("KeepPreparedTxn", &InitProducerIdRequest::keepPreparedTxn, since(6));
  }
};

/// The producer id and its epoch.
struct InitProducerIdResponse {
  static constexpr MessageInfo kInfo{"InitProducerIdResponse", 22, 0, 6, 2};

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  int64_t producerId = -1;
  int16_t producerEpoch = 0;
  int64_t ongoingTxnProducerId = -1;
  int16_t ongoingTxnProducerEpoch = -1;

  bool operator==(const InitProducerIdResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &InitProducerIdResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &InitProducerIdResponse::errorCode, since(0));
    visit("ProducerId", &InitProducerIdResponse::producerId, since(0));
    visit("ProducerEpoch", &InitProducerIdResponse::producerEpoch, since(0));
    visit("OngoingTxnProducerId", &InitProducerIdResponse::ongoingTxnProducerId, since(6));
    visit("OngoingTxnProducerEpoch", &InitProducerIdResponse::ongoingTxnProducerEpoch, since(6));
  }
};

}  // namespace streamscope::protocol
