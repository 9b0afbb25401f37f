#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alter_partition_channel.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "follower_state.h"
#include "log/partition_log.h"
#include "purgatory.h"
#include "topic_config.h"
#include "world/node.h"

namespace streamscope::broker {

class Partition;

/// What a partition tells its broker.
class PartitionListener {
 public:
  virtual ~PartitionListener() = default;
  /// Requests that wait for the high watermark of the partition can be looked at.
  virtual void onHighWatermarkMoved(Partition& partition) = 0;
  /// So can those that wait for every replica's log start (DeleteRecords).
  virtual void onLowWatermarkMoved(Partition& partition) = 0;
  /// A write or read failed with KAFKA_STORAGE_ERROR: the log directory is lost.
  virtual void onStorageFailure(const base::Error& error) = 0;
};

/// What all partitions of a broker share.
struct PartitionContext {
  world::NodeContext& node;
  const BrokerConfig& config;
  const controller::MetadataImage& image;
  AlterPartitionChannel& alterPartition;
  PartitionListener& listener;
};

/// How far a reader may read.
enum class FetchIsolation : uint8_t {
  /// Followers.
  LogEnd,
  /// Consumers.
  HighWatermark,
  /// Consumers with read_committed: up to the last stable offset, and told which transactions were aborted.
  TxnCommitted,
};

/// By a request's replica id and isolation level (0 read_uncommitted, 1 read_committed).
constexpr FetchIsolation isolationOf(base::BrokerId replicaId, int8_t isolationLevel) {
  if (replicaId >= 0) return FetchIsolation::LogEnd;
  return isolationLevel == 1 ? FetchIsolation::TxnCommitted : FetchIsolation::HighWatermark;
}

/// The question of one partition of a Fetch.
struct PartitionFetch {
  base::Offset fetchOffset = 0;
  base::LeaderEpoch currentLeaderEpoch = base::kNoEpoch;
  base::LeaderEpoch lastFetchedEpoch = base::kNoEpoch;
  base::Offset logStartOffset = base::kNoOffset;
  size_t bytesMax = 0;
  bool atLeastOneBatch = false;
  FetchIsolation isolation = FetchIsolation::HighWatermark;
  bool onlyFromLeader = true;
};

/// Its answer. With an error the offsets are unknown and there are no records.
struct PartitionFetched {
  base::ErrorCode error = base::ErrorCode::NONE;
  base::Offset highWatermark = base::kNoOffset;
  base::Offset lastStableOffset = base::kNoOffset;
  base::Offset logStartOffset = base::kNoOffset;
  base::SharedBytes records;
  /// For TxnCommitted: those with records among `records`.
  std::optional<std::vector<log::AbortedTransaction>> abortedTransactions;
  /// Set when the follower's last epoch ended earlier here than it thinks (KIP-595): no records.
  std::optional<log::PartitionLog::EpochEnd> divergingEpoch;
  /// The follower to read from instead: no records.
  base::BrokerId preferredReadReplica = base::kNoBroker;
};

/// One replica on this broker, leader or follower: its log and, as leader, what it knows of the
/// followers and the ISR (Kafka: Partition). Promises: log start <= high watermark <= log end; the high watermark never
/// goes back except when the log is truncated below it; one ISR proposal in flight.
///
///   Offline --makeLeader--> Leader <--makeLeader/makeFollower--> Follower
///
/// Lives in the ReplicaManager as a shared_ptr, so that an answer from the controller can find out that it is gone.
class Partition : public std::enable_shared_from_this<Partition> {
 public:
  Partition(PartitionContext& context, base::TopicPartition name, base::Uuid topicId, WatchKey key,
            log::PartitionLog& log, base::Offset checkpointedHighWatermark, const TopicConfig& config);

