#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "log/log_config.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "record_reader.h"

namespace streamscope::log {

/// A client's batches as they will stand in the log.
struct ValidatedBatches {
  base::SharedBytes bytes;
  /// In order, with the offsets and epoch given here.
  std::vector<BatchHeader> headers;
};

/// The leader's walk over a client's batch, in the order and with the codes of Kafka (UnifiedLog's
/// analyzeAndValidateRecords, then LogValidator). The checks come first and read the client's bytes; then one copy is
/// made in which offsets, epoch and, where they changed, timestamp type and largest timestamp are written. Only where
/// compression.type differs from the batch's codec is the batch built anew, record by record.
class LogValidator {
 public:
  /// `where` names the partition in messages. Both must outlive the validator.
  LogValidator(const LogConfig& config, const std::string& where) : m_config(config), m_where(where) {}

  /// One batch of a client. INVALID_RECORD, MESSAGE_TOO_LARGE, CORRUPT_MESSAGE, INVALID_TIMESTAMP, and
  /// UNKNOWN_SERVER_ERROR where Kafka's broker stumbles: data its codec refuses, a codec Kafka does not define, records
  /// that cannot be renumbered. With INVALID_TIMESTAMP, or INVALID_RECORD for missing keys, `recordErrors` (if given)
  /// tells which records.
  base::Result<ValidatedBatches> validateClientBatch(base::ByteView bytes, base::Offset firstOffset,
                                                     base::LeaderEpoch leaderEpoch, base::TimestampMs nowMs,
                                                     std::vector<RecordError>* recordErrors = nullptr) const;

  /// The cluster's own batches, one or more: only size and checksum are looked at. With `appendTimeMs` (a
  /// coordinator's, in a topic with message.timestamp.type=LogAppendTime) that is their time.
  base::Result<ValidatedBatches> validateOwnBatches(base::ByteView bytes, base::Offset firstOffset,
                                                    base::LeaderEpoch leaderEpoch,
                                                    std::optional<base::TimestampMs> appendTimeMs) const;

 private:
  /// What the walk over the records finds.
  struct Walk {
    base::TimestampMs nowMs = 0;
    base::TimestampMs maxTimestamp = -1;
    bool offsetsCount = true;
    bool hasBadTimestamp = false;
    std::vector<RecordError> errors;
  };

  base::Result<BatchHeader> analyze(base::ByteView bytes) const;
  base::Status validateHeader(const BatchHeader& header) const;
  /// Checks every record; `rebuilt`, if any, takes them.
  base::Status walkRecords(base::ByteView batch, const BatchHeader& header, Walk& walk,
                           RecordBatchBuilder* rebuilt) const;
  void validateRecord(const BatchHeader& header, const RecordView& record, int32_t index, Walk& walk) const;
  base::Error errorOf(const Walk& walk) const;

  base::Result<ValidatedBatches> rebuild(base::ByteView bytes, const BatchHeader& header, Compression codec,
                                         base::Offset firstOffset, base::LeaderEpoch leaderEpoch, Walk& walk) const;
  base::Result<BatchHeader> checkOwnBatch(base::ByteView bytes) const;

  tl::unexpected<base::Error> invalidRecord(const std::string& why) const;
  tl::unexpected<base::Error> corrupt(const std::string& why) const;
  tl::unexpected<base::Error> stumbled(const std::string& why) const;
  base::Status checkSize(size_t sizeInBytes, const char* when) const;

  const LogConfig& m_config;
  const std::string& m_where;
};

}  // namespace streamscope::log
