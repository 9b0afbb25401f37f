#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "log/log_directory.h"
#include "log/partition_log.h"
#include "metadata_replay.h"

namespace streamscope::controller {

inline constexpr std::string_view kMetadataTopicName = "__cluster_metadata";

/// The one partition of the metadata log.
base::TopicPartition metadataPartition();

/// The leader's metadata log: Kafka's ordinary partition log `__cluster_metadata-0`. What is appended is on stable
/// storage and below the high watermark when the call returns: with one voter the leader's log end is the majority's.
/// After a KAFKA_STORAGE_ERROR nothing more may be appended. Sources: KIP-595; Kafka's KafkaRaftLog, BatchAccumulator.
class MetadataLog {
 public:
  /// The whole log has at most this many bytes in one batch, and in one answer to a Fetch (Kafka:
  /// MAX_BATCH_SIZE_BYTES).
  static constexpr size_t kBatchBytesMax = 8 * 1024 * 1024;

  static base::Result<MetadataLog> open(log::LogDirectory& directory, const ControllerConfig& config,
                                        base::TimestampMs nowMs);

  /// The first batch of an epoch: LEADER_CHANGE, which names the leader and who voted for it.
  base::Result<log::AppendInfo> appendLeaderChange(int32_t epoch, int32_t leaderId, const std::vector<int32_t>& voters,
                                                   base::TimestampMs nowMs);
  /// All records in one batch: all or none. `records` is not empty.
  base::Result<log::AppendInfo> append(const std::vector<protocol::MetadataRecord>& records,
                                       int16_t metadataVersionLevel, int32_t epoch, base::TimestampMs nowMs);

  base::Offset logStartOffset() const { return m_log->logStartOffset(); }
  base::Offset logEndOffset() const { return m_log->logEndOffset(); }
  base::Offset highWatermark() const { return m_highWatermark; }
  /// Epoch of the last batch, 0 for an empty log.
  int32_t lastEpoch() const;

  /// Batches below the high watermark, from the one that contains `from`; at least one when there is one.
  base::Result<log::ReadInfo> read(base::Offset from) const;
  /// Where `epoch` ends here, to find out whether a replica's log agrees.
  log::PartitionLog::EpochEnd endOffsetForEpoch(int32_t epoch) const { return m_log->endOffsetForEpoch(epoch); }

  /// Applies the whole log to `image`.
  base::Status replayInto(MetadataImage& image, const RecordVisitor& visit) const;

  const log::PartitionLog& partitionLog() const { return *m_log; }

 private:
  explicit MetadataLog(log::PartitionLog* log) : m_log(log), m_highWatermark(log->logEndOffset()) {}

  base::Result<log::AppendInfo> appendAndFlush(base::Bytes batch, int32_t epoch, base::TimestampMs nowMs);

  log::PartitionLog* m_log;
  base::Offset m_highWatermark;
};

}  // namespace streamscope::controller
