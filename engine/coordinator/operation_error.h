#pragma once

#include "base/error_code.h"

namespace streamscope::coordinator {

/// What a client is told when a coordinator's write came to this (Kafka: CoordinatorOperationExceptionHelper).
constexpr base::ErrorCode operationError(base::ErrorCode error) {
  switch (error) {
    case base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION:
    case base::ErrorCode::NOT_ENOUGH_REPLICAS:
    case base::ErrorCode::REQUEST_TIMED_OUT:
      return base::ErrorCode::COORDINATOR_NOT_AVAILABLE;
    case base::ErrorCode::NOT_LEADER_OR_FOLLOWER:
    case base::ErrorCode::KAFKA_STORAGE_ERROR:
      return base::ErrorCode::NOT_COORDINATOR;
    case base::ErrorCode::MESSAGE_TOO_LARGE:
    case base::ErrorCode::RECORD_LIST_TOO_LARGE:
      return base::ErrorCode::UNKNOWN_SERVER_ERROR;
    default:
      return error;
  }
}

constexpr int16_t codeOf(base::ErrorCode error) {
  return static_cast<int16_t>(error);
}

}  // namespace streamscope::coordinator
