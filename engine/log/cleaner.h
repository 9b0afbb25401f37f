#pragma once

#include <vector>

#include "base/result.h"
#include "batch_scanner.h"
#include "cleaned_transactions.h"
#include "log/cleaner_config.h"
#include "log/log_to_clean.h"
#include "offset_map.h"
#include "partition_log_impl.h"
#include "record_filter.h"

namespace streamscope::log {

/// One cleaning of one log, in two passes: the last offset of every key in the dirty part, then new segments without
/// the records that a later one overwrites. The segments are put in place group by group; whatever ends the work in
/// between leaves a log with the same latest records. Kafka: Cleaner.
///
/// Unlike Kafka it checks every batch's checksum, so that a damaged batch is not given a fresh one.
class Cleaner {
 public:
  /// `log`, whose inside `impl` is, must outlive this object.
  Cleaner(const PartitionLog& log, PartitionLog::Impl& impl, const CleanerConfig& config, base::TimestampMs nowMs);

  /// CORRUPT_MESSAGE and the refusals of the record reader name what cannot be read; KAFKA_STORAGE_ERROR.
  base::Result<CleanerStats> clean(const LogToClean& range);

 private:
  /// A new segment while it is written, and the batches that are not in its file yet.
  struct Output {
    Segment& segment;
    base::Bytes bytes;
    std::vector<BatchHeader> headers;
  };

  // Pass 1.
  base::Status addAborted(base::Offset from, base::Offset endExclusive);
  base::Status buildOffsetMap(const LogToClean& range);
  base::Result<bool> addToOffsetMap(const Segment& segment, base::Offset startOffset);
  base::Result<bool> addRecords(base::ByteView batch, const BatchHeader& header, base::Offset startOffset);

  // Pass 2.
  /// How many segments become one, from the first on, up to `endOffset`.
  std::vector<size_t> groupSegments(base::Offset endOffset, base::Offset firstUncleanableOffset) const;
  base::Status cleanSegments(size_t first, size_t count, base::Offset upperBound);
  base::Status writeCleaned(Segment& cleaned, size_t first, size_t count, base::Offset upperBound);
  base::Status cleanInto(Output& output, const Segment& source, base::Offset upperBound);
  BatchFilter filterFor(const BatchHeader& header, base::ByteView batch, base::Offset upperBound);
  bool isLastOfActiveProducer(const BatchHeader& header) const;
  bool retains(const BatchHeader& header, const RecordView& record);
  base::Status write(Output& output);

  /// The next batch of a segment, which must be whole.
  base::Result<BatchScan> next(BatchScanner& scanner, const Segment& segment) const;

  const PartitionLog& m_partitionLog;
  PartitionLog::Impl& m_log;
  const CleanerConfig& m_config;
  base::TimestampMs m_nowMs;
  OffsetMap m_map;
  size_t m_mapSizeMax;
  CleanedTransactions m_transactions;
  CleanerStats m_stats;
};

}  // namespace streamscope::log
