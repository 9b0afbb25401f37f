#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "controller/snapshot_file.h"
#include "log/partition_log.h"
#include "metadata_replay.h"
#include "metadata_snapshots.h"

namespace streamscope::controller {

inline constexpr std::string_view kMetadataTopicName = "__cluster_metadata";

/// The one partition of the metadata log.
base::TopicPartition metadataPartition();

/// The leader's metadata log: the directory `__cluster_metadata-0` with an ordinary partition log and its snapshots.
/// What is appended is on stable storage and below the high watermark when the call returns: with one voter the
/// leader's log end is the majority's. After a KAFKA_STORAGE_ERROR nothing more may be appended. Sources: KIP-595,
/// KIP-630; Kafka's KafkaRaftLog, BatchAccumulator, KRaftControlRecordStateMachine.
class MetadataLog {
 public:
  /// The whole log has at most this many bytes in one batch, and in one answer to a Fetch (Kafka:
  /// MAX_BATCH_SIZE_BYTES).
  static constexpr size_t kBatchBytesMax = 8 * 1024 * 1024;

  /// As in Kafka the log is verified as a whole at every start; `report` says what was cut.
  static base::Result<MetadataLog> open(storage::Storage& storage, const ControllerConfig& config,
                                        base::TimestampMs nowMs, log::RecoveryReport& report);

  /// Rebuilds `image` from the newest snapshot that can be read and the log behind it, or from the log alone while it
  /// goes back to offset 0. A damaged snapshot is told to the listener and the one before is taken;
  /// KAFKA_STORAGE_ERROR when nothing is left that the log could stand on, CORRUPT_MESSAGE for a damaged record.
  base::Status load(MetadataImage& image, base::TimestampMs nowMs, const ReplayListener& listener);

  /// The voters as snapshots and log say it, once loaded.
  const QuorumVoters& voters() const { return m_voters; }

  /// The first batch of an epoch: LEADER_CHANGE, which names the leader and who voted for it; in a log that has no
  /// record yet also the voters of the first snapshot.
  base::Result<log::AppendInfo> appendLeaderChange(int32_t epoch, int32_t leaderId, const std::vector<int32_t>& voters,
                                                   base::TimestampMs nowMs);
  /// All records in one batch: all or none. `records` is not empty.
  base::Result<log::AppendInfo> append(const std::vector<protocol::MetadataRecord>& records,
                                       int16_t metadataVersionLevel, int32_t epoch, base::TimestampMs nowMs);

  base::Offset logStartOffset() const { return m_log->logStartOffset(); }
  base::Offset logEndOffset() const { return m_log->logEndOffset(); }
  base::Offset highWatermark() const { return m_log->highWatermark(); }
  /// Epoch of the last batch, or of the latest snapshot when nothing follows it; 0 for an empty log.
  int32_t lastEpoch() const;

  /// Batches below the high watermark, from the one that contains `from`; at least one when there is one.
  base::Result<log::ReadInfo> read(base::Offset from) const;
  /// Where `epoch` ends here, to find out whether a replica's log agrees.
  log::PartitionLog::EpochEnd endOffsetForEpoch(int32_t epoch) const { return m_log->endOffsetForEpoch(epoch); }

  const MetadataSnapshots& snapshots() const { return m_snapshots; }
  /// Writes a snapshot of `image`, which has every record of the log; `nowMs` is also the time of the last of them.
  base::Result<SnapshotId> writeSnapshot(const MetadataImage& image, int16_t metadataVersionLevel,
                                         base::TimestampMs nowMs);

  const log::PartitionLog& partitionLog() const { return *m_log; }
  /// The log is not usable afterwards.
  base::Status close() { return m_log->close(); }

 private:
  MetadataLog(std::unique_ptr<log::PartitionLog> log, MetadataSnapshots snapshots)
      : m_log(std::move(log)), m_snapshots(std::move(snapshots)) {}

  /// Into a fresh image; the file's voters with it.
  base::Result<MetadataImage> readSnapshotInto(const SnapshotId& id, const ReplayListener& listener,
                                               QuorumVoters& voters) const;
  base::Result<MetadataImage> loadLatestSnapshot(base::TimestampMs nowMs, const ReplayListener& listener);
  base::Status replayLog(MetadataImage& image, const ReplayListener& listener);
  base::Result<log::AppendInfo> appendAndFlush(base::Bytes batch, int32_t epoch, base::TimestampMs nowMs);

  std::unique_ptr<log::PartitionLog> m_log;
  MetadataSnapshots m_snapshots;
  QuorumVoters m_voters;
};

}  // namespace streamscope::controller
