#pragma once

#include <optional>
#include <string>

#include "base/error_code.h"
#include "log/partition_log.h"
#include "protocol/messages/produce.h"

namespace streamscope::broker {

/// From this version of Produce on, a refusal tells the new leader (KIP-951).
inline constexpr int16_t kProduceLeaderHintVersion = 10;

/// One partition's answer: why its batch was not taken.
inline void refuseProduce(protocol::ProduceResponse::PartitionProduceResponse& answer, base::ErrorCode error,
                          std::optional<std::string> message) {
  answer.errorCode = static_cast<int16_t>(error);
  answer.errorMessage = std::move(message);
  answer.baseOffset = base::kNoOffset;
  answer.logAppendTimeMs = -1;
  answer.logStartOffset = base::kNoOffset;
}

/// One partition's answer: where its batch went.
inline void acceptProduce(protocol::ProduceResponse::PartitionProduceResponse& answer, const log::AppendInfo& info,
                          base::Offset logStartOffset) {
  answer.baseOffset = info.firstOffset;
  answer.logAppendTimeMs = info.logAppendTime;
  answer.logStartOffset = logStartOffset;
}

}  // namespace streamscope::broker
