#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "log/partition_log.h"
#include "protocol/messages/produce.h"

namespace streamscope::broker {

/// From this version of Produce on, a refusal tells the new leader (KIP-951).
inline constexpr int16_t kProduceLeaderHintVersion = 10;

/// One partition's answer: its batch was not taken. As in Kafka without a sentence; the trace has it.
inline void refuseProduce(protocol::ProduceResponse::PartitionProduceResponse& answer, base::ErrorCode error) {
  answer.errorCode = static_cast<int16_t>(error);
  answer.baseOffset = base::kNoOffset;
  answer.logAppendTimeMs = -1;
  answer.logStartOffset = base::kNoOffset;
}

/// Whether a refusal tells where the log starts: Kafka leaves it out where it did not expect to have a log, or not to
/// look into it.
inline bool tellsLogStart(base::ErrorCode error) {
  switch (error) {
    case base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION:
    case base::ErrorCode::NOT_LEADER_OR_FOLLOWER:
    case base::ErrorCode::MESSAGE_TOO_LARGE:
    case base::ErrorCode::RECORD_LIST_TOO_LARGE:
    case base::ErrorCode::CORRUPT_MESSAGE:
    case base::ErrorCode::KAFKA_STORAGE_ERROR:
      return false;
    default:
      return true;
  }
}

/// One partition's answer: the log did not take its batch. Only where single records are the reason is there a
/// sentence.
inline void refuseProduce(protocol::ProduceResponse::PartitionProduceResponse& answer, const base::Error& error,
                          base::Offset logStartOffset, std::vector<log::RecordError> recordErrors) {
  refuseProduce(answer, error.code);
  if (tellsLogStart(error.code)) answer.logStartOffset = logStartOffset;
  if (recordErrors.empty()) return;
  answer.errorMessage = error.message;
  answer.recordErrors.reserve(recordErrors.size());
  for (log::RecordError& record : recordErrors)
    answer.recordErrors.push_back({record.batchIndex, std::move(record.message)});
}

/// One partition's answer: where its batch went.
inline void acceptProduce(protocol::ProduceResponse::PartitionProduceResponse& answer, const log::AppendInfo& info,
                          base::Offset logStartOffset) {
  answer.baseOffset = info.firstOffset;
  answer.logAppendTimeMs = info.logAppendTime;
  answer.logStartOffset = logStartOffset;
}

}  // namespace streamscope::broker
