#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/known_bug.h"
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

/// A voter's metadata log: the directory `__cluster_metadata-0` with an ordinary partition log and its snapshots. What
/// is appended is on stable storage when the call returns; what of it is committed, the quorum decides. After a
/// KAFKA_STORAGE_ERROR nothing more may be appended. Sources: KIP-595, KIP-630; Kafka's KafkaRaftLog, BatchAccumulator,
/// KRaftControlRecordStateMachine.
class MetadataLog {
 public:
  /// The whole log has at most this many bytes in one batch, and in one answer to a Fetch (Kafka:
  /// MAX_BATCH_SIZE_BYTES).
  static constexpr size_t kBatchBytesMax = 8 * 1024 * 1024;

  /// As in Kafka the log is verified as a whole at every start; `report` says what was cut.
  static base::Result<MetadataLog> open(storage::Storage& storage, const ControllerConfig& config,
                                        base::TimestampMs nowMs, log::RecoveryReport& report);

  /// Rebuilds `image` from the newest snapshot that can be read, or empty while the log goes back to offset 0, and
  /// finds the quorum's voters in the log. What a snapshot covers is committed: the high watermark begins there. A
  /// damaged snapshot is told to the listener and the one before is taken; KAFKA_STORAGE_ERROR when nothing is left
  /// that the log could stand on.
  base::Status load(MetadataImage& image, base::TimestampMs nowMs, const ReplayListener& listener);
  /// Applies the records behind the image's position that lie below the high watermark. CORRUPT_MESSAGE for a damaged
  /// one.
  base::Status replayCommitted(MetadataImage& image, const ReplayListener& listener);

  /// The voters as snapshots and log say it, once loaded.
  const QuorumVoters& voters() const { return m_voters; }

  struct LeaderChange {
    int32_t epoch = 0;
    int32_t leaderId = 0;
    std::vector<int32_t> voters;
    std::vector<int32_t> grantingVoters;
  };
  /// The first batch of an epoch: LEADER_CHANGE, which names the leader and who voted for it; in a log that has no
  /// record yet also the voters of the first snapshot.
  base::Result<log::AppendInfo> appendLeaderChange(const LeaderChange& change, base::TimestampMs nowMs);
  /// All records in one batch: all or none. `records` is not empty.
  base::Result<log::AppendInfo> append(const std::vector<protocol::MetadataRecord>& records,
                                       int16_t metadataVersionLevel, int32_t epoch, base::TimestampMs nowMs);

  /// The leader's batches. CORRUPT_MESSAGE and OFFSET_OUT_OF_RANGE when they do not fit, KAFKA_STORAGE_ERROR.
  base::Status appendAsFollower(const base::SharedBytes& batches, base::TimestampMs nowMs);
  /// Cuts what the leader, whose log ends at `leaderEnd` in that epoch, does not have. Gives the new log end offset.
  /// OFFSET_OUT_OF_RANGE, and nothing is cut, when that would take committed records.
  base::Result<base::Offset> truncateToEndOffset(const SnapshotId& leaderEnd, base::TimestampMs nowMs);

  base::Offset logStartOffset() const { return m_log->logStartOffset(); }
  base::Offset logEndOffset() const { return m_log->logEndOffset(); }
  base::Offset highWatermark() const { return m_log->highWatermark(); }
  /// Epoch of the last batch, or of the latest snapshot when nothing follows it; 0 for an empty log.
  int32_t lastEpoch() const;

  /// Never goes back, and never beyond the log end.
  void advanceHighWatermark(base::Offset offset);
  /// End offset and epoch of the last record: what elections compare.
  SnapshotId end() const { return {logEndOffset(), lastEpoch()}; }

  /// Batches below `upTo`, from the one that contains `from`; at least one when there is one.
  base::Result<log::ReadInfo> read(base::Offset from, base::Offset upTo) const;

  /// Whether a replica that has everything below an offset, the last of it of an epoch, agrees with this log.
  struct Agreement {
    enum class Kind : uint8_t {
      Valid,
      /// It must cut its log to `id`.
      Diverging,
      /// Its next record is gone here; the snapshot `id` stands for it.
      Snapshotted,
    };
    Kind kind = Kind::Valid;
    SnapshotId id;
  };
  /// Kafka: RaftLog.validateOffsetAndEpoch.
  Agreement agreementWith(base::Offset offset, int32_t epoch) const;

  const MetadataSnapshots& snapshots() const { return m_snapshots; }
  /// Writes a snapshot of `image`, whose every record is committed; `nowMs` is also the time of the last of them.
  base::Result<SnapshotId> writeSnapshot(const MetadataImage& image, int16_t metadataVersionLevel,
                                         base::TimestampMs nowMs);

  /// Keeps a snapshot that was fetched from the leader and goes on from its end; all records go.
  base::Status installSnapshot(const SnapshotId& id, base::ByteView bytes, base::TimestampMs nowMs);

  /// What `clean` may keep: metadata.max.retention.bytes (-1: everything) and .ms.
  struct Retention {
    int64_t bytesMax = -1;
    int64_t ageMsMax = -1;
  };
  struct Cleaning {
    /// Snapshots that are no longer needed, each with the config that decided.
    std::vector<std::pair<SnapshotId, std::string>> snapshots;
    std::vector<log::DeletedSegment> segments;
  };
  /// Gives up the oldest snapshots that exceed the retention, and the log that the next one stands for; the newest
  /// snapshot always stays. Files go at the next call. Kafka: KafkaRaftLog.maybeClean.
  base::Result<Cleaning> clean(const Retention& retention, base::TimestampMs nowMs);

  const log::PartitionLog& partitionLog() const { return *m_log; }
  /// The log is not usable afterwards.
  base::Status close() { return m_log->close(); }

 private:
  MetadataLog(std::unique_ptr<log::PartitionLog> log, MetadataSnapshots snapshots, base::KnownBugs bugs)
      : m_log(std::move(log)), m_snapshots(std::move(snapshots)), m_bugs(bugs) {}

  /// Into a fresh image; the file's voters with it.
  base::Result<MetadataImage> readSnapshotInto(const SnapshotId& id, const ReplayListener& listener,
                                               QuorumVoters& voters) const;
  base::Result<MetadataImage> loadLatestSnapshot(base::TimestampMs nowMs, const ReplayListener& listener);
  base::Status findVoters();
  base::Result<std::string> whyNotKept(const SnapshotId& id, const Retention& retention, uint64_t snapshotBytes,
                                       base::TimestampMs nowMs);
  /// Where `epoch` ends here. Kafka: KafkaRaftLog.endOffsetForEpoch.
  SnapshotId endOfEpoch(int32_t epoch) const;
  base::Result<log::AppendInfo> appendAndFlush(base::Bytes batch, int32_t epoch, base::TimestampMs nowMs);

  base::Status sync();

  std::unique_ptr<log::PartitionLog> m_log;
  MetadataSnapshots m_snapshots;
  base::KnownBugs m_bugs;
  QuorumVoters m_voters;
  /// Time of the last record a snapshot stands for, once it was looked at.
  std::map<SnapshotId, base::TimestampMs> m_snapshotTimes;
};

}  // namespace streamscope::controller