  const base::TopicPartition& name() const { return m_name; }
  const base::Uuid& topicId() const { return m_topicId; }
  WatchKey key() const { return m_key; }
  log::PartitionLog& log() { return *m_log; }
  const log::PartitionLog& log() const { return *m_log; }
  bool isLeader() const { return m_role == Role::Leader; }
  base::BrokerId leaderId() const { return m_leaderId; }
  base::LeaderEpoch leaderEpoch() const { return m_leaderEpoch; }
  int32_t partitionEpoch() const { return m_partitionEpoch; }
  base::Offset highWatermark() const { return m_log->highWatermark(); }
  /// End of what a reader of this isolation may see.
  base::Offset endOffset(FetchIsolation isolation) const;
  const std::vector<base::BrokerId>& isr() const { return m_isr; }
  /// ISR plus a member that was proposed and not yet decided; a proposed removal keeps the old ISR.
  const std::vector<base::BrokerId>& maximalIsr() const { return m_maximalIsr; }
  bool isIsrProposalInFlight() const { return m_isProposalInFlight; }
  void setConfig(const TopicConfig& config);

  // Roles (partition.cpp). Both return whether the leader epoch is new to this replica.

  base::Result<bool> makeLeader(const controller::PartitionRegistration& registration);
  bool makeFollower(const controller::PartitionRegistration& registration);
  /// The broker no longer has this replica.
  void makeOffline();

  // The log as leader and follower (partition.cpp).

  /// NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS (acks=all), or what the log refuses. Moves the high watermark when no
  /// follower has to be waited for.
  /// `transactionVersion` is for a coordinator's markers (see PartitionLog).
  base::Result<log::AppendInfo> appendAsLeader(const base::SharedBytes& batches, int16_t requiredAcks,
                                               log::AppendOrigin origin = log::AppendOrigin::Client,
                                               int16_t transactionVersion = 0,
                                               std::vector<log::RecordError>* recordErrors = nullptr);
  /// A log without records begins anew with a first batch that contains its end (Kafka: the case of
  /// UnexpectedAppendOffsetException in Partition.appendRecordsToFollowerOrFutureReplica).
  base::Result<log::AppendInfo> appendAsFollower(const base::SharedBytes& batches);
  /// The leader's values in a fetch response.
  void followLeaderOffsets(base::Offset leaderHighWatermark, base::Offset leaderLogStartOffset);
  base::Status truncateTo(base::Offset offset);
  base::Status truncateFullyAndStartAt(base::Offset offset);

  // Moving to another log directory (partition_future.cpp).

  /// The copy there, null when the replica is not on its way. What is cut from the log is cut from the copy too.
  log::PartitionLog* futureLog() const { return m_futureLog; }
  /// A copy with records that the log does not have begins anew.
  base::Status setFutureLog(log::PartitionLog* future);
  /// Copies about so many bytes, and offsets; how many bytes: 0 when the copy has everything. A refusal is the disk's,
  /// of either directory, or that a batch cannot be read.
  base::Result<size_t> copyToFutureLog(size_t bytesMax);
  /// The copy is the log from now on.
  void replaceLog(log::PartitionLog& promoted);

  // Deleting records as leader (partition_delete_records.cpp).

  /// Moves the log start offset to `offset`, or to the high watermark for -1, and returns where it was to go.
  /// NOT_LEADER_OR_FOLLOWER, POLICY_VIOLATION without cleanup.policy delete, OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR.
  base::Result<base::Offset> deleteRecords(base::Offset offset);
  /// The smallest log start offset of the replicas on live brokers; -1 while one of them is unknown.
  base::Offset lowWatermark() const;

  // Reading (partition_read.cpp).

  /// FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH when the requester's epoch is another, then NOT_LEADER_OR_FOLLOWER.
  base::ErrorCode checkEpochAndRole(base::LeaderEpoch currentLeaderEpoch, bool onlyFromLeader) const;
  PartitionFetched fetch(const PartitionFetch& question) const;
  /// As leader: the follower that a consumer in this rack had better read from at this offset, kNoBroker for none. Only
  /// members of the ISR that have the offset are asked for (KIP-392).
  base::BrokerId preferredReadReplica(const std::string& rack, base::Offset fetchOffset) const;
  /// The answer to a consumer that is sent to another replica: the offsets and no records.
  PartitionFetched referToOtherReplica(const PartitionFetch& question) const;
  /// ListOffsets with Kafka's special timestamps; `endOffset` bounds what the asker may see.
  base::Result<log::PartitionLog::OffsetAtTime> offsetForTimestamp(base::TimestampMs timestamp,
                                                                   FetchIsolation isolation) const;

