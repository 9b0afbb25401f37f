#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/log_config.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// A client's batches as they will stand in the log.
struct ValidatedBatches {
  base::SharedBytes bytes;
  /// In order, with the offsets and epoch given here.
  std::vector<BatchHeader> headers;
};

/// The leader's walk over a client's batch, in the order and with the codes of Kafka (UnifiedLog's
/// analyzeAndValidateRecords, then LogValidator). The checks come first and read the client's bytes; then one copy is
/// made in which offsets, epoch and, where they changed, timestamp type and largest timestamp are written.
class LogValidator {
 public:
  /// `where` names the partition in messages. Both must outlive the validator.
  LogValidator(const LogConfig& config, const std::string& where) : m_config(config), m_where(where) {}

  /// One batch of a client. INVALID_RECORD, MESSAGE_TOO_LARGE, CORRUPT_MESSAGE, INVALID_TIMESTAMP,
  /// UNSUPPORTED_COMPRESSION_TYPE.
  base::Result<ValidatedBatches> validateClientBatch(base::ByteView bytes, base::Offset firstOffset,
                                                     base::LeaderEpoch leaderEpoch, base::TimestampMs nowMs) const;

  /// The controller's own batches, one or more: only size and checksum are looked at.
  base::Result<ValidatedBatches> validateOwnBatches(base::ByteView bytes, base::Offset firstOffset,
                                                    base::LeaderEpoch leaderEpoch) const;

 private:
  base::Result<BatchHeader> analyze(base::ByteView bytes, bool fromClient) const;
  base::Status validateHeader(const BatchHeader& header) const;
  /// Checks every record and finds the largest timestamp.
  base::Status validateRecords(base::ByteView batch, const BatchHeader& header, base::TimestampMs nowMs,
                               base::TimestampMs& maxTimestamp) const;
  base::Status validateTimestamp(const BatchHeader& header, const RecordView& record, base::TimestampMs nowMs) const;

  tl::unexpected<base::Error> invalidRecord(const std::string& why) const;

  const LogConfig& m_config;
  const std::string& m_where;
};

}  // namespace streamscope::log
