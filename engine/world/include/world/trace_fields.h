#pragma once

#include "world/trace.h"

namespace streamscope::world {

// The fields of every event kind, once, in their order. A visitor has
//
//   void kind(std::string_view name);                        called first
//   template <class Value> void operator()(std::string_view name, const Value& value);
//
// for Address, protocol::ApiKey, integers, bool, base::VirtualTime, std::string, base::TopicPartition, a vector of
// either broker ids or partitions and the enums inside event kinds. The hash (world/trace_hash.h), the JSON form
// (world/trace_json.h) and whatever else must know every field come from here. The structured bindings make the
// compiler count: a member that is missing from its list does not build.

template <class Visitor>
void visitFields(const RequestSent& event, Visitor& visit) {
  const auto& [from, to, api, version, correlationId, due, recordBytes, partition] = event;
  visit.kind("RequestSent");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("version", version);
  visit("correlationId", correlationId);
  visit("due", due);
  visit("recordBytes", recordBytes);
  visit("partition", partition);
}

template <class Visitor>
void visitFields(const RequestReceived& event, Visitor& visit) {
  const auto& [from, to, api, correlationId] = event;
  visit.kind("RequestReceived");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
}

template <class Visitor>
void visitFields(const ResponseSent& event, Visitor& visit) {
  const auto& [from, to, api, version, correlationId, due, recordBytes, errorCode] = event;
  visit.kind("ResponseSent");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("version", version);
  visit("correlationId", correlationId);
  visit("due", due);
  visit("recordBytes", recordBytes);
  visit("errorCode", errorCode);
}

template <class Visitor>
void visitFields(const ResponseReceived& event, Visitor& visit) {
  const auto& [from, to, api, correlationId, errorCode] = event;
  visit.kind("ResponseReceived");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("errorCode", errorCode);
}

template <class Visitor>
void visitFields(const RequestFailed& event, Visitor& visit) {
  const auto& [from, to, api, correlationId, reason] = event;
  visit.kind("RequestFailed");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const MessageDropped& event, Visitor& visit) {
  const auto& [from, to, api, correlationId] = event;
  visit.kind("MessageDropped");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
}

template <class Visitor>
void visitFields(const MessageRetransmitted& event, Visitor& visit) {
  const auto& [from, to, api, correlationId, times, delayUs] = event;
  visit.kind("MessageRetransmitted");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("times", times);
  visit("delayUs", delayUs);
}

template <class Visitor>
void visitFields(const MessageDuplicated& event, Visitor& visit) {
  const auto& [from, to, api, correlationId, due] = event;
  visit.kind("MessageDuplicated");
  visit("from", from);
  visit("to", to);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("due", due);
}

template <class Visitor>
void visitFields(const ConnectionOpened& event, Visitor& visit) {
  const auto& [client, broker, peer] = event;
  visit.kind("ConnectionOpened");
  visit("client", client);
  visit("broker", broker);
  visit("peer", peer);
}

template <class Visitor>
void visitFields(const ConnectionClosed& event, Visitor& visit) {
  const auto& [client, broker, reason] = event;
  visit.kind("ConnectionClosed");
  visit("client", client);
  visit("broker", broker);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const RecordsAppended& event, Visitor& visit) {
  const auto& [node, partition, firstOffset, lastOffset, bytes, leaderEpoch, asLeader] = event;
  visit.kind("RecordsAppended");
  visit("node", node);
  visit("partition", partition);
  visit("firstOffset", firstOffset);
  visit("lastOffset", lastOffset);
  visit("bytes", bytes);
  visit("leaderEpoch", leaderEpoch);
  visit("asLeader", asLeader);
}

template <class Visitor>
void visitFields(const RecordsRefused& event, Visitor& visit) {
  const auto& [node, partition, errorCode, reason] = event;
  visit.kind("RecordsRefused");
  visit("node", node);
  visit("partition", partition);
  visit("errorCode", errorCode);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const DuplicateSeen& event, Visitor& visit) {
  const auto& [node, partition, producerId, firstOffset] = event;
  visit.kind("DuplicateSeen");
  visit("node", node);
  visit("partition", partition);
  visit("producerId", producerId);
  visit("firstOffset", firstOffset);
}

template <class Visitor>
void visitFields(const HighWatermarkMoved& event, Visitor& visit) {
  const auto& [node, partition, from, to] = event;
  visit.kind("HighWatermarkMoved");
  visit("node", node);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
}

template <class Visitor>
void visitFields(const LogTruncated& event, Visitor& visit) {
  const auto& [node, partition, from, to] = event;
  visit.kind("LogTruncated");
  visit("node", node);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
}

template <class Visitor>
void visitFields(const SegmentRolled& event, Visitor& visit) {
  const auto& [node, partition, baseOffset, reason] = event;
  visit.kind("SegmentRolled");
  visit("node", node);
  visit("partition", partition);
  visit("baseOffset", baseOffset);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const SegmentDeleted& event, Visitor& visit) {
  const auto& [node, partition, baseOffset, endOffset, bytes, reason] = event;
  visit.kind("SegmentDeleted");
  visit("node", node);
  visit("partition", partition);
  visit("baseOffset", baseOffset);
  visit("endOffset", endOffset);
  visit("bytes", bytes);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogStartOffsetMoved& event, Visitor& visit) {
  const auto& [node, partition, from, to, reason] = event;
  visit.kind("LogStartOffsetMoved");
  visit("node", node);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const DeletedFilesRemoved& event, Visitor& visit) {
  const auto& [node, partition, name, count] = event;
  visit.kind("DeletedFilesRemoved");
  visit("node", node);
  visit("partition", partition);
  visit("name", name);
  visit("count", count);
}

template <class Visitor>
void visitFields(const LogCleaningStarted& event, Visitor& visit) {
  const auto& [node, partition, firstDirtyOffset, firstUncleanableOffset, cleanBytes, dirtyBytes, reason] = event;
  visit.kind("LogCleaningStarted");
  visit("node", node);
  visit("partition", partition);
  visit("firstDirtyOffset", firstDirtyOffset);
  visit("firstUncleanableOffset", firstUncleanableOffset);
  visit("cleanBytes", cleanBytes);
  visit("dirtyBytes", dirtyBytes);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogCleaned& event, Visitor& visit) {
  const auto& [node, partition, firstDirtyOffset, endOffset, recordsRead, recordsWritten, bytesRead, bytesWritten, keys,
               segmentsBefore, segmentsAfter] = event;
  visit.kind("LogCleaned");
  visit("node", node);
  visit("partition", partition);
  visit("firstDirtyOffset", firstDirtyOffset);
  visit("endOffset", endOffset);
  visit("recordsRead", recordsRead);
  visit("recordsWritten", recordsWritten);
  visit("bytesRead", bytesRead);
  visit("bytesWritten", bytesWritten);
  visit("keys", keys);
  visit("segmentsBefore", segmentsBefore);
  visit("segmentsAfter", segmentsAfter);
}

template <class Visitor>
void visitFields(const LogCleaningFailed& event, Visitor& visit) {
  const auto& [node, partition, reason] = event;
  visit.kind("LogCleaningFailed");
  visit("node", node);
  visit("partition", partition);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogRecovered& event, Visitor& visit) {
  const auto& [node, partition, logEndOffset, bytesCut, reason] = event;
  visit.kind("LogRecovered");
  visit("node", node);
  visit("partition", partition);
  visit("logEndOffset", logEndOffset);
  visit("bytesCut", bytesCut);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const MetadataSnapshotWritten& event, Visitor& visit) {
  const auto& [node, endOffset, epoch, bytes, reason] = event;
  visit.kind("MetadataSnapshotWritten");
  visit("node", node);
  visit("endOffset", endOffset);
  visit("epoch", epoch);
  visit("bytes", bytes);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const MetadataSnapshotFetched& event, Visitor& visit) {
  const auto& [node, leader, endOffset, epoch, bytes] = event;
  visit.kind("MetadataSnapshotFetched");
  visit("node", node);
  visit("leader", leader);
  visit("endOffset", endOffset);
  visit("epoch", epoch);
  visit("bytes", bytes);
}

template <class Visitor>
void visitFields(const MetadataSnapshotDeleted& event, Visitor& visit) {
  const auto& [node, endOffset, epoch, reason] = event;
  visit.kind("MetadataSnapshotDeleted");
  visit("node", node);
  visit("endOffset", endOffset);
  visit("epoch", epoch);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const MetadataRecordSkipped& event, Visitor& visit) {
  const auto& [node, offset, reason] = event;
  visit.kind("MetadataRecordSkipped");
  visit("node", node);
  visit("offset", offset);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogDirectoryFileDamaged& event, Visitor& visit) {
  const auto& [node, file, reason] = event;
  visit.kind("LogDirectoryFileDamaged");
  visit("node", node);
  visit("file", file);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogDirectoryFailed& event, Visitor& visit) {
  const auto& [node, reason] = event;
  visit.kind("LogDirectoryFailed");
  visit("node", node);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const LogDirectoryOffline& event, Visitor& visit) {
  const auto& [node, directory, id, replicas, reason] = event;
  visit.kind("LogDirectoryOffline");
  visit("node", node);
  visit("directory", directory);
  visit("id", id);
  visit("replicas", replicas);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const ReplicaDirectoryAssigned& event, Visitor& visit) {
  const auto& [broker, partition, id] = event;
  visit.kind("ReplicaDirectoryAssigned");
  visit("broker", broker);
  visit("partition", partition);
  visit("id", id);
}

template <class Visitor>
void visitFields(const FutureReplicaCreated& event, Visitor& visit) {
  const auto& [node, partition, from, to] = event;
  visit.kind("FutureReplicaCreated");
  visit("node", node);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
}

template <class Visitor>
void visitFields(const FutureReplicaPromoted& event, Visitor& visit) {
  const auto& [node, partition, from, to, endOffset] = event;
  visit.kind("FutureReplicaPromoted");
  visit("node", node);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
  visit("endOffset", endOffset);
}

template <class Visitor>
void visitFields(const FutureReplicaRemoved& event, Visitor& visit) {
  const auto& [node, partition, directory, reason] = event;
  visit.kind("FutureReplicaRemoved");
  visit("node", node);
  visit("partition", partition);
  visit("directory", directory);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const ReplicationThrottled& event, Visitor& visit) {
  const auto& [node, asLeader, isThrottled, bytesPerSecond, bytesPerSecondMax] = event;
  visit.kind("ReplicationThrottled");
  visit("node", node);
  visit("asLeader", asLeader);
  visit("isThrottled", isThrottled);
  visit("bytesPerSecond", bytesPerSecond);
  visit("bytesPerSecondMax", bytesPerSecondMax);
}

template <class Visitor>
void visitFields(const PurgatoryEntered& event, Visitor& visit) {
  const auto& [node, api, correlationId, partition, waitsFor] = event;
  visit.kind("PurgatoryEntered");
  visit("node", node);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("partition", partition);
  visit("waitsFor", waitsFor);
}

template <class Visitor>
void visitFields(const PurgatoryLeft& event, Visitor& visit) {
  const auto& [node, api, correlationId, timedOut] = event;
  visit.kind("PurgatoryLeft");
  visit("node", node);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("timedOut", timedOut);
}

template <class Visitor>
void visitFields(const TopicCreated& event, Visitor& visit) {
  const auto& [topic, partitions, replicationFactor] = event;
  visit.kind("TopicCreated");
  visit("topic", topic);
  visit("partitions", partitions);
  visit("replicationFactor", replicationFactor);
}

template <class Visitor>
void visitFields(const TopicDeleted& event, Visitor& visit) {
  const auto& [topic] = event;
  visit.kind("TopicDeleted");
  visit("topic", topic);
}

template <class Visitor>
void visitFields(const PartitionsAdded& event, Visitor& visit) {
  const auto& [topic, partitionsBefore, partitions] = event;
  visit.kind("PartitionsAdded");
  visit("topic", topic);
  visit("partitionsBefore", partitionsBefore);
  visit("partitions", partitions);
}

template <class Visitor>
void visitFields(const ConfigChanged& event, Visitor& visit) {
  const auto& [resource, key, value, isDeleted] = event;
  visit.kind("ConfigChanged");
  visit("resource", resource);
  visit("key", key);
  visit("value", value);
  visit("isDeleted", isDeleted);
}

template <class Visitor>
void visitFields(const PartitionReassigned& event, Visitor& visit) {
  const auto& [partition, change, replicas, addingReplicas, removingReplicas] = event;
  visit.kind("PartitionReassigned");
  visit("partition", partition);
  visit("change", change);
  visit("replicas", replicas);
  visit("addingReplicas", addingReplicas);
  visit("removingReplicas", removingReplicas);
}

template <class Visitor>
void visitFields(const ReplicaRemoved& event, Visitor& visit) {
  const auto& [node, partition] = event;
  visit.kind("ReplicaRemoved");
  visit("node", node);
  visit("partition", partition);
}

template <class Visitor>
void visitFields(const PartitionChanged& event, Visitor& visit) {
  const auto& [partition, leaderBefore, leader, leaderEpoch, partitionEpoch, isrBefore, isr] = event;
  visit.kind("PartitionChanged");
  visit("partition", partition);
  visit("leaderBefore", leaderBefore);
  visit("leader", leader);
  visit("leaderEpoch", leaderEpoch);
  visit("partitionEpoch", partitionEpoch);
  visit("isrBefore", isrBefore);
  visit("isr", isr);
}

template <class Visitor>
void visitFields(const LeadershipChanged& event, Visitor& visit) {
  const auto& [node, partition, leaderEpoch, isLeader] = event;
  visit.kind("LeadershipChanged");
  visit("node", node);
  visit("partition", partition);
  visit("leaderEpoch", leaderEpoch);
  visit("isLeader", isLeader);
}

template <class Visitor>
void visitFields(const CoordinatorLoaded& event, Visitor& visit) {
  const auto& [node, partition, leaderEpoch, records] = event;
  visit.kind("CoordinatorLoaded");
  visit("node", node);
  visit("partition", partition);
  visit("leaderEpoch", leaderEpoch);
  visit("records", records);
}

template <class Visitor>
void visitFields(const CoordinatorUnloaded& event, Visitor& visit) {
  const auto& [node, partition, leaderEpoch, reason] = event;
  visit.kind("CoordinatorUnloaded");
  visit("node", node);
  visit("partition", partition);
  visit("leaderEpoch", leaderEpoch);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const GroupStateChanged& event, Visitor& visit) {
  const auto& [node, group, from, to, generation, reason] = event;
  visit.kind("GroupStateChanged");
  visit("node", node);
  visit("group", group);
  visit("from", from);
  visit("to", to);
  visit("generation", generation);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const GroupMemberJoined& event, Visitor& visit) {
  const auto& [node, group, memberId, groupInstanceId, clientId, clientHost, generation] = event;
  visit.kind("GroupMemberJoined");
  visit("node", node);
  visit("group", group);
  visit("memberId", memberId);
  visit("groupInstanceId", groupInstanceId);
  visit("clientId", clientId);
  visit("clientHost", clientHost);
  visit("generation", generation);
}

template <class Visitor>
void visitFields(const GroupMemberLeft& event, Visitor& visit) {
  const auto& [node, group, memberId, groupInstanceId, generation, reason] = event;
  visit.kind("GroupMemberLeft");
  visit("node", node);
  visit("group", group);
  visit("memberId", memberId);
  visit("groupInstanceId", groupInstanceId);
  visit("generation", generation);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const GroupRebalanceStarted& event, Visitor& visit) {
  const auto& [node, group, generation, reason] = event;
  visit.kind("GroupRebalanceStarted");
  visit("node", node);
  visit("group", group);
  visit("generation", generation);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const GroupRebalanceCompleted& event, Visitor& visit) {
  const auto& [node, group, generation, members, protocol, leaderId] = event;
  visit.kind("GroupRebalanceCompleted");
  visit("node", node);
  visit("group", group);
  visit("generation", generation);
  visit("members", members);
  visit("protocol", protocol);
  visit("leaderId", leaderId);
}

template <class Visitor>
void visitFields(const GroupMemberAssigned& event, Visitor& visit) {
  const auto& [node, group, memberId, generation, partitions] = event;
  visit.kind("GroupMemberAssigned");
  visit("node", node);
  visit("group", group);
  visit("memberId", memberId);
  visit("generation", generation);
  visit("partitions", partitions);
}

template <class Visitor>
void visitFields(const OffsetCommitted& event, Visitor& visit) {
  const auto& [node, group, memberId, generation, partition, offset] = event;
  visit.kind("OffsetCommitted");
  visit("node", node);
  visit("group", group);
  visit("memberId", memberId);
  visit("generation", generation);
  visit("partition", partition);
  visit("offset", offset);
}

template <class Visitor>
void visitFields(const CommittedOffsetRemoved& event, Visitor& visit) {
  const auto& [node, group, partition, offset, reason] = event;
  visit.kind("CommittedOffsetRemoved");
  visit("node", node);
  visit("group", group);
  visit("partition", partition);
  visit("offset", offset);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const BrokerRegistered& event, Visitor& visit) {
  const auto& [broker, brokerEpoch] = event;
  visit.kind("BrokerRegistered");
  visit("broker", broker);
  visit("brokerEpoch", brokerEpoch);
}

template <class Visitor>
void visitFields(const BrokerFenced& event, Visitor& visit) {
  const auto& [broker, reason] = event;
  visit.kind("BrokerFenced");
  visit("broker", broker);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const BrokerUnfenced& event, Visitor& visit) {
  const auto& [broker] = event;
  visit.kind("BrokerUnfenced");
  visit("broker", broker);
}

template <class Visitor>
void visitFields(const ControllerElected& event, Visitor& visit) {
  const auto& [controller, epoch] = event;
  visit.kind("ControllerElected");
  visit("controller", controller);
  visit("epoch", epoch);
}

template <class Visitor>
void visitFields(const QuorumRoleChanged& event, Visitor& visit) {
  const auto& [node, from, to, epoch, leaderId, reason] = event;
  visit.kind("QuorumRoleChanged");
  visit("node", node);
  visit("from", from);
  visit("to", to);
  visit("epoch", epoch);
  visit("leaderId", leaderId);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const QuorumVoteAnswered& event, Visitor& visit) {
  const auto& [voter, candidate, epoch, isPreVote, isGranted, reason] = event;
  visit.kind("QuorumVoteAnswered");
  visit("voter", voter);
  visit("candidate", candidate);
  visit("epoch", epoch);
  visit("isPreVote", isPreVote);
  visit("isGranted", isGranted);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const NodeStarted& event, Visitor& visit) {
  const auto& [node] = event;
  visit.kind("NodeStarted");
  visit("node", node);
}

template <class Visitor>
void visitFields(const NodeStopped& event, Visitor& visit) {
  const auto& [node, manner] = event;
  visit.kind("NodeStopped");
  visit("node", node);
  visit("manner", manner);
}

template <class Visitor>
void visitFields(const NodePaused& event, Visitor& visit) {
  const auto& [node] = event;
  visit.kind("NodePaused");
  visit("node", node);
}

template <class Visitor>
void visitFields(const NodeResumed& event, Visitor& visit) {
  const auto& [node] = event;
  visit.kind("NodeResumed");
  visit("node", node);
}

template <class Visitor>
void visitFields(const LinkCut& event, Visitor& visit) {
  const auto& [from, to] = event;
  visit.kind("LinkCut");
  visit("from", from);
  visit("to", to);
}

template <class Visitor>
void visitFields(const LinkHealed& event, Visitor& visit) {
  const auto& [from, to] = event;
  visit.kind("LinkHealed");
  visit("from", from);
  visit("to", to);
}

template <class Visitor>
void visitFields(const LinkConditionsChanged& event, Visitor& visit) {
  const auto& [from, to, latencyUs, jitterUs, lossPerMille, duplicatePerMille, bytesPerSecond] = event;
  visit.kind("LinkConditionsChanged");
  visit("from", from);
  visit("to", to);
  visit("latencyUs", latencyUs);
  visit("jitterUs", jitterUs);
  visit("lossPerMille", lossPerMille);
  visit("duplicatePerMille", duplicatePerMille);
  visit("bytesPerSecond", bytesPerSecond);
}

template <class Visitor>
void visitFields(const ClockChanged& event, Visitor& visit) {
  const auto& [node, offsetUs, driftPpm] = event;
  visit.kind("ClockChanged");
  visit("node", node);
  visit("offsetUs", offsetUs);
  visit("driftPpm", driftPpm);
}

template <class Visitor>
void visitFields(const DiskConditionsChanged& event, Visitor& visit) {
  const auto& [node, isFull, isFailing, losesSyncs, operationLatencyUs] = event;
  visit.kind("DiskConditionsChanged");
  visit("node", node);
  visit("isFull", isFull);
  visit("isFailing", isFailing);
  visit("losesSyncs", losesSyncs);
  visit("operationLatencyUs", operationLatencyUs);
}

template <class Visitor>
void visitFields(const UnsyncedChangesLost& event, Visitor& visit) {
  const auto& [node, names, files, bytes] = event;
  visit.kind("UnsyncedChangesLost");
  visit("node", node);
  visit("names", names);
  visit("files", files);
  visit("bytes", bytes);
}

template <class Visitor>
void visitFields(const DiskReplaced& event, Visitor& visit) {
  const auto& [node] = event;
  visit.kind("DiskReplaced");
  visit("node", node);
}

template <class Visitor>
void visitFields(const BitFlipped& event, Visitor& visit) {
  const auto& [node, file, position, bit] = event;
  visit.kind("BitFlipped");
  visit("node", node);
  visit("file", file);
  visit("position", position);
  visit("bit", bit);
}

template <class Visitor>
void visitFields(const ErrorsInjected& event, Visitor& visit) {
  const auto& [node, api, partition, errorCode, times] = event;
  visit.kind("ErrorsInjected");
  visit("node", node);
  visit("api", api);
  visit("partition", partition);
  visit("errorCode", errorCode);
  visit("times", times);
}

template <class Visitor>
void visitFields(const InjectedErrorUsed& event, Visitor& visit) {
  const auto& [node, requester, api, correlationId, errorCode, timesLeft] = event;
  visit.kind("InjectedErrorUsed");
  visit("node", node);
  visit("requester", requester);
  visit("api", api);
  visit("correlationId", correlationId);
  visit("errorCode", errorCode);
  visit("timesLeft", timesLeft);
}

template <class Visitor>
void visitFields(const RecordsAcknowledged& event, Visitor& visit) {
  const auto& [client, partition, firstOffset, records] = event;
  visit.kind("RecordsAcknowledged");
  visit("client", client);
  visit("partition", partition);
  visit("firstOffset", firstOffset);
  visit("records", records);
}

template <class Visitor>
void visitFields(const RecordsFailed& event, Visitor& visit) {
  const auto& [client, partition, records, errorCode] = event;
  visit.kind("RecordsFailed");
  visit("client", client);
  visit("partition", partition);
  visit("records", records);
  visit("errorCode", errorCode);
}

template <class Visitor>
void visitFields(const RecordsConsumed& event, Visitor& visit) {
  const auto& [client, partition, position, records] = event;
  visit.kind("RecordsConsumed");
  visit("client", client);
  visit("partition", partition);
  visit("position", position);
  visit("records", records);
}

template <class Visitor>
void visitFields(const ReadReplicaChanged& event, Visitor& visit) {
  const auto& [client, partition, from, to, reason] = event;
  visit.kind("ReadReplicaChanged");
  visit("client", client);
  visit("partition", partition);
  visit("from", from);
  visit("to", to);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const PartitionsAssigned& event, Visitor& visit) {
  const auto& [client, group, memberId, generation, added, assigned] = event;
  visit.kind("PartitionsAssigned");
  visit("client", client);
  visit("group", group);
  visit("memberId", memberId);
  visit("generation", generation);
  visit("added", added);
  visit("assigned", assigned);
}

template <class Visitor>
void visitFields(const PartitionsRevoked& event, Visitor& visit) {
  const auto& [client, group, generation, partitions, reason] = event;
  visit.kind("PartitionsRevoked");
  visit("client", client);
  visit("group", group);
  visit("generation", generation);
  visit("partitions", partitions);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const PartitionsLost& event, Visitor& visit) {
  const auto& [client, group, partitions, reason] = event;
  visit.kind("PartitionsLost");
  visit("client", client);
  visit("group", group);
  visit("partitions", partitions);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const RejoinRequested& event, Visitor& visit) {
  const auto& [client, group, reason] = event;
  visit.kind("RejoinRequested");
  visit("client", client);
  visit("group", group);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const PollIntervalExceeded& event, Visitor& visit) {
  const auto& [client, group, maxPollIntervalMs] = event;
  visit.kind("PollIntervalExceeded");
  visit("client", client);
  visit("group", group);
  visit("maxPollIntervalMs", maxPollIntervalMs);
}

template <class Visitor>
void visitFields(const OffsetCommitFailed& event, Visitor& visit) {
  const auto& [client, group, errorCode, reason] = event;
  visit.kind("OffsetCommitFailed");
  visit("client", client);
  visit("group", group);
  visit("errorCode", errorCode);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const ConsumerFailed& event, Visitor& visit) {
  const auto& [client, errorCode, reason] = event;
  visit.kind("ConsumerFailed");
  visit("client", client);
  visit("errorCode", errorCode);
  visit("reason", reason);
}

template <class Visitor>
void visitFields(const CommandExecuted& event, Visitor& visit) {
  const auto& [command, refusal] = event;
  visit.kind("CommandExecuted");
  visit("command", command);
  visit("refusal", refusal);
}

template <class Visitor>
void visitFields(const EventPayload& payload, Visitor& visit) {
  std::visit([&visit](const auto& event) { visitFields(event, visit); }, payload);
}

}  // namespace streamscope::world