  // What the leader knows of its followers (partition_isr.cpp).

  /// A follower's fetch tells its log end offset. UNKNOWN_LEADER_EPOCH when it is no replica as far as this leader
  /// knows, NOT_LEADER_OR_FOLLOWER when its broker epoch is stale.
  base::ErrorCode updateFollower(base::BrokerId follower, const PartitionFetch& fetch, int64_t brokerEpoch);
  void maybeShrinkIsr();
  /// A broker was fenced, unfenced or is shutting down: the high watermark may no longer have to wait for it.
  void onBrokersChanged() { maybeIncrementHighWatermark(); }
  int32_t effectiveMinIsr() const;
  /// acks=all of records below `requiredOffset`: nullopt while it must wait, else NONE, NOT_LEADER_OR_FOLLOWER or
  /// NOT_ENOUGH_REPLICAS_AFTER_APPEND.
  std::optional<base::ErrorCode> acksAllOutcome(base::Offset requiredOffset) const;

 private:
  enum class Role : uint8_t { Offline, Leader, Follower };

  void becomeEpoch(const controller::PartitionRegistration& registration, Role role);
  void setHighWatermark(base::Offset offset);
  bool beginsBeforeEmptyLog(base::ByteView batches) const;
  /// False when the log starts there or later.
  base::Result<bool> moveLogStart(base::Offset offset, const std::string& reason);
  /// Tells the trace and the listener when it is not `from` any more.
  void noteHighWatermark(base::Offset from);
  void traceAppend(const log::AppendInfo& info, bool asLeader);
  /// Tells the listener when the refusal is the disk's.
  void noteRefusal(const base::Error& error) const;
  base::Status checkMayAppend(int16_t requiredAcks) const;
  tl::unexpected<base::Error> refuseAppend(base::Error error) const;

  FollowerState* findFollower(base::BrokerId id);
  bool maybeIncrementHighWatermark();
  /// KnownBug::HighWatermarkPastIsr.
  bool followFastestReplica();
  void maybeExpandIsr(const FollowerState& follower);
  bool isEligibleForIsr(const FollowerState& follower) const;
  void proposeIsr(std::vector<base::BrokerId> isr);
  void sendProposal();
  void onIsrDecision(const base::Result<IsrDecision, base::ErrorCode>& decision, uint64_t proposal);
  void commitIsr(std::vector<base::BrokerId> isr, int32_t partitionEpoch);

  // Constant.
  PartitionContext& m_context;
  const base::TopicPartition m_name;
  const base::Uuid m_topicId;
  const WatchKey m_key;
  /// Another one once the replica has moved to another log directory.
  log::PartitionLog* m_log;
  log::PartitionLog* m_futureLog = nullptr;

  // From the metadata log.
  TopicConfig m_config;
  Role m_role = Role::Offline;
  base::BrokerId m_leaderId = base::kNoBroker;
  base::LeaderEpoch m_leaderEpoch = base::kNoEpoch;
  int32_t m_partitionEpoch = -1;
  std::vector<base::BrokerId> m_replicas;

  // As leader.
  base::Offset m_leaderEpochStartOffset = base::kNoOffset;
  std::vector<FollowerState> m_followers;
  /// Committed by the controller.
  std::vector<base::BrokerId> m_isr;
  std::vector<base::BrokerId> m_maximalIsr;
  bool m_isProposalInFlight = false;
  std::vector<base::BrokerId> m_proposedIsr;
  /// Counts proposals and whatever overtakes them; a decision about an older number is ignored.
  uint64_t m_proposalNumber = 0;
};

}  // namespace streamscope::broker
