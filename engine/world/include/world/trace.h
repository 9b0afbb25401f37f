#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "protocol/api_key.h"
#include "world/address.h"

namespace streamscope::world {

/// Position of an event in the trace of its world, from 1 on. 0: none (the world's beginning, or a command).
using EventId = uint64_t;

// What can happen, one struct an event kind, named as Kafka names the thing. `fields` lists every member once; the
// hash, the text form and the JSON form all come from that list (world/trace_fields.h).

/// A request left `from`; it arrives at `due` unless the link drops it. `recordBytes` is 0 where no records travel.
struct RequestSent {
  Address from, to;
  protocol::ApiKey api{};
  int16_t version = 0;
  int32_t correlationId = 0;
  base::VirtualTime due{};
  uint32_t recordBytes = 0;
  /// The partition when the request is about exactly one, else empty: for drawing and filtering.
  base::TopicPartition partition;
};
struct RequestReceived {
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
};
struct ResponseSent {
  Address from, to;
  protocol::ApiKey api{};
  int16_t version = 0;
  int32_t correlationId = 0;
  base::VirtualTime due{};
  uint32_t recordBytes = 0;
  /// The first error inside, 0 when all went well.
  int16_t errorCode = 0;
};
struct ResponseReceived {
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  int16_t errorCode = 0;
};
/// A request that ended without a response.
struct RequestFailed {
  enum class Reason : uint8_t { TimedOut, Disconnected };
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  Reason reason{};
};
/// A message that never arrives: its link is cut, or its receiver or its connection is gone.
struct MessageDropped {
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
};
/// The link lost a message so often and TCP sent it again each time; it arrives so much later.
struct MessageRetransmitted {
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  int32_t times = 0;
  int64_t delayUs = 0;
};
/// The link delivers a request a second time, at `due`.
struct MessageDuplicated {
  Address from, to;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  base::VirtualTime due{};
};

struct ConnectionOpened {
  Address client, broker;
  std::string peer;
};
struct ConnectionClosed {
  Address client, broker;
  std::string reason;
};

/// [firstOffset, lastOffset] is in the replica's log now.
struct RecordsAppended {
  Address node;
  base::TopicPartition partition;
  base::Offset firstOffset = 0, lastOffset = 0;
  uint32_t bytes = 0;
  base::LeaderEpoch leaderEpoch = 0;
  bool asLeader = false;
};
/// A leader did not take a client's batch, and why.
struct RecordsRefused {
  Address node;
  base::TopicPartition partition;
  int16_t errorCode = 0;
  std::string reason;
};
struct DuplicateSeen {
  Address node;
  base::TopicPartition partition;
  int64_t producerId = -1;
  base::Offset firstOffset = 0;
};
struct HighWatermarkMoved {
  Address node;
  base::TopicPartition partition;
  base::Offset from = 0, to = 0;
};
struct LogTruncated {
  Address node;
  base::TopicPartition partition;
  base::Offset from = 0, to = 0;
};
/// The log goes on in a new segment; `reason` names the config that decided.
struct SegmentRolled {
  Address node;
  base::TopicPartition partition;
  base::Offset baseOffset = 0;
  std::string reason;
};
/// Retention took the segment [baseOffset, endOffset) by the rule in `reason`; its files are called `*.deleted` now.
struct SegmentDeleted {
  Address node;
  base::TopicPartition partition;
  base::Offset baseOffset = 0, endOffset = 0;
  uint64_t bytes = 0;
  std::string reason;
};
/// Records below `to` can no longer be read; `reason` as Kafka's LogStartOffsetIncrementReason.
struct LogStartOffsetMoved {
  Address node;
  base::TopicPartition partition;
  base::Offset from = 0, to = 0;
  std::string reason;
};
/// What was deleted a while ago left the disk: so many files of a log, or one directory. `name` is the first.
struct DeletedFilesRemoved {
  Address node;
  base::TopicPartition partition;
  std::string name;
  int32_t count = 0;
};
/// The log cleaner begins with the compacted log that is the dirtiest; `reason` names the config that decided.
struct LogCleaningStarted {
  Address node;
  base::TopicPartition partition;
  /// Everything below was cleaned before; from `firstUncleanableOffset` on nothing may be touched yet.
  base::Offset firstDirtyOffset = 0, firstUncleanableOffset = 0;
  uint64_t cleanBytes = 0, dirtyBytes = 0;
  std::string reason;
};
/// ... and has cleaned it up to `endOffset`: of the records read so many were written again. `keys` are the different
/// ones in the part that was dirty.
struct LogCleaned {
  Address node;
  base::TopicPartition partition;
  base::Offset firstDirtyOffset = 0, endOffset = 0;
  uint64_t recordsRead = 0, recordsWritten = 0;
  uint64_t bytesRead = 0, bytesWritten = 0;
  uint64_t keys = 0;
  uint64_t segmentsBefore = 0, segmentsAfter = 0;
};
/// A log that could not be cleaned; the broker passes it over from now on.
struct LogCleaningFailed {
  Address node;
  base::TopicPartition partition;
  std::string reason;
};
struct LogRecovered {
  Address node;
  base::TopicPartition partition;
  base::Offset logEndOffset = 0;
  uint64_t bytesCut = 0;
  std::string reason;
};
/// A controller wrote a snapshot of the metadata log, which stands for every record below its end offset.
struct MetadataSnapshotWritten {
  Address node;
  base::Offset endOffset = 0;
  base::LeaderEpoch epoch = 0;
  uint64_t bytes = 0;
  std::string reason;
};
/// A controller has read a whole snapshot from the leader of the metadata quorum and goes on from its end offset.
struct MetadataSnapshotFetched {
  Address node, leader;
  base::Offset endOffset = 0;
  base::LeaderEpoch epoch = 0;
  uint64_t bytes = 0;
};
/// A snapshot of the metadata log is no longer needed; `reason` names the config that decided.
struct MetadataSnapshotDeleted {
  Address node;
  base::Offset endOffset = 0;
  base::LeaderEpoch epoch = 0;
  std::string reason;
};
/// A record of the metadata log, written by a newer Kafka, that this program does not know and goes without.
struct MetadataRecordSkipped {
  Address node;
  base::Offset offset = 0;
  std::string reason;
};
/// A broker starts and one of the files its log directory has as a whole (a checkpoint, the clean-shutdown marker)
/// cannot be read: it goes on without what the file said.
struct LogDirectoryFileDamaged {
  Address node;
  std::string file;
  std::string reason;
};
/// The last log directory of a node failed, or the one that it cannot do without: it halts.
struct LogDirectoryFailed {
  Address node;
  std::string reason;
};
/// One of several log directories of a broker failed: so many replicas are offline and the broker goes on.
struct LogDirectoryOffline {
  Address node;
  /// Its name below the node's directory and its id.
  std::string directory, id;
  int32_t replicas = 0;
  std::string reason;
};
/// The controller has written down in which of its log directories a broker keeps a replica (KIP-858).
struct ReplicaDirectoryAssigned {
  Address broker;
  base::TopicPartition partition;
  std::string id;
};
/// A broker begins to copy a replica to another of its log directories (Kafka: a future replica) ...
struct FutureReplicaCreated {
  Address node;
  base::TopicPartition partition;
  std::string from, to;
};
/// ... the copy has caught up and is the replica now ...
struct FutureReplicaPromoted {
  Address node;
  base::TopicPartition partition;
  std::string from, to;
  base::Offset endOffset = 0;
};
/// ... or it is given up.
struct FutureReplicaRemoved {
  Address node;
  base::TopicPartition partition;
  std::string directory;
  std::string reason;
};
/// The rate of replication that throttled replicas may have (KIP-73) is used up in this role, or is not any more.
struct ReplicationThrottled {
  Address node;
  bool asLeader = false;
  bool isThrottled = false;
  /// What was measured and what is allowed.
  int64_t bytesPerSecond = 0, bytesPerSecondMax = 0;
};

/// A request waits in purgatory (until the offset is replicated, until there is enough to fetch) ...
struct PurgatoryEntered {
  Address node;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  base::TopicPartition partition;
  base::Offset waitsFor = 0;
};
/// ... and stops waiting.
struct PurgatoryLeft {
  Address node;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  bool timedOut = false;
};

struct TopicCreated {
  std::string topic;
  int32_t partitions = 0;
  int16_t replicationFactor = 0;
};
struct TopicDeleted {
  std::string topic;
};
/// A topic has more partitions from now on.
struct PartitionsAdded {
  std::string topic;
  int32_t partitionsBefore = 0, partitions = 0;
};
/// A config was set, or deleted (`value` is then empty), in the metadata log. `resource` is "topic orders", "broker 1"
/// or "brokers", the default of all.
struct ConfigChanged {
  std::string resource;
  std::string key;
  std::string value;
  bool isDeleted = false;
};
/// The controller's decision about a reassignment ("started", "completed", "cancelled"): all replicas from now on, and
/// which of them are still to come into the ISR or to be taken away.
struct PartitionReassigned {
  base::TopicPartition partition;
  std::string change;
  std::vector<base::BrokerId> replicas, addingReplicas, removingReplicas;
};
/// A broker gives up its replica of a partition that goes on elsewhere; the files are deleted.
struct ReplicaRemoved {
  Address node;
  base::TopicPartition partition;
};
/// The controller's decision about a partition; every PartitionRecord and PartitionChangeRecord gives one.
struct PartitionChanged {
  base::TopicPartition partition;
  base::BrokerId leaderBefore = -1, leader = -1;
  base::LeaderEpoch leaderEpoch = 0;
  int32_t partitionEpoch = 0;
  std::vector<base::BrokerId> isrBefore, isr;
};
/// A broker took up or gave up leadership of a partition after it saw the metadata.
struct LeadershipChanged {
  Address node;
  base::TopicPartition partition;
  base::LeaderEpoch leaderEpoch = 0;
  bool isLeader = false;
};

/// A coordinator has read a partition of its internal topic from the beginning and answers for what lives there ...
struct CoordinatorLoaded {
  Address node;
  base::TopicPartition partition;
  base::LeaderEpoch leaderEpoch = 0;
  int64_t records = 0;
};
/// ... and does no longer.
struct CoordinatorUnloaded {
  Address node;
  base::TopicPartition partition;
  base::LeaderEpoch leaderEpoch = 0;
  std::string reason;
};
/// A group has another state ("PreparingRebalance", "Stable", ...). The generation is the epoch of a consumer group
/// (KIP-848).
struct GroupStateChanged {
  Address node;
  std::string group;
  std::string from, to;
  int32_t generation = 0;
  std::string reason;
};
/// A member is known to the coordinator from now on. `groupInstanceId` is empty unless it is a static one.
struct GroupMemberJoined {
  Address node;
  std::string group;
  std::string memberId, groupInstanceId;
  std::string clientId, clientHost;
  int32_t generation = 0;
};
/// A member left, was expired or was replaced; `reason` says which.
struct GroupMemberLeft {
  Address node;
  std::string group;
  std::string memberId, groupInstanceId;
  int32_t generation = 0;
  std::string reason;
};
/// The members of this generation have to join again.
struct GroupRebalanceStarted {
  Address node;
  std::string group;
  int32_t generation = 0;
  std::string reason;
};
/// A generation has its members and its assignor ("range") and, where members assign, the one that does.
struct GroupRebalanceCompleted {
  Address node;
  std::string group;
  int32_t generation = 0;
  int32_t members = 0;
  std::string protocol;
  std::string leaderId;
};
/// What a member owns in this generation; of a consumer group, in this epoch of the member.
struct GroupMemberAssigned {
  Address node;
  std::string group;
  std::string memberId;
  int32_t generation = 0;
  std::vector<base::TopicPartition> partitions;
};
/// A group's offset of a partition is committed: the records below were processed.
struct OffsetCommitted {
  Address node;
  std::string group;
  /// Empty, and generation -1, when whoever committed is no member.
  std::string memberId;
  int32_t generation = -1;
  base::TopicPartition partition;
  base::Offset offset = 0;
};
/// A committed offset is forgotten: it expired, was deleted, or its topic or group was.
struct CommittedOffsetRemoved {
  Address node;
  std::string group;
  base::TopicPartition partition;
  base::Offset offset = 0;
  std::string reason;
};

struct BrokerRegistered {
  Address broker;
  int64_t brokerEpoch = 0;
};
struct BrokerFenced {
  Address broker;
  std::string reason;
};
struct BrokerUnfenced {
  Address broker;
};
struct ControllerElected {
  Address controller;
  int32_t epoch = 0;
};

/// A voter of a metadata quorum of several has changed its role ("Follower", "Prospective", ...) or its epoch.
struct QuorumRoleChanged {
  Address node;
  std::string from, to;
  int32_t epoch = 0;
  /// -1 while nobody is known to lead in this epoch.
  int32_t leaderId = -1;
  std::string reason;
};
/// A voter was asked for its vote, or for a pre-vote, which binds nobody (KIP-996).
struct QuorumVoteAnswered {
  Address voter, candidate;
  int32_t epoch = 0;
  bool isPreVote = false;
  bool isGranted = false;
  /// Why not, else empty.
  std::string reason;
};

struct NodeStarted {
  Address node;
};
struct NodeStopped {
  enum class Manner : uint8_t { Killed, Gracefully, LostPower };
  Address node;
  Manner manner{};
};
struct NodePaused {
  Address node;
};
struct NodeResumed {
  Address node;
};
struct LinkCut {
  Address from, to;
};
struct LinkHealed {
  Address from, to;
};
/// The conditions of a link in this direction (world/link_conditions.h) from now on.
struct LinkConditionsChanged {
  Address from, to;
  int64_t latencyUs = 0, jitterUs = 0;
  int32_t lossPerMille = 0, duplicatePerMille = 0;
  /// 0: as much as comes.
  int64_t bytesPerSecond = 0;
};
/// A node's calendar is ahead of the world's by `offsetUs` (behind when negative) and gains `driftPpm` microseconds in
/// each second from now on.
struct ClockChanged {
  Address node;
  int64_t offsetUs = 0;
  int32_t driftPpm = 0;
};
/// How a node's disk behaves from now on.
struct DiskConditionsChanged {
  Address node;
  bool isFull = false;
  /// Every operation refuses with an input/output error.
  bool isFailing = false;
  /// Every sync says that it is done and does nothing.
  bool losesSyncs = false;
  /// Each operation keeps its node busy for so long.
  int64_t operationLatencyUs = 0;
};
/// What a power failure took from a node's disk: changes of names and files that were not synced. Files that could be
/// written back in part count too.
struct UnsyncedChangesLost {
  Address node;
  int32_t names = 0, files = 0;
  /// By which the files are shorter than they were.
  uint64_t bytes = 0;
};
/// A node that is down has a new, empty disk.
struct DiskReplaced {
  Address node;
};
/// One bit of a file at rest is the other one now.
struct BitFlipped {
  Address node;
  std::string file;
  uint64_t position = 0;
  int32_t bit = 0;
};
/// A node will answer the next `times` requests of this kind with an error; all partitions when none is named.
struct ErrorsInjected {
  Address node;
  protocol::ApiKey api{};
  base::TopicPartition partition;
  int16_t errorCode = 0;
  int32_t times = 0;
};
/// One of them was answered; so many are left.
struct InjectedErrorUsed {
  Address node, requester;
  protocol::ApiKey api{};
  int32_t correlationId = 0;
  int16_t errorCode = 0;
  int32_t timesLeft = 0;
};

/// A simulated producer's record was acknowledged, or given up.
struct RecordsAcknowledged {
  Address client;
  base::TopicPartition partition;
  base::Offset firstOffset = 0;
  int32_t records = 0;
};
struct RecordsFailed {
  Address client;
  base::TopicPartition partition;
  int32_t records = 0;
  int16_t errorCode = 0;
};
/// A simulated consumer read up to (not including) `position`.
struct RecordsConsumed {
  Address client;
  base::TopicPartition partition;
  base::Offset position = 0;
  int32_t records = 0;
};

/// A simulated consumer reads a partition from another replica from now on (KIP-392); -1 is the leader, whoever it is.
struct ReadReplicaChanged {
  Address client;
  base::TopicPartition partition;
  base::BrokerId from = -1, to = -1;
  std::string reason;
};

/// A command from outside: its JSON form, as in the lab file.
/// A member of a group reads `assigned` from now on; `added` of these are new to it.
struct PartitionsAssigned {
  Address client;
  std::string group;
  std::string memberId;
  int32_t generation = -1;
  std::vector<base::TopicPartition> added, assigned;
};
/// A member stops reading partitions so that others may, after it committed its offsets if it commits by itself.
struct PartitionsRevoked {
  Address client;
  std::string group;
  int32_t generation = -1;
  std::vector<base::TopicPartition> partitions;
  std::string reason;
};
/// A member stops reading partitions that others may have by now: its membership ended behind its back.
struct PartitionsLost {
  Address client;
  std::string group;
  std::vector<base::TopicPartition> partitions;
  std::string reason;
};
/// Why a consumer (re)joins its group, as it tells the coordinator (KIP-800).
struct RejoinRequested {
  Address client;
  std::string group;
  std::string reason;
};
/// The application did not ask for records for longer than max.poll.interval.ms, so its consumer leaves the group.
struct PollIntervalExceeded {
  Address client;
  std::string group;
  int64_t maxPollIntervalMs = 0;
};
struct OffsetCommitFailed {
  Address client;
  std::string group;
  int16_t errorCode = 0;
  std::string reason;
};
/// A consumer ended with an error that its application would see as an exception.
struct ConsumerFailed {
  Address client;
  int16_t errorCode = 0;
  std::string reason;
};
struct CommandExecuted {
  std::string command;
  /// Empty when it was carried out, else why not.
  std::string refusal;
};

using EventPayload = std::variant<
    RequestSent, RequestReceived, ResponseSent, ResponseReceived, RequestFailed, MessageDropped, MessageRetransmitted,
    MessageDuplicated, ConnectionOpened, ConnectionClosed, RecordsAppended, RecordsRefused, DuplicateSeen,
    HighWatermarkMoved, LogTruncated, SegmentRolled, LogCleaningStarted, LogCleaned, LogCleaningFailed, SegmentDeleted,
    LogStartOffsetMoved, DeletedFilesRemoved, LogRecovered, MetadataSnapshotWritten, MetadataSnapshotFetched,
    MetadataSnapshotDeleted, MetadataRecordSkipped, LogDirectoryFileDamaged, LogDirectoryFailed, LogDirectoryOffline,
    ReplicaDirectoryAssigned, FutureReplicaCreated, FutureReplicaPromoted, FutureReplicaRemoved, ReplicationThrottled,
    PurgatoryEntered, PurgatoryLeft, TopicCreated, TopicDeleted, PartitionsAdded, ConfigChanged, PartitionReassigned,
    ReplicaRemoved, PartitionChanged, LeadershipChanged, CoordinatorLoaded, CoordinatorUnloaded, GroupStateChanged,
    GroupMemberJoined, GroupMemberLeft, GroupRebalanceStarted, GroupRebalanceCompleted, GroupMemberAssigned,
    OffsetCommitted, CommittedOffsetRemoved, BrokerRegistered, BrokerFenced, BrokerUnfenced, ControllerElected,
    QuorumRoleChanged, QuorumVoteAnswered, NodeStarted, NodeStopped, NodePaused, NodeResumed, LinkCut, LinkHealed,
    LinkConditionsChanged, ClockChanged, DiskConditionsChanged, UnsyncedChangesLost, DiskReplaced, BitFlipped,
    ErrorsInjected, InjectedErrorUsed, RecordsAcknowledged, RecordsFailed, RecordsConsumed, ReadReplicaChanged,
    PartitionsAssigned, PartitionsRevoked, PartitionsLost, RejoinRequested, PollIntervalExceeded, OffsetCommitFailed,
    ConsumerFailed, CommandExecuted>;

/// One thing that happened, when, and because of which earlier event.
struct TraceEvent {
  EventId id = 0;
  EventId cause = 0;
  base::VirtualTime time{};
  EventPayload payload;
};

/// Where nodes report what happens. `record` stamps the event with the next id, the world's time and the event that is
/// being handled now as its cause, hands it to the subscribers and returns the id.
class Trace {
 public:
  virtual ~Trace() = default;
  virtual EventId record(EventPayload payload) = 0;
  /// The event being handled now; everything recorded meanwhile has it as its cause.
  virtual EventId currentCause() const = 0;

 protected:
  friend class CauseScope;
  /// Sets the current cause and returns the one before. A Trace that keeps no causes need not override it.
  virtual EventId replaceCause(EventId cause) { return cause; }
};

}  // namespace streamscope::world
