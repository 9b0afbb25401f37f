#include "partition.h"

#include <algorithm>

#include "log/record_batch.h"
#include "retention_reasons.h"
#include "world/cause_scope.h"

namespace streamscope::broker {

Partition::Partition(PartitionContext& context, base::TopicPartition name, base::Uuid topicId, WatchKey key,
                     log::PartitionLog& log, base::Offset checkpointedHighWatermark, const TopicConfig& config)
    : m_context(context), m_name(std::move(name)), m_topicId(topicId), m_key(key), m_log(&log), m_config(config) {
  m_log->setHighWatermark(checkpointedHighWatermark);
}

void Partition::setConfig(const TopicConfig& config) {
  m_config = config;
  m_log->setConfig(config.log);
  if (m_futureLog != nullptr) m_futureLog->setConfig(config.log);
}

void Partition::noteRefusal(const base::Error& error) const {
  if (error.code == base::ErrorCode::KAFKA_STORAGE_ERROR) m_context.listener.onStorageFailure(error);
}

// Roles.

void Partition::becomeEpoch(const controller::PartitionRegistration& registration, Role role) {
  const bool wasLeader = isLeader();
  m_role = role;
  m_leaderId = registration.leader;
  m_leaderEpoch = registration.leaderEpoch;
  m_replicas = registration.replicas;
  if (wasLeader != isLeader())
    m_context.node.trace.record(
        world::LeadershipChanged{m_context.node.self, m_name, registration.leaderEpoch, isLeader()});
}

base::Result<bool> Partition::makeLeader(const controller::PartitionRegistration& registration) {
  const bool isNewLeader = !isLeader();
  // Every change raises the partition epoch; the present one may be known already from an AlterPartition response.
  if (registration.partitionEpoch < m_partitionEpoch) return false;
  if (registration.partitionEpoch == m_partitionEpoch && !isNewLeader) return false;
  const bool isNewEpoch = registration.leaderEpoch > m_leaderEpoch;
  if (isNewEpoch) {
    // Before the first append, so that a follower of the new epoch can find where the old one ended.
    const auto assigned = m_log->assignEpochStart(registration.leaderEpoch, m_log->logEndOffset());
    if (!assigned) noteRefusal(assigned.error());
    if (!assigned) return base::fail(assigned.error());
    m_leaderEpochStartOffset = m_log->logEndOffset();
  }
  becomeEpoch(registration, Role::Leader);

  const base::VirtualTime now = m_context.node.clock.now();
  std::vector<FollowerState> followers;
  for (const base::BrokerId id : registration.replicas) {
    if (id == m_context.config.nodeId) continue;
    FollowerState* known = isNewLeader ? nullptr : findFollower(id);
    FollowerState follower = known != nullptr ? *known : FollowerState(id);
    const bool isInSync = std::ranges::find(registration.isr, id) != registration.isr.end();
    if (isNewEpoch || known == nullptr) follower.reset(now, m_log->logEndOffset(), known == nullptr, isInSync);
    followers.push_back(follower);
  }
  m_followers = std::move(followers);
  commitIsr(registration.isr, registration.partitionEpoch);
  return isNewEpoch;
}

bool Partition::makeFollower(const controller::PartitionRegistration& registration) {
  if (registration.partitionEpoch < m_partitionEpoch) return false;
  const bool isNewEpoch = registration.leaderEpoch > m_leaderEpoch || m_role != Role::Follower;
  becomeEpoch(registration, Role::Follower);
  m_partitionEpoch = registration.partitionEpoch;
  m_leaderEpochStartOffset = base::kNoOffset;
  m_followers.clear();
  m_isr.clear();
  m_maximalIsr.clear();
  m_isProposalInFlight = false;
  ++m_proposalNumber;
  return isNewEpoch;
}

void Partition::makeOffline() {
  controller::PartitionRegistration nobody;
  nobody.leaderEpoch = m_leaderEpoch;
  becomeEpoch(nobody, Role::Offline);
  m_isProposalInFlight = false;
  ++m_proposalNumber;
}

// The log as leader and follower.

void Partition::traceAppend(const log::AppendInfo& info, bool asLeader) {
  world::NodeContext& node = m_context.node;
  if (info.rolledTo != base::kNoOffset)
    node.trace.record(
        world::SegmentRolled{node.self, m_name, info.rolledTo, whyRolled(info.rollReason, m_log->config())});
  if (info.duplicate) return;
  node.trace.record(world::RecordsAppended{node.self, m_name, info.firstOffset, info.lastOffset, info.bytes,
                                           m_leaderEpoch, asLeader});
}

base::Status Partition::checkMayAppend(int16_t requiredAcks) const {
  if (!isLeader())
    return base::fail(base::ErrorCode::NOT_LEADER_OR_FOLLOWER, "Broker " + std::to_string(m_context.config.nodeId) +
                                                                   " does not lead " + m_name.toString() +
                                                                   "; ask for metadata and send to the leader.");
  const int32_t minIsr = effectiveMinIsr();
  if (requiredAcks != -1 || std::ssize(m_isr) >= minIsr) return {};
  return base::fail(base::ErrorCode::NOT_ENOUGH_REPLICAS,
                    "The ISR of " + m_name.toString() + " has " + std::to_string(m_isr.size()) +
                        " members, min.insync.replicas asks for " + std::to_string(minIsr) +
                        "; wait until followers have caught up.");
}

tl::unexpected<base::Error> Partition::refuseAppend(base::Error error) const {
  m_context.node.trace.record(
      world::RecordsRefused{m_context.node.self, m_name, static_cast<int16_t>(error.code), error.message});
  return base::fail(std::move(error));
}

base::Result<log::AppendInfo> Partition::appendAsLeader(const base::SharedBytes& batches, int16_t requiredAcks,
                                                        log::AppendOrigin origin, int16_t transactionVersion,
                                                        std::vector<log::RecordError>* recordErrors) {
  if (auto may = checkMayAppend(requiredAcks); !may) return refuseAppend(std::move(may).error());
  // Nobody looks at the producers' sequences of such an append.
  if (m_context.config.bugs.has(base::KnownBug::ForgetProducerSequences)) origin = log::AppendOrigin::RaftLeader;
  auto appended = m_log->appendAsLeader(batches, m_leaderEpoch, m_context.node.clock.wallClockMs(), origin,
                                        transactionVersion, recordErrors);
  if (!appended) noteRefusal(appended.error());
  if (!appended) return refuseAppend(std::move(appended).error());
  traceAppend(*appended, true);
  if (appended->duplicate) {
    const log::BatchScan scan = log::scanBatch(batches.view(), false);
    m_context.node.trace.record(
        world::DuplicateSeen{m_context.node.self, m_name, scan.header.producerId, appended->firstOffset});
    return appended;
  }
  maybeIncrementHighWatermark();
  return appended;
}

/// The leader's log start is in the middle of a batch (DeleteRecords), and a follower that has nothing asked for it.
bool Partition::beginsBeforeEmptyLog(base::ByteView batches) const {
  const base::Offset end = m_log->logEndOffset();
  if (m_log->logStartOffset() != end) return false;
  const log::BatchScan first = log::scanBatch(batches, true);
  return first.end == log::BatchEnd::Complete && first.header.baseOffset < end && first.header.lastOffset() >= end;
}

base::Result<log::AppendInfo> Partition::appendAsFollower(const base::SharedBytes& batches) {
  if (beginsBeforeEmptyLog(batches.view()))
    if (auto moved = truncateFullyAndStartAt(log::scanBatch(batches.view(), false).header.baseOffset); !moved)
      return base::fail(std::move(moved).error());
  auto appended = m_log->appendAsFollower(batches, m_context.node.clock.wallClockMs());
  if (!appended) noteRefusal(appended.error());
  if (appended && appended->bytes > 0) traceAppend(*appended, false);
  return appended;
}

void Partition::followLeaderOffsets(base::Offset leaderHighWatermark, base::Offset leaderLogStartOffset) {
  const base::Offset from = highWatermark();
  m_log->setHighWatermark(std::max(leaderHighWatermark, from));
  noteHighWatermark(from);
  // Above our high watermark it is above our log end too: the next fetch is refused and starts over there.
  if (leaderLogStartOffset > highWatermark()) return;
  // A fault has been told to the listener.
  const auto moved = moveLogStart(leaderLogStartOffset, "leader offset incremented");
  static_cast<void>(moved);
}

void Partition::setHighWatermark(base::Offset offset) {
  const base::Offset from = highWatermark();
  m_log->setHighWatermark(offset);
  noteHighWatermark(from);
}

void Partition::noteHighWatermark(base::Offset from) {
  if (highWatermark() == from) return;
  const world::CauseScope because(m_context.node.trace, m_context.node.trace.record(world::HighWatermarkMoved{
                                                            m_context.node.self, m_name, from, highWatermark()}));
  m_context.listener.onHighWatermarkMoved(*this);
}

base::Status Partition::truncateTo(base::Offset offset) {
  const base::Offset from = m_log->logEndOffset();
  const base::Offset highWatermarkBefore = highWatermark();
  const base::TimestampMs nowMs = m_context.node.clock.wallClockMs();
  if (m_futureLog != nullptr && m_futureLog->logEndOffset() > offset)
    if (const auto cut = m_futureLog->truncateTo(offset, nowMs); !cut) noteRefusal(cut.error());
  const auto truncated = m_log->truncateTo(offset, nowMs);
  if (!truncated) noteRefusal(truncated.error());
  if (!truncated || m_log->logEndOffset() == from) return truncated;
  m_context.node.trace.record(world::LogTruncated{m_context.node.self, m_name, from, m_log->logEndOffset()});
  noteHighWatermark(highWatermarkBefore);
  return {};
}

base::Status Partition::truncateFullyAndStartAt(base::Offset offset) {
  const base::Offset from = m_log->logEndOffset();
  const base::Offset highWatermarkBefore = highWatermark();
  const base::TimestampMs nowMs = m_context.node.clock.wallClockMs();
  if (m_futureLog != nullptr)
    if (const auto cut = m_futureLog->truncateFullyAndStartAt(offset, nowMs); !cut) noteRefusal(cut.error());
  const auto truncated = m_log->truncateFullyAndStartAt(offset, nowMs);
  if (!truncated) noteRefusal(truncated.error());
  if (!truncated) return truncated;
  m_context.node.trace.record(world::LogTruncated{m_context.node.self, m_name, from, offset});
  noteHighWatermark(highWatermarkBefore);
  return {};
}

}  // namespace streamscope::broker
