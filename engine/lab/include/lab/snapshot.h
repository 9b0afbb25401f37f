#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "base/virtual_time.h"
#include "world/address.h"
#include "world/link_conditions.h"
#include "world/trace.h"

namespace streamscope::lab {

// Everything anybody can see of a cluster at one moment, as values. Vectors are sorted by id or name.

enum class NodeCondition : uint8_t { Down, Starting, Running, Fenced, Paused, Stopping };

struct SegmentState {
  base::Offset baseOffset = 0, endOffset = 0;
  uint64_t bytes = 0;
};

/// What is wrong with a node's disk.
struct DiskState {
  bool isFull = false, isFailing = false, losesSyncs = false;
  /// What each operation takes; 0 when it is as fast as usual.
  base::Duration operationLatency{0};
  bool operator==(const DiskState&) const = default;
};
/// How far a node's calendar is ahead of the world's (behind when negative) and goes away from it.
struct ClockState {
  base::Duration offset{0};
  int32_t driftPpm = 0;
  bool operator==(const ClockState&) const = default;
};

/// One replica of a partition on one broker, as that broker sees it.
struct ReplicaState {
  base::TopicPartition partition;
  base::BrokerId broker = 0;
  bool isLeader = false;
  bool isInSync = false;
  bool isPreferredLeader = false;
  base::LeaderEpoch leaderEpoch = -1;
  base::Offset logStartOffset = 0, highWatermark = 0, logEndOffset = 0;
  uint64_t bytes = 0;
  std::vector<SegmentState> segments;
  /// Place in BrokerState::logDirectories.
  int32_t logDirectory = 0;
  /// Its log directory has failed; it stands where it was last seen.
  bool isOffline = false;
};

/// One of a broker's log directories (log.dirs).
struct LogDirectoryState {
  /// Below the broker's directory; "" when it is that directory.
  std::string name;
  base::Uuid id;
  /// Empty, or why it is offline.
  std::string failure;
};

struct BrokerState {
  base::BrokerId id = 0;
  NodeCondition condition = NodeCondition::Down;
  /// Since when it has been in this condition.
  base::VirtualTime since{};
  int64_t brokerEpoch = -1;
  /// 0 without a listener for real clients.
  uint16_t port = 0;
  int32_t externalConnections = 0;
  /// broker.rack, "" when it is in none.
  std::string rack;
  /// Empty, or why it halted: its last log directory, or one it cannot do without, is offline.
  std::string logDirectoryFailure;
  /// In the order of log.dirs; empty while its process does not run.
  std::vector<LogDirectoryState> logDirectories;
  DiskState disk;
  ClockState clock;
  /// Sorted by topic, partition. A broker that is down keeps its last known replicas.
  std::vector<ReplicaState> replicas;
};

struct PartitionState {
  base::TopicPartition partition;
  base::BrokerId leader = -1;
  base::LeaderEpoch leaderEpoch = 0;
  int32_t partitionEpoch = 0;
  std::vector<base::BrokerId> replicas, isr;
  /// Of a reassignment that is under way, both among `replicas`.
  std::vector<base::BrokerId> addingReplicas, removingReplicas;
};
struct TopicState {
  std::string name;
  base::Uuid id;
  bool isInternal = false;
  int16_t replicationFactor = 0;
  int32_t minInsyncReplicas = 1;
  /// Those set on the topic.
  std::map<std::string, std::string> configs;
  std::vector<PartitionState> partitions;
};

/// A controller's part in the metadata quorum (Kafka: EpochState's subclasses).
enum class ControllerRole : uint8_t { Unattached, Prospective, Candidate, Leader, Follower, Resigned };

struct ControllerState {
  int32_t id = 0;
  NodeCondition condition = NodeCondition::Running;
  bool isActive = true;
  int32_t epoch = 0;
  base::Offset metadataLogEndOffset = 0;
  DiskState disk;
  ClockState clock;
  ControllerRole role = ControllerRole::Leader;
  /// Who leads the epoch, as far as this controller knows; -1 for nobody.
  int32_t leaderId = -1;
  base::Offset metadataLogStartOffset = 0, metadataHighWatermark = 0;
};

struct ProducerState {
  std::string name;
  int32_t clientId = 0;
  std::string topic;
  int16_t acks = -1;
  double recordsPerSecondWanted = 0;
  double recordsPerSecond = 0;
  int64_t producerId = -1;
  int16_t producerEpoch = -1;
  int64_t recordsSent = 0, recordsAcknowledged = 0, recordsFailed = 0, recordsInFlight = 0, retries = 0;
  bool isRunning = true;
};
/// A member of a group, by its coordinator's account.
struct GroupMemberState {
  std::string memberId;
  /// Empty unless it is a static member.
  std::string groupInstanceId;
  std::string clientId, clientHost;
  /// Gives the others their partitions (classic protocol).
  bool isLeader = false;
  /// Of a consumer group (KIP-848), else -1.
  int32_t memberEpoch = -1;
  std::vector<std::string> subscribedTopics;
  /// Sorted.
  std::vector<base::TopicPartition> assignment;
  /// Where it is going, of a consumer group.
  std::vector<base::TopicPartition> targetAssignment;
};
struct CommittedOffsetState {
  base::TopicPartition partition;
  base::Offset offset = 0;
  base::TimestampMs commitTimestamp = 0;
  std::string metadata;
};
struct GroupState {
  std::string id;
  /// The broker that answers for it, and the partition it does that with.
  base::BrokerId coordinator = -1;
  base::TopicPartition coordinatorPartition;
  /// "Classic" or "Consumer", and "Stable" and the like, as Kafka's tools write them.
  std::string type, state;
  /// "consumer", or whatever else its members are; "" when nobody ever joined.
  std::string protocolType;
  /// The assignor, "" until one is chosen.
  std::string protocol;
  /// The epoch of a consumer group.
  int32_t generation = 0;
  /// In the order of their ids.
  std::vector<GroupMemberState> members;
  /// Sorted by partition.
  std::vector<CommittedOffsetState> offsets;
};
struct ConsumerPartitionState {
  base::TopicPartition partition;
  base::Offset position = 0;
  base::Offset highWatermark = 0;
  /// The follower it reads from, -1 for the leader.
  base::BrokerId readReplica = -1;
  /// What its group has committed, as far as this member knows; -1 for nothing.
  base::Offset committedOffset = -1;
  int64_t lag() const { return highWatermark > position ? highWatermark - position : 0; }
};
/// Where a member of a group stands (Kafka: AbstractCoordinator.MemberState); None is no member.
enum class MembershipState : uint8_t { None, Unjoined, PreparingRebalance, CompletingRebalance, Stable };
struct ConsumerState {
  std::string name;
  int32_t clientId = 0;
  std::string group;
  std::string topic;
  double recordsPerSecond = 0;
  int64_t recordsConsumed = 0;
  std::vector<ConsumerPartitionState> partitions;
  bool isRunning = true;
  bool isPaused = false;
  MembershipState membership = MembershipState::None;
  std::string memberId, groupInstanceId;
  int32_t generation = -1;
  /// The assignor that the group chose, "" before it did.
  std::string assignor;
  /// It assigns the partitions of its group.
  bool isGroupLeader = false;
  /// Why it ended by itself, as a sentence; "" while it has not.
  std::string failure;
};
/// A real client's connection.
struct ExternalClientState {
  world::Address address;
  base::BrokerId broker = 0;
  /// client.id and software name and version, once it told them.
  std::string clientId, software, peer;
  int64_t requests = 0;
  int64_t bytesIn = 0, bytesOut = 0;
  /// Last API it called, "" before the first.
  std::string lastApi;
  /// What it does to which partitions, from its last Produce or Fetch; for drawing links.
  std::vector<base::TopicPartition> producesTo, fetchesFrom;
};

struct CutLinkState {
  world::Address a, b;
  /// Which of the directions are cut; at least one is.
  bool isCutFromA = true, isCutFromB = true;
};
/// One direction of a link that carries otherwise than usual in this lab.
struct LinkState {
  world::Address from, to;
  world::LinkConditions conditions;
};

/// A message between two nodes that has left and has not arrived at `time`.
struct MessageInFlight {
  world::EventId sentEvent = 0;
  world::Address from, to;
  protocol::ApiKey api{};
  bool isResponse = false;
  base::VirtualTime sent{}, due{};
  uint32_t recordBytes = 0;
  base::TopicPartition partition;
};

/// Totals since the beginning, for charts: a rate is a difference over time.
struct Counters {
  int64_t recordsProduced = 0, recordsConsumed = 0;
  int64_t bytesIn = 0, bytesOut = 0;
  int32_t underReplicatedPartitions = 0, offlinePartitions = 0;
  int64_t totalLag = 0;
};

struct Snapshot {
  base::VirtualTime time{};
  uint64_t seed = 0;
  std::string labName;
  std::string clusterId;
  /// Position in the trace: every event up to here is in this picture.
  world::EventId lastEvent = 0;
  std::vector<ControllerState> controllers;
  std::vector<BrokerState> brokers;
  std::vector<TopicState> topics;
  std::vector<ProducerState> producers;
  std::vector<ConsumerState> consumers;
  /// Those whose coordinator runs.
  std::vector<GroupState> groups;
  std::vector<ExternalClientState> externalClients;
  std::vector<CutLinkState> cutLinks;
  /// Sorted by from, to.
  std::vector<LinkState> links;
  std::vector<MessageInFlight> inFlight;
  Counters counters;

  /// "localhost:9092,localhost:9093,localhost:9094", empty without listeners.
  std::string bootstrapServers() const;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace streamscope::lab
