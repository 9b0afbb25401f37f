#include "world/trace_text.h"

#include <cstdlib>
#include <string_view>

#include "base/error_code.h"
#include "protocol/api_key.h"

namespace streamscope::world {
namespace {

std::string operator+(std::string text, const Address& address) {
  return std::move(text) + address.toString();
}
std::string operator+(std::string text, const base::TopicPartition& partition) {
  return std::move(text) + partition.toString();
}

std::string number(int64_t value) {
  return std::to_string(value);
}

std::string message(protocol::ApiKey api, int32_t correlationId) {
  return std::string(protocol::apiName(api)) + " (" + number(correlationId) + ")";
}
std::string message(protocol::ApiKey api, int16_t version, int32_t correlationId) {
  return std::string(protocol::apiName(api)) + " v" + number(version) + " (" + number(correlationId) + ")";
}

std::string withRecords(uint32_t recordBytes) {
  return recordBytes == 0 ? std::string() : " with " + number(recordBytes) + " bytes of records";
}

std::string withError(int16_t errorCode) {
  if (errorCode == 0) return {};
  return ": " + std::string(base::errorName(static_cast<base::ErrorCode>(errorCode)));
}

std::string milliseconds(int64_t microseconds) {
  std::string text = number(microseconds / 1000);
  if (const int64_t rest = std::abs(microseconds % 1000); rest != 0) {
    std::string digits = std::to_string(1000 + rest).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text = (microseconds < 0 && microseconds > -1000 ? "-" : "") + text + "." + digits;
  }
  return text + " ms";
}

std::string because(const std::string& reason) {
  return reason.empty() ? std::string() : ": " + reason;
}

std::string brokerList(const std::vector<base::BrokerId>& brokers) {
  std::string text = "[";
  for (const base::BrokerId broker : brokers) {
    if (text.size() > 1) text += ' ';
    text += number(broker);
  }
  return text + "]";
}

std::string partitionList(const std::vector<base::TopicPartition>& partitions) {
  std::string text = "[";
  for (const base::TopicPartition& partition : partitions) {
    if (text.size() > 1) text += ' ';
    text += partition.toString();
  }
  return text + "]";
}

std::string leaderName(base::BrokerId leader) {
  return leader < 0 ? "none" : "broker " + number(leader);
}

template <class GroupEvent>
std::string inGroup(const GroupEvent& e) {
  return e.node.toString() + ", group " + e.group + ": ";
}
template <class MemberEvent>
std::string memberName(const MemberEvent& e) {
  return e.groupInstanceId.empty() ? e.memberId : e.groupInstanceId + " as " + e.memberId;
}

std::string tell(const RequestSent& e) {
  std::string text = e.from.toString() + " -> " + e.to + ": " + message(e.api, e.version, e.correlationId);
  if (!e.partition.topic.empty()) text = std::move(text) + " for " + e.partition;
  return text + withRecords(e.recordBytes);
}
std::string tell(const RequestReceived& e) {
  return e.to.toString() + " received " + message(e.api, e.correlationId) + " from " + e.from;
}
std::string tell(const ResponseSent& e) {
  return e.from.toString() + " -> " + e.to + ": answer to " + message(e.api, e.version, e.correlationId) +
         withRecords(e.recordBytes) + withError(e.errorCode);
}
std::string tell(const ResponseReceived& e) {
  return e.to.toString() + " received the answer to " + message(e.api, e.correlationId) + " from " + e.from +
         withError(e.errorCode);
}
std::string tell(const RequestFailed& e) {
  return e.from.toString() + ": " + message(e.api, e.correlationId) + " to " + e.to +
         (e.reason == RequestFailed::Reason::TimedOut ? " timed out" : " failed, disconnected");
}
std::string tell(const MessageDropped& e) {
  return message(e.api, e.correlationId) + " from " + e.from + " to " + e.to + " was lost";
}
std::string tell(const MessageRetransmitted& e) {
  return message(e.api, e.correlationId) + " from " + e.from + " to " + e.to + " was lost " +
         (e.times == 1 ? std::string("once") : number(e.times) + " times") + " and sent again by TCP, " +
         milliseconds(e.delayUs) + " later";
}
std::string tell(const MessageDuplicated& e) {
  return message(e.api, e.correlationId) + " from " + e.from + " to " + e.to + " will arrive twice";
}
std::string tell(const ConnectionOpened& e) {
  return e.client.toString() + " (" + e.peer + ") connected to " + e.broker;
}
std::string tell(const ConnectionClosed& e) {
  return "connection of " + e.client.toString() + " to " + e.broker + " closed" + because(e.reason);
}
std::string tell(const RecordsAppended& e) {
  return e.node.toString() + " appended " + e.partition + " [" + number(e.firstOffset) + ".." + number(e.lastOffset) +
         "], " + number(e.bytes) + " bytes, as " + (e.asLeader ? "leader" : "follower") + " in epoch " +
         number(e.leaderEpoch);
}
std::string tell(const RecordsRefused& e) {
  return e.node.toString() + " refused records for " + e.partition + withError(e.errorCode) + because(e.reason);
}
std::string tell(const DuplicateSeen& e) {
  return e.node.toString() + " saw a duplicate from producer " + number(e.producerId) + " in " + e.partition +
         ", first at offset " + number(e.firstOffset);
}
std::string tell(const HighWatermarkMoved& e) {
  return e.node.toString() + " moved the high watermark of " + e.partition + " from " + number(e.from) + " to " +
         number(e.to);
}
std::string tell(const LogTruncated& e) {
  return e.node.toString() + " truncated " + e.partition + " from " + number(e.from) + " to " + number(e.to);
}
std::string tell(const SegmentRolled& e) {
  return e.node.toString() + " rolled " + e.partition + " to a new segment at offset " + number(e.baseOffset) +
         because(e.reason);
}
std::string tell(const SegmentDeleted& e) {
  return e.node.toString() + " deleted the segment " + e.partition + " [" + number(e.baseOffset) + ".." +
         number(e.endOffset - 1) + "], " + std::to_string(e.bytes) + " bytes" + because(e.reason);
}
std::string tell(const LogStartOffsetMoved& e) {
  return e.node.toString() + " moved the log start of " + e.partition + " from " + number(e.from) + " to " +
         number(e.to) + because(e.reason);
}
std::string tell(const DeletedFilesRemoved& e) {
  return e.node.toString() + " removed " + e.name +
         (e.count > 1 ? " and " + number(e.count - 1) + " more files" : std::string()) + " of " + e.partition;
}
std::string tell(const LogCleaningStarted& e) {
  return e.node.toString() + " cleans " + e.partition + " from " + number(e.firstDirtyOffset) + " to below " +
         number(e.firstUncleanableOffset) + because(e.reason);
}
std::string tell(const LogCleaned& e) {
  return e.node.toString() + " cleaned " + e.partition + " up to " + number(e.endOffset) + ": kept " +
         std::to_string(e.recordsWritten) + " of " + std::to_string(e.recordsRead) + " records, " +
         std::to_string(e.bytesWritten) + " of " + std::to_string(e.bytesRead) + " bytes";
}
std::string tell(const LogCleaningFailed& e) {
  return e.node.toString() + " cannot clean " + e.partition + because(e.reason);
}
std::string tell(const LogRecovered& e) {
  std::string text = e.node.toString() + " recovered " + e.partition + " to log end offset " + number(e.logEndOffset);
  if (e.bytesCut > 0) text += ", " + std::to_string(e.bytesCut) + " bytes cut";
  return text + because(e.reason);
}
std::string tell(const MetadataSnapshotWritten& e) {
  return e.node.toString() + " wrote a snapshot of the metadata log to offset " + number(e.endOffset) + " (epoch " +
         number(e.epoch) + ", " + std::to_string(e.bytes) + " bytes)" + because(e.reason);
}
std::string tell(const MetadataSnapshotFetched& e) {
  return e.node.toString() + " fetched the snapshot to offset " + number(e.endOffset) + " (epoch " + number(e.epoch) +
         ", " + std::to_string(e.bytes) + " bytes) from " + e.leader.toString();
}
std::string tell(const MetadataSnapshotDeleted& e) {
  return e.node.toString() + " deleted the snapshot to offset " + number(e.endOffset) + " (epoch " + number(e.epoch) +
         ")" + because(e.reason);
}
std::string tell(const MetadataRecordSkipped& e) {
  return e.node.toString() + " skipped the metadata record at offset " + number(e.offset) + because(e.reason);
}
std::string tell(const LogDirectoryFileDamaged& e) {
  return e.node.toString() + " goes on without " + e.file + because(e.reason);
}
std::string tell(const LogDirectoryFailed& e) {
  return "log directory of " + e.node.toString() + " is offline" + because(e.reason);
}
std::string tell(const LogDirectoryOffline& e) {
  return "log directory " + e.directory + " of " + e.node.toString() + " is offline with " + number(e.replicas) +
         " replicas" + because(e.reason);
}
std::string tell(const ReplicaDirectoryAssigned& e) {
  return e.broker.toString() + " keeps " + e.partition.toString() + " in its log directory " + e.id;
}
std::string tell(const FutureReplicaCreated& e) {
  return e.node.toString() + " begins to copy " + e.partition.toString() + " from " + e.from + " to " + e.to;
}
std::string tell(const FutureReplicaPromoted& e) {
  return e.node.toString() + " has " + e.partition.toString() + " in " + e.to + " now, up to offset " +
         number(e.endOffset) + ", not in " + e.from;
}
std::string tell(const FutureReplicaRemoved& e) {
  return e.node.toString() + " gives up the copy of " + e.partition.toString() + " in " + e.directory +
         because(e.reason);
}
std::string tell(const ReplicationThrottled& e) {
  return e.node.toString() + (e.isThrottled ? " holds back" : " no longer holds back") + " throttled replication as " +
         (e.asLeader ? "leader" : "follower") + " at " + number(e.bytesPerSecond) + " of " +
         number(e.bytesPerSecondMax) + " bytes a second";
}
std::string tell(const PurgatoryEntered& e) {
  return e.node.toString() + ": " + message(e.api, e.correlationId) + " waits for offset " + number(e.waitsFor) +
         " of " + e.partition;
}
std::string tell(const PurgatoryLeft& e) {
  return e.node.toString() + ": " + message(e.api, e.correlationId) +
         (e.timedOut ? " waited as long as it may" : " need wait no longer");
}
std::string tell(const TopicCreated& e) {
  return "topic " + e.topic + " created with " + number(e.partitions) + " partitions, replication factor " +
         number(e.replicationFactor);
}
std::string tell(const TopicDeleted& e) {
  return "topic " + e.topic + " deleted";
}
std::string tell(const PartitionsAdded& e) {
  return "topic " + e.topic + " grows from " + number(e.partitionsBefore) + " to " + number(e.partitions) +
         " partitions";
}
std::string tell(const ConfigChanged& e) {
  return e.resource + ": " + e.key + (e.isDeleted ? " is no longer set" : " is now \"" + e.value + "\"");
}
std::string tell(const PartitionReassigned& e) {
  std::string text = e.partition.toString() + ": reassignment " + e.change + ", replicas " + brokerList(e.replicas);
  if (!e.addingReplicas.empty()) text += ", adding " + brokerList(e.addingReplicas);
  if (!e.removingReplicas.empty()) text += ", removing " + brokerList(e.removingReplicas);
  return text;
}
std::string tell(const ReplicaRemoved& e) {
  return e.node.toString() + " removes its replica of " + e.partition;
}
std::string tell(const PartitionChanged& e) {
  std::string text = e.partition.toString() + ": ";
  text += e.leader == e.leaderBefore ? "leader " + leaderName(e.leader)
                                     : "leader " + leaderName(e.leaderBefore) + " -> " + leaderName(e.leader);
  text += " in epoch " + number(e.leaderEpoch) + ", ISR ";
  if (e.isr != e.isrBefore) text += brokerList(e.isrBefore) + " -> ";
  return text + brokerList(e.isr) + ", partition epoch " + number(e.partitionEpoch);
}
std::string tell(const LeadershipChanged& e) {
  return e.node.toString() + (e.isLeader ? " leads " : " follows in ") + e.partition + " in epoch " +
         number(e.leaderEpoch);
}
std::string tell(const CoordinatorLoaded& e) {
  return e.node.toString() + " coordinates what is in " + e.partition + " from epoch " + number(e.leaderEpoch) +
         " on, read from " + number(e.records) + " records";
}
std::string tell(const CoordinatorUnloaded& e) {
  return e.node.toString() + " no longer coordinates what is in " + e.partition + because(e.reason);
}
std::string tell(const GroupStateChanged& e) {
  return inGroup(e) + e.from + " -> " + e.to + ", generation " + number(e.generation) + because(e.reason);
}
std::string tell(const GroupMemberJoined& e) {
  return inGroup(e) + memberName(e) + " joined from " + e.clientHost + " (" + e.clientId + ")";
}
std::string tell(const GroupMemberLeft& e) {
  return inGroup(e) + memberName(e) + " left" + because(e.reason);
}
std::string tell(const GroupRebalanceStarted& e) {
  return inGroup(e) + "generation " + number(e.generation) + " ends in a rebalance" + because(e.reason);
}
std::string tell(const GroupRebalanceCompleted& e) {
  std::string text = inGroup(e) + "generation " + number(e.generation) + " has " + number(e.members) +
                     (e.members == 1 ? " member" : " members");
  if (!e.protocol.empty()) text += " and the assignor " + e.protocol;
  return e.leaderId.empty() ? text : text + ", led by " + e.leaderId;
}
std::string tell(const GroupMemberAssigned& e) {
  std::string text = inGroup(e) + e.memberId + " owns in generation " + number(e.generation) + ":";
  for (const base::TopicPartition& partition : e.partitions) text = std::move(text) + " " + partition;
  return e.partitions.empty() ? text + " nothing" : text;
}
std::string tell(const OffsetCommitted& e) {
  return inGroup(e) + "offset " + number(e.offset) + " of " + e.partition + " is committed" +
         (e.memberId.empty() ? std::string() : " by " + e.memberId);
}
std::string tell(const CommittedOffsetRemoved& e) {
  return inGroup(e) + "the committed offset " + number(e.offset) + " of " + e.partition + " is forgotten" +
         because(e.reason);
}
std::string tell(const BrokerRegistered& e) {
  return e.broker.toString() + " registered with broker epoch " + number(e.brokerEpoch);
}
std::string tell(const BrokerFenced& e) {
  return e.broker.toString() + " fenced" + because(e.reason);
}
std::string tell(const BrokerUnfenced& e) {
  return e.broker.toString() + " unfenced";
}
std::string tell(const ControllerElected& e) {
  return e.controller.toString() + " is the active controller in epoch " + number(e.epoch);
}
std::string tell(const QuorumRoleChanged& e) {
  std::string text = e.node.toString() + ": " + e.from + " -> " + e.to + " in epoch " + number(e.epoch);
  if (e.leaderId != -1) text += ", leader " + number(e.leaderId);
  return text + because(e.reason);
}
std::string tell(const QuorumVoteAnswered& e) {
  return e.voter.toString() + (e.isGranted ? " grants " : " refuses ") + e.candidate.toString() +
         (e.isPreVote ? " a pre-vote in epoch " : " its vote in epoch ") + number(e.epoch) + because(e.reason);
}
std::string tell(const NodeStarted& e) {
  return e.node.toString() + " started";
}
std::string tell(const NodeStopped& e) {
  switch (e.manner) {
    case NodeStopped::Manner::Killed:
      return e.node.toString() + " was killed";
    case NodeStopped::Manner::LostPower:
      return e.node.toString() + " lost power";
    case NodeStopped::Manner::Gracefully:
      break;
  }
  return e.node.toString() + " stopped";
}
std::string tell(const NodePaused& e) {
  return e.node.toString() + " paused";
}
std::string tell(const NodeResumed& e) {
  return e.node.toString() + " resumed";
}
std::string tell(const LinkCut& e) {
  return "link from " + e.from.toString() + " to " + e.to + " cut";
}
std::string tell(const LinkHealed& e) {
  return "link from " + e.from.toString() + " to " + e.to + " healed";
}
std::string tell(const LinkConditionsChanged& e) {
  std::string text = "link from " + e.from.toString() + " to " + e.to + " takes " + milliseconds(e.latencyUs);
  if (e.jitterUs > 0) text += " and up to " + milliseconds(e.jitterUs) + " more";
  if (e.lossPerMille > 0) text += ", loses " + number(e.lossPerMille) + " of 1000 messages";
  if (e.duplicatePerMille > 0) text += ", doubles " + number(e.duplicatePerMille) + " of 1000 requests";
  if (e.bytesPerSecond > 0) text += ", carries " + number(e.bytesPerSecond) + " bytes/s";
  return text;
}
std::string tell(const ClockChanged& e) {
  if (e.offsetUs == 0 && e.driftPpm == 0) return "clock of " + e.node.toString() + " is right";
  std::string text = "clock of " + e.node.toString() + " is " + milliseconds(std::abs(e.offsetUs)) +
                     (e.offsetUs < 0 ? " behind" : " ahead");
  if (e.driftPpm != 0)
    text += (e.driftPpm < 0 ? " and loses " : " and gains ") + number(std::abs(e.driftPpm)) + " us in each second";
  return text;
}
std::string tell(const DiskConditionsChanged& e) {
  std::string text;
  if (e.isFull) text += ", is full";
  if (e.isFailing) text += ", fails every operation";
  if (e.losesSyncs) text += ", loses its syncs";
  if (e.operationLatencyUs > 0) text += ", takes " + milliseconds(e.operationLatencyUs) + " for each operation";
  return "disk of " + e.node.toString() + (text.empty() ? " is well" : text.substr(1));
}
std::string tell(const UnsyncedChangesLost& e) {
  if (e.names == 0 && e.files == 0) return "disk of " + e.node.toString() + " lost nothing with the power";
  return "disk of " + e.node.toString() + " lost what was not synced with the power: " + number(e.names) +
         " changes of names, changes in " + number(e.files) + " files, " + std::to_string(e.bytes) + " bytes";
}
std::string tell(const DiskReplaced& e) {
  return e.node.toString() + " has a new, empty disk";
}
std::string tell(const BitFlipped& e) {
  return "bit " + number(e.bit) + " of byte " + std::to_string(e.position) + " in " + e.file + " of " + e.node +
         " flipped";
}
std::string tell(const ErrorsInjected& e) {
  if (e.times == 0)
    return e.node.toString() + " answers " + std::string(protocol::apiName(e.api)) + " requests as ever";
  std::string text = e.node.toString() + " will answer the next " + number(e.times) + " " +
                     std::string(protocol::apiName(e.api)) + " requests";
  if (!e.partition.topic.empty()) text = std::move(text) + " for " + e.partition;
  return text + " with " + std::string(base::errorName(static_cast<base::ErrorCode>(e.errorCode)));
}
std::string tell(const InjectedErrorUsed& e) {
  return e.node.toString() + " answers " + message(e.api, e.correlationId) + " of " + e.requester +
         " with the injected " + std::string(base::errorName(static_cast<base::ErrorCode>(e.errorCode))) + ", " +
         number(e.timesLeft) + " left";
}
std::string tell(const RecordsAcknowledged& e) {
  return e.client.toString() + ": " + number(e.records) + " records of " + e.partition + " acknowledged from offset " +
         number(e.firstOffset);
}
std::string tell(const RecordsFailed& e) {
  return e.client.toString() + ": " + number(e.records) + " records of " + e.partition + " failed" +
         withError(e.errorCode);
}
std::string tell(const RecordsConsumed& e) {
  return e.client.toString() + " consumed " + number(e.records) + " records of " + e.partition + ", position " +
         number(e.position);
}
std::string tell(const ReadReplicaChanged& e) {
  return e.client.toString() + " reads " + e.partition.toString() + " from " +
         (e.to == -1 ? std::string("the leader") : "broker " + number(e.to)) + because(e.reason);
}
std::string tell(const PartitionsAssigned& e) {
  return e.client.toString() + " has " + partitionList(e.assigned) + " in generation " + number(e.generation) +
         " of group " + e.group + ", new " + partitionList(e.added);
}
std::string tell(const PartitionsRevoked& e) {
  return e.client.toString() + " gives up " + partitionList(e.partitions) + " of group " + e.group + because(e.reason);
}
std::string tell(const PartitionsLost& e) {
  return e.client.toString() + " has lost " + partitionList(e.partitions) + " of group " + e.group + because(e.reason);
}
std::string tell(const RejoinRequested& e) {
  return e.client.toString() + " joins group " + e.group + because(e.reason);
}
std::string tell(const PollIntervalExceeded& e) {
  return e.client.toString() + " leaves group " + e.group + ": no poll for " + number(e.maxPollIntervalMs) + " ms";
}
std::string tell(const OffsetCommitFailed& e) {
  return e.client.toString() + " could not commit offsets of group " + e.group + withError(e.errorCode) +
         because(e.reason);
}
std::string tell(const ConsumerFailed& e) {
  return e.client.toString() + " ended" + withError(e.errorCode) + because(e.reason);
}
std::string tell(const CommandExecuted& e) {
  return "command " + e.command + (e.refusal.empty() ? std::string() : " refused: " + e.refusal);
}

}  // namespace

std::string sentence(const EventPayload& payload) {
  return std::visit([](const auto& event) { return tell(event); }, payload);
}

std::string toText(const TraceEvent& event) {
  std::string text = base::formatVirtualTime(event.time) + " #" + std::to_string(event.id);
  if (event.cause != 0) text += " <-#" + std::to_string(event.cause);
  return text + " " + sentence(event.payload);
}

}  // namespace streamscope::world
