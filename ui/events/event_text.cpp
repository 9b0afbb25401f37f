#include "events/event_text.h"

#include <QCoreApplication>

#include "base/error_code.h"
#include "shell/node_names.h"
#include "shell/number_format.h"

namespace streamscope::ui {
namespace {

using namespace world;

QString translated(const char* text) {
  return QCoreApplication::translate("Events", text);
}
QString name(const base::TopicPartition& partition) {
  return QString::fromStdString(partition.toString());
}
QString names(const std::vector<base::TopicPartition>& partitions) {
  QStringList all;
  for (const base::TopicPartition& partition : partitions) all << name(partition);
  return all.isEmpty() ? translated("no partition") : all.join(QStringLiteral(", "));
}
QString api(protocol::ApiKey key) {
  const auto view = protocol::apiName(key);
  return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}
QString error(int16_t code) {
  const auto view = base::errorName(static_cast<base::ErrorCode>(code));
  return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// One overload for each event, in the order of world/trace.h.
struct Teller {
  const lab::Snapshot& snapshot;

  QString node(const Address& address) const { return nodeName(address, snapshot); }
  EventText tell(const Address& address, const QString& text, Role role = Role::Text) const {
    return {node(address), text, role};
  }

  EventText operator()(const RequestSent& e) const {
    const QString about =
        e.partition.topic.empty() ? QString() : QLatin1Char(' ') + name(namedPartition(snapshot, e.partition));
    return tell(e.from, translated("%1 v%2 to %3").arg(api(e.api)).arg(e.version).arg(node(e.to)) + about);
  }
  EventText operator()(const RequestReceived& e) const {
    return tell(e.to, translated("%1 from %2 arrived").arg(api(e.api), node(e.from)), Role::TextMuted);
  }
  EventText operator()(const ResponseSent& e) const {
    const QString text = translated("%1 response to %2").arg(api(e.api), node(e.to));
    return e.errorCode == 0 ? tell(e.from, text)
                            : tell(e.from, text + QStringLiteral(": ") + error(e.errorCode), Role::Failure);
  }
  EventText operator()(const ResponseReceived& e) const {
    return tell(e.to, translated("%1 response from %2 arrived").arg(api(e.api), node(e.from)), Role::TextMuted);
  }
  EventText operator()(const RequestFailed& e) const {
    const QString text = e.reason == RequestFailed::Reason::TimedOut ? translated("%1 to %2 timed out")
                                                                     : translated("%1 to %2: disconnected");
    return tell(e.from, text.arg(api(e.api), node(e.to)), Role::Failure);
  }
  EventText operator()(const MessageDropped& e) const {
    return tell(e.from, translated("%1 to %2 was lost on the link").arg(api(e.api), node(e.to)), Role::Failure);
  }
  EventText operator()(const MessageRetransmitted& e) const {
    return tell(e.from,
                translated("%1 to %2 was lost and sent again: %3 later")
                    .arg(api(e.api), node(e.to), formatDuration(base::Duration(e.delayUs))),
                Role::Warning);
  }
  EventText operator()(const MessageDuplicated& e) const {
    return tell(e.from, translated("%1 to %2 will arrive twice").arg(api(e.api), node(e.to)), Role::Warning);
  }
  EventText operator()(const ConnectionOpened& e) const {
    return tell(e.broker, translated("Real client connected from %1").arg(QString::fromStdString(e.peer)));
  }
  EventText operator()(const ConnectionClosed& e) const {
    return tell(e.broker, translated("Real client's connection closed: %1").arg(QString::fromStdString(e.reason)));
  }
  EventText operator()(const RecordsAppended& e) const {
    return tell(e.node, translated("%1: appended offsets %2 to %3")
                            .arg(name(e.partition), formatCount(e.firstOffset), formatCount(e.lastOffset)));
  }
  EventText operator()(const RecordsRefused& e) const {
    return tell(e.node, translated("%1: refused a batch: %2").arg(name(e.partition), QString::fromStdString(e.reason)),
                Role::Failure);
  }
  EventText operator()(const DuplicateSeen& e) const {
    return tell(e.node,
                translated("%1: producer %2 sent a batch again; kept once").arg(name(e.partition)).arg(e.producerId),
                Role::Warning);
  }
  EventText operator()(const HighWatermarkMoved& e) const {
    return tell(
        e.node,
        translated("%1: high watermark %2 to %3").arg(name(e.partition), formatCount(e.from), formatCount(e.to)));
  }
  EventText operator()(const LogTruncated& e) const {
    return tell(
        e.node,
        translated("%1: log truncated from %2 to %3").arg(name(e.partition), formatCount(e.from), formatCount(e.to)),
        Role::Warning);
  }
  EventText operator()(const SegmentRolled& e) const {
    return tell(e.node, translated("%1: new segment at %2 (%3)")
                            .arg(name(e.partition), formatCount(e.baseOffset), QString::fromStdString(e.reason)));
  }
  EventText operator()(const SegmentDeleted& e) const {
    return tell(e.node, translated("%1: segment %2 deleted (%3)")
                            .arg(name(e.partition), formatCount(e.baseOffset), QString::fromStdString(e.reason)));
  }
  EventText operator()(const LogStartOffsetMoved& e) const {
    return tell(e.node,
                translated("%1: log start %2 to %3 (%4)")
                    .arg(name(e.partition), formatCount(e.from), formatCount(e.to), QString::fromStdString(e.reason)));
  }
  EventText operator()(const DeletedFilesRemoved& e) const {
    return tell(
        e.node,
        translated("%1: deleted files left the disk (%2)").arg(name(e.partition), QString::fromStdString(e.name)),
        Role::TextMuted);
  }
  EventText operator()(const LogCleaningStarted& e) const {
    return tell(e.node, translated("%1: the log cleaner cleans from %2 to below %3: %4")
                            .arg(name(e.partition), formatCount(e.firstDirtyOffset),
                                 formatCount(e.firstUncleanableOffset), QString::fromStdString(e.reason)));
  }
  EventText operator()(const LogCleaned& e) const {
    return tell(e.node, translated("%1: cleaned up to %2, kept %3 of %4 records and %5 of %6")
                            .arg(name(e.partition), formatCount(e.endOffset),
                                 formatCount(static_cast<int64_t>(e.recordsWritten)),
                                 formatCount(static_cast<int64_t>(e.recordsRead)), formatBytes(e.bytesWritten),
                                 formatBytes(e.bytesRead)));
  }
  EventText operator()(const LogCleaningFailed& e) const {
    return tell(e.node, translated("%1 cannot be cleaned: %2").arg(name(e.partition), QString::fromStdString(e.reason)),
                Role::Failure);
  }
  EventText operator()(const LogRecovered& e) const {
    return tell(e.node, translated("%1: log recovered up to %2, %3 cut")
                            .arg(name(e.partition), formatCount(e.logEndOffset), formatBytes(e.bytesCut)));
  }
  EventText operator()(const MetadataSnapshotWritten& e) const {
    return tell(e.node,
                translated("Metadata snapshot up to %1, %2").arg(formatCount(e.endOffset), formatBytes(e.bytes)));
  }
  EventText operator()(const MetadataSnapshotFetched& e) const {
    return tell(e.node, translated("Metadata snapshot up to %1 fetched from %2, %3")
                            .arg(formatCount(e.endOffset), node(e.leader), formatBytes(e.bytes)));
  }
  EventText operator()(const MetadataSnapshotDeleted& e) const {
    return tell(e.node, translated("Metadata snapshot up to %1 deleted").arg(formatCount(e.endOffset)),
                Role::TextMuted);
  }
  EventText operator()(const MetadataRecordSkipped& e) const {
    return tell(
        e.node,
        translated("Metadata record at %1 skipped: %2").arg(formatCount(e.offset), QString::fromStdString(e.reason)),
        Role::Warning);
  }
  EventText operator()(const LogDirectoryFileDamaged& e) const {
    return tell(e.node, translated("Damaged file: %1").arg(QString::fromStdString(e.reason)), Role::Warning);
  }
  EventText operator()(const LogDirectoryFailed& e) const {
    return tell(e.node, translated("Log directory offline: %1").arg(QString::fromStdString(e.reason)), Role::Failure);
  }
  EventText operator()(const LogDirectoryOffline& e) const {
    return tell(e.node,
                translated("Log directory %1 offline: %2")
                    .arg(QString::fromStdString(e.directory), QString::fromStdString(e.reason)),
                Role::Failure);
  }
  EventText operator()(const ReplicaDirectoryAssigned& e) const {
    return tell(e.broker, translated("%1 is in log directory %2").arg(name(e.partition), QString::fromStdString(e.id)),
                Role::TextMuted);
  }
  EventText operator()(const FutureReplicaCreated& e) const {
    return tell(e.node, translated("Copying %1 from %2 to %3")
                            .arg(name(e.partition), QString::fromStdString(e.from), QString::fromStdString(e.to)));
  }
  EventText operator()(const FutureReplicaPromoted& e) const {
    return tell(e.node, translated("%1 is in %2 now, not in %3")
                            .arg(name(e.partition), QString::fromStdString(e.to), QString::fromStdString(e.from)));
  }
  EventText operator()(const FutureReplicaRemoved& e) const {
    return tell(e.node,
                translated("Copy of %1 in %2 given up: %3")
                    .arg(name(e.partition), QString::fromStdString(e.directory), QString::fromStdString(e.reason)),
                Role::Warning);
  }
  EventText operator()(const ReplicationThrottled& e) const {
    if (!e.isThrottled) return tell(e.node, translated("Replication is no longer throttled"));
    return tell(e.node,
                (e.asLeader ? translated("Replication to followers throttled at %1 of %2 B/s")
                            : translated("Replication from leaders throttled at %1 of %2 B/s"))
                    .arg(formatCount(e.bytesPerSecond), formatCount(e.bytesPerSecondMax)),
                Role::Warning);
  }
  EventText operator()(const PurgatoryEntered& e) const {
    return tell(e.node, translated("%1 waits in purgatory for %2").arg(api(e.api), formatCount(e.waitsFor)),
                Role::TextMuted);
  }
  EventText operator()(const PurgatoryLeft& e) const {
    return tell(e.node,
                (e.timedOut ? translated("%1 leaves purgatory: time is up") : translated("%1 leaves purgatory"))
                    .arg(api(e.api)),
                Role::TextMuted);
  }
  EventText operator()(const TopicCreated& e) const {
    return {translated("Controller"), translated("Topic %1 created: %2 partitions, replication factor %3")
                                          .arg(QString::fromStdString(e.topic))
                                          .arg(e.partitions)
                                          .arg(e.replicationFactor)};
  }
  EventText operator()(const TopicDeleted& e) const {
    return {translated("Controller"), translated("Topic %1 deleted").arg(QString::fromStdString(e.topic))};
  }
  EventText operator()(const PartitionsAdded& e) const {
    return {translated("Controller"), translated("Topic %1 grows from %2 to %3 partitions")
                                          .arg(QString::fromStdString(e.topic))
                                          .arg(e.partitionsBefore)
                                          .arg(e.partitions)};
  }
  EventText operator()(const ConfigChanged& e) const {
    const QString resource = QString::fromStdString(e.resource), key = QString::fromStdString(e.key);
    if (e.isDeleted) return {translated("Controller"), translated("%1: %2 is no longer set").arg(resource, key)};
    return {translated("Controller"), translated("%1: %2 = %3").arg(resource, key, QString::fromStdString(e.value))};
  }
  EventText operator()(const PartitionReassigned& e) const {
    QString text;
    if (e.change == "started")
      text = translated("%1: reassignment to replicas %2 started");
    else if (e.change == "completed")
      text = translated("%1: reassignment completed, replicas %2");
    else
      text = translated("%1: reassignment cancelled, replicas %2");
    return {translated("Controller"), text.arg(name(e.partition), brokerList(e.replicas))};
  }
  EventText operator()(const ReplicaRemoved& e) const {
    return tell(e.node, translated("Removes its replica of %1").arg(name(e.partition)));
  }
  EventText operator()(const PartitionChanged& e) const {
    if (e.leader != e.leaderBefore) {
      if (e.leader < 0)
        return {translated("Controller"), translated("%1 has no leader").arg(name(e.partition)), Role::Failure};
      return {translated("Controller"),
              translated("%1: broker %2 leads, epoch %3").arg(name(e.partition)).arg(e.leader).arg(e.leaderEpoch),
              Role::HighWatermark};
    }
    const bool shrinks = e.isr.size() < e.isrBefore.size();
    return {translated("Controller"),
            translated("%1: ISR %2 to %3").arg(name(e.partition), brokerList(e.isrBefore), brokerList(e.isr)),
            shrinks ? Role::OutOfSync : Role::InSync};
  }
  EventText operator()(const LeadershipChanged& e) const {
    return tell(e.node, (e.isLeader ? translated("%1: leads from epoch %2") : translated("%1: follows from epoch %2"))
                            .arg(name(e.partition))
                            .arg(e.leaderEpoch));
  }
  EventText operator()(const CoordinatorLoaded& e) const {
    return tell(e.node, translated("Coordinates the groups of %1, read from %2 records")
                            .arg(name(e.partition), formatCount(e.records)));
  }
  EventText operator()(const CoordinatorUnloaded& e) const {
    return tell(e.node,
                translated("No longer coordinates the groups of %1: %2")
                    .arg(name(e.partition), QString::fromStdString(e.reason)),
                Role::Warning);
  }
  EventText operator()(const GroupStateChanged& e) const {
    return tell(e.node,
                translated("Group %1: %2 to %3, generation %4 (%5)")
                    .arg(QString::fromStdString(e.group), QString::fromStdString(e.from), QString::fromStdString(e.to),
                         QString::number(e.generation), QString::fromStdString(e.reason)));
  }
  EventText operator()(const GroupMemberJoined& e) const {
    return tell(e.node, translated("Group %1: %2 joined from %3")
                            .arg(QString::fromStdString(e.group), QString::fromStdString(e.memberId),
                                 QString::fromStdString(e.clientHost)));
  }
  EventText operator()(const GroupMemberLeft& e) const {
    return tell(
        e.node,
        translated("Group %1: %2 left: %3")
            .arg(QString::fromStdString(e.group), QString::fromStdString(e.memberId), QString::fromStdString(e.reason)),
        Role::Warning);
  }
  EventText operator()(const GroupRebalanceStarted& e) const {
    return tell(
        e.node,
        translated("Group %1: rebalance: %2").arg(QString::fromStdString(e.group), QString::fromStdString(e.reason)),
        Role::Warning);
  }
  EventText operator()(const GroupRebalanceCompleted& e) const {
    return tell(e.node,
                translated("Group %1: generation %2 is complete, members: %3")
                    .arg(QString::fromStdString(e.group), QString::number(e.generation), QString::number(e.members)));
  }
  EventText operator()(const GroupMemberAssigned& e) const {
    QStringList owned;
    for (const base::TopicPartition& partition : e.partitions) owned.append(name(partition));
    return tell(e.node, translated("Group %1: %2 owns %3")
                            .arg(QString::fromStdString(e.group), QString::fromStdString(e.memberId),
                                 owned.isEmpty() ? translated("nothing") : owned.join(QStringLiteral(", "))));
  }
  EventText operator()(const OffsetCommitted& e) const {
    return tell(e.node, translated("Group %1: committed %2 of %3")
                            .arg(QString::fromStdString(e.group), formatCount(e.offset), name(e.partition)));
  }
  EventText operator()(const CommittedOffsetRemoved& e) const {
    return tell(e.node, translated("Group %1: the offset %2 of %3 is forgotten: %4")
                            .arg(QString::fromStdString(e.group), formatCount(e.offset), name(e.partition),
                                 QString::fromStdString(e.reason)));
  }
  EventText operator()(const BrokerRegistered& e) const {
    return tell(e.broker, translated("Registered, broker epoch %1").arg(e.brokerEpoch));
  }
  EventText operator()(const BrokerFenced& e) const {
    return tell(e.broker, translated("Fenced: %1").arg(QString::fromStdString(e.reason)), Role::OutOfSync);
  }
  EventText operator()(const BrokerUnfenced& e) const {
    return tell(e.broker, translated("Unfenced: takes part again"), Role::InSync);
  }
  EventText operator()(const QuorumRoleChanged& e) const {
    return tell(e.node, translated("%1 in epoch %2 (was %3): %4")
                            .arg(QString::fromStdString(e.to))
                            .arg(e.epoch)
                            .arg(QString::fromStdString(e.from), QString::fromStdString(e.reason)));
  }
  EventText operator()(const QuorumVoteAnswered& e) const {
    const QString verdict = e.isGranted ? translated("granted") : translated("refused");
    return tell(e.voter,
                (e.isPreVote ? translated("Pre-vote of epoch %1 for %2 %3") : translated("Vote of epoch %1 for %2 %3"))
                    .arg(e.epoch)
                    .arg(node(e.candidate), verdict));
  }
  EventText operator()(const ControllerElected& e) const {
    return tell(e.controller, translated("Controller elected, epoch %1").arg(e.epoch), Role::HighWatermark);
  }
  EventText operator()(const NodeStarted& e) const { return tell(e.node, translated("Started")); }
  EventText operator()(const NodeStopped& e) const {
    switch (e.manner) {
      case NodeStopped::Manner::Killed:
        return tell(e.node, translated("Killed"), Role::Down);
      case NodeStopped::Manner::LostPower:
        return tell(e.node, translated("Lost power"), Role::Down);
      case NodeStopped::Manner::Gracefully:
        break;
    }
    return tell(e.node, translated("Stopped gracefully"), Role::Down);
  }
  EventText operator()(const NodePaused& e) const { return tell(e.node, translated("Paused"), Role::Warning); }
  EventText operator()(const NodeResumed& e) const { return tell(e.node, translated("Resumed")); }
  EventText operator()(const LinkCut& e) const {
    return tell(e.from, translated("Link to %1 cut").arg(node(e.to)), Role::Down);
  }
  EventText operator()(const LinkHealed& e) const {
    return tell(e.from, translated("Link to %1 healed").arg(node(e.to)));
  }
  EventText operator()(const LinkConditionsChanged& e) const {
    QStringList parts{translated("latency %1").arg(formatDuration(base::Duration(e.latencyUs)))};
    if (e.jitterUs > 0) parts << translated("jitter %1").arg(formatDuration(base::Duration(e.jitterUs)));
    if (e.lossPerMille > 0) parts << translated("loss %1 ‰").arg(e.lossPerMille);
    if (e.duplicatePerMille > 0) parts << translated("duplicates %1 ‰").arg(e.duplicatePerMille);
    if (e.bytesPerSecond > 0) parts << translated("%1 bytes/s").arg(formatCount(e.bytesPerSecond));
    return tell(e.from, translated("Link to %1: %2").arg(node(e.to), parts.join(QStringLiteral(", "))), Role::Warning);
  }
  EventText operator()(const ClockChanged& e) const {
    if (e.offsetUs == 0 && e.driftPpm == 0) return tell(e.node, translated("Clock is right"));
    const QString offset = formatDuration(base::Duration(e.offsetUs < 0 ? -e.offsetUs : e.offsetUs));
    return tell(e.node,
                (e.offsetUs < 0 ? translated("Clock is %1 behind, drift %2 ppm")
                                : translated("Clock is %1 ahead, drift %2 ppm"))
                    .arg(offset)
                    .arg(e.driftPpm),
                Role::Warning);
  }
  EventText operator()(const DiskConditionsChanged& e) const {
    QStringList parts;
    if (e.isFull) parts << translated("full");
    if (e.isFailing) parts << translated("fails every operation");
    if (e.losesSyncs) parts << translated("loses syncs");
    if (e.operationLatencyUs > 0)
      parts << translated("%1 for each operation").arg(formatDuration(base::Duration(e.operationLatencyUs)));
    if (parts.isEmpty()) return tell(e.node, translated("Disk is well"));
    return tell(e.node, translated("Disk: %1").arg(parts.join(QStringLiteral(", "))), Role::Warning);
  }
  EventText operator()(const UnsyncedChangesLost& e) const {
    if (e.names == 0 && e.files == 0) return tell(e.node, translated("The disk lost nothing with the power"));
    return tell(e.node,
                translated("The disk lost what was not synced: %1 bytes, changes in %2 files")
                    .arg(formatCount(static_cast<int64_t>(e.bytes)))
                    .arg(e.files),
                Role::Failure);
  }
  EventText operator()(const DiskReplaced& e) const {
    return tell(e.node, translated("Has a new, empty disk"), Role::Warning);
  }
  EventText operator()(const BitFlipped& e) const {
    return tell(e.node,
                translated("Bit %1 of byte %2 in %3 flipped")
                    .arg(e.bit)
                    .arg(formatCount(static_cast<int64_t>(e.position)), QString::fromStdString(e.file)),
                Role::Warning);
  }
  EventText operator()(const ErrorsInjected& e) const {
    if (e.times == 0) return tell(e.node, translated("Answers %1 as ever").arg(api(e.api)));
    const QString about = e.partition.topic.empty() ? QString() : QLatin1Char(' ') + name(e.partition);
    return tell(
        e.node,
        translated("Will answer the next %1 %2 with %3").arg(e.times).arg(api(e.api) + about, error(e.errorCode)),
        Role::Warning);
  }
  EventText operator()(const InjectedErrorUsed& e) const {
    return tell(e.node, translated("Answers %1 with the injected %2").arg(api(e.api), error(e.errorCode)),
                Role::Failure);
  }
  EventText operator()(const RecordsAcknowledged& e) const {
    return tell(e.client,
                translated("%1: %2 records acknowledged from offset %3")
                    .arg(name(e.partition), formatCount(e.records), formatCount(e.firstOffset)),
                Role::TextMuted);
  }
  EventText operator()(const RecordsFailed& e) const {
    return tell(
        e.client,
        translated("%1: %2 records given up: %3").arg(name(e.partition), formatCount(e.records), error(e.errorCode)),
        Role::Failure);
  }
  EventText operator()(const RecordsConsumed& e) const {
    return tell(e.client,
                translated("%1: read %2 records up to %3")
                    .arg(name(e.partition), formatCount(e.records), formatCount(e.position)),
                Role::TextMuted);
  }
  EventText operator()(const ReadReplicaChanged& e) const {
    const QString partition = name(namedPartition(snapshot, e.partition));
    if (e.to < 0) return tell(e.client, translated("%1 is read from its leader again").arg(partition));
    return tell(e.client, translated("%1 is read from %2").arg(partition, node(brokerAddress(e.to))));
  }
  EventText operator()(const PartitionsAssigned& e) const {
    return tell(e.client, translated("Has %1 in generation %2 of group %3")
                              .arg(names(e.assigned), QString::number(e.generation), QString::fromStdString(e.group)));
  }
  EventText operator()(const PartitionsRevoked& e) const {
    return tell(e.client, translated("Gives up %1: %2").arg(names(e.partitions), QString::fromStdString(e.reason)),
                Role::Warning);
  }
  EventText operator()(const PartitionsLost& e) const {
    return tell(e.client, translated("Has lost %1: %2").arg(names(e.partitions), QString::fromStdString(e.reason)),
                Role::Failure);
  }
  EventText operator()(const RejoinRequested& e) const {
    return tell(
        e.client,
        translated("Joins group %1: %2").arg(QString::fromStdString(e.group), QString::fromStdString(e.reason)));
  }
  EventText operator()(const PollIntervalExceeded& e) const {
    return tell(e.client,
                translated("Leaves group %1: the application did not poll for %2 ms")
                    .arg(QString::fromStdString(e.group), formatCount(e.maxPollIntervalMs)),
                Role::Failure);
  }
  EventText operator()(const OffsetCommitFailed& e) const {
    return tell(e.client,
                translated("Could not commit offsets of group %1: %2")
                    .arg(QString::fromStdString(e.group), QString::fromStdString(e.reason)),
                Role::Failure);
  }
  EventText operator()(const ConsumerFailed& e) const {
    return tell(e.client, translated("Ended: %1").arg(QString::fromStdString(e.reason)), Role::Failure);
  }
  EventText operator()(const CommandExecuted& e) const {
    const QString command = QString::fromStdString(e.command);
    if (e.refusal.empty()) return {translated("Command"), command, Role::Accent};
    return {translated("Command"), translated("%1: refused. %2").arg(command, QString::fromStdString(e.refusal)),
            Role::Failure};
  }
};

struct Filer {
  EventKind operator()(const RequestSent&) const { return EventKind::Message; }
  EventKind operator()(const ResponseSent&) const { return EventKind::Message; }
  EventKind operator()(const RequestReceived&) const { return EventKind::Detail; }
  EventKind operator()(const ResponseReceived&) const { return EventKind::Detail; }
  EventKind operator()(const RequestFailed&) const { return EventKind::Message; }
  EventKind operator()(const MessageDropped&) const { return EventKind::Message; }
  EventKind operator()(const MessageRetransmitted&) const { return EventKind::Message; }
  EventKind operator()(const MessageDuplicated&) const { return EventKind::Message; }
  EventKind operator()(const RecordsAppended&) const { return EventKind::Detail; }
  EventKind operator()(const HighWatermarkMoved&) const { return EventKind::Detail; }
  EventKind operator()(const OffsetCommitted&) const { return EventKind::Detail; }
  // Of the many partitions most have no group.
  EventKind operator()(const CoordinatorLoaded& e) const {
    return e.records == 0 ? EventKind::Detail : EventKind::Change;
  }
  EventKind operator()(const PurgatoryEntered&) const { return EventKind::Detail; }
  EventKind operator()(const PurgatoryLeft&) const { return EventKind::Detail; }
  EventKind operator()(const RecordsAcknowledged&) const { return EventKind::Detail; }
  EventKind operator()(const RecordsConsumed&) const { return EventKind::Detail; }
  template <class Other>
  EventKind operator()(const Other&) const {
    return EventKind::Change;
  }
};

}  // namespace

EventKind kindOf(const world::EventPayload& payload) {
  return std::visit(Filer{}, payload);
}

EventText describe(const world::TraceEvent& event, const lab::Snapshot& snapshot) {
  return std::visit(Teller{snapshot}, event.payload);
}

}  // namespace streamscope::ui
