#include "quorum_controller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/assert.h"
#include "controller/bootstrap.h"
#include "decision_trace.h"

namespace streamscope::controller {

namespace {

using std::chrono::milliseconds;

/// Kafka's name and place of the file.
constexpr std::string_view kQuorumStateFile = "quorum-state";
constexpr std::string_view kLockFile = ".lock";

/// Streams of random numbers of their own, so that elections shift nothing else.
constexpr uint64_t kQuorumStream = 0x71756f72756d;
constexpr uint64_t kElectionStream = 1;

/// How often retention looks at the metadata log (Kafka: RaftMetadataLogCleanerManager).
constexpr base::Duration kLogCleaningPeriod = std::chrono::seconds(60);

/// How soon a periodic task that left something over runs again (Kafka: PeriodicTask.DEFAULT_IMMEDIATE_PERIOD_NS).
constexpr base::Duration kImmediatePeriod = milliseconds(10);

/// Sessions are looked at eight times per session timeout (Kafka: QuorumController.maybeFenceStaleBrokerPeriodNs).
constexpr int64_t kSessionChecksPerTimeout = 8;

/// Kafka: ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE.
constexpr size_t kElectionsPerImbalanceMax = 1000;

/// "9.4 s".
std::string inSeconds(base::Duration duration) {
  const int64_t tenths = std::chrono::duration_cast<milliseconds>(duration).count() / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

QuorumController::QuorumController(world::NodeContext& context, const ControllerConfig& config)
    : m_context(context),
      m_config(config),
      m_clusterControl(m_image, context.clock, config),
      m_replicationControl(m_image, m_clusterControl, config),
      m_snapshotGenerator(context.clock, config) {}

// Opening.

void QuorumController::start() {
  if (const base::Status opened = openLog(); !opened) return failLogDirectory(opened.error().message);
  m_context.timers.after(kLogCleaningPeriod, [this] { cleanLog(); });
  m_raft->start();
}

base::Status QuorumController::openLog() {
  if (const base::Status claimed = claimLogDirectory(); !claimed) return claimed;
  log::RecoveryReport recovery;
  auto metadataLog = MetadataLog::open(m_context.storage, m_config, m_context.clock.wallClockMs(), recovery);
  if (!metadataLog) return base::fail(metadataLog.error());
  m_metadataLog = std::move(*metadataLog);
  for (const auto& cut : recovery.cuts) tellRecovery(cut.toString(), cut.bytesCut);
  if (const base::Status loaded = loadLog(); !loaded) return loaded;
  return loadQuorum();
}

base::Status QuorumController::claimLogDirectory() {
  if (!m_config.sharesDirectoryWithBroker) {
    const auto locked = m_context.storage.lock(kLockFile);
    if (!locked) return base::fail(storage::toError(locked.error()));
  }
  const auto claimed =
      log::claimDirectory(m_context.storage, {m_config.clusterId, m_config.nodeId, m_context.random.uuid()});
  if (!claimed) return base::fail(claimed.error());
  m_identity = claimed->identity;
  return claimed->isNew ? writeBootstrapFile(m_context.storage, m_context.clock.wallClockMs()) : base::Status();
}

ReplayListener QuorumController::replayListener() {
  ReplayListener listener;
  listener.onRecord = [this](const protocol::MetadataRecord& record, base::Offset offset) {
    noteRegistration(record, offset);
  };
  listener.onSkipped = [this](base::Offset offset, const std::string& reason) {
    m_snapshotGenerator.disable();
    m_context.trace.record(world::MetadataRecordSkipped{m_context.self, offset, reason});
  };
  listener.onDamagedSnapshot = [this](const std::string& reason) {
    tellRecovery(reason + "; an older snapshot or the log alone is used", 0);
  };
  listener.onBatch = [this](uint64_t bytes) { noteBytes(bytes); };
  return listener;
}

base::Status QuorumController::loadLog() {
  const base::Status loaded = m_metadataLog->load(m_image, m_context.clock.wallClockMs(), replayListener());
  if (!loaded) return loaded;
  // What an only voter has written is committed.
  if (m_config.quorumVoters.size() <= 1) {
    m_metadataLog->advanceHighWatermark(m_metadataLog->logEndOffset());
    if (const base::Status replayed = m_metadataLog->replayCommitted(m_image, replayListener()); !replayed)
      return replayed;
  }
  m_snapshotGenerator.reset();
  m_snapshotReason.clear();
  return {};
}

base::Status QuorumController::loadQuorum() {
  const QuorumVoters& voters = m_metadataLog->voters();
  QuorumState::Options options;
  options.local = {m_config.nodeId, m_identity.directoryId};
  options.voters = m_config.quorumVoters.empty() ? std::vector{m_config.nodeId} : m_config.quorumVoters;
  options.kraftVersion = voters.kraftVersion;
  options.electionTimeout = m_config.quorumElectionTimeout;
  options.fetchTimeout = m_config.quorumFetchTimeout;
  options.bugs = m_config.bugs;
  if (voters.kraftVersion > 0) {
    const auto& list = voters.voters.voters;
    const bool isOnlyVoter = list.size() == 1 && list.front().voterId == m_config.nodeId &&
                             list.front().voterDirectoryId == m_identity.directoryId;
    if (!isOnlyVoter || options.voters.size() != 1)
      return base::fail(
          base::ErrorCode::KAFKA_STORAGE_ERROR,
          "The metadata log has " + std::to_string(list.size()) +
              " voters of its own (kraft.version 1); a controller here must be the only one, with its own "
              "id and directory id: format the directory with kafka-storage format --standalone.");
  }
  const base::Random random = m_context.random.fork(kQuorumStream);
  auto quorum =
      QuorumState::load(m_context.storage, m_metadataLog->partitionLog().directory() / kQuorumStateFile,
                        std::move(options), m_metadataLog->lastEpoch(), m_context.clock, random.fork(kElectionStream));
  if (!quorum) return base::fail(quorum.error());
  m_raft.emplace(m_context, m_config, *m_metadataLog, std::move(*quorum), random, raftListener());
  return {};
}

void QuorumController::tellRecovery(const std::string& reason, uint64_t bytesCut) {
  m_context.trace.record(world::LogRecovered{m_context.self, metadataPartition(), logEndOffset(), bytesCut, reason});
}

// What the quorum tells.

RaftClient::Listener QuorumController::raftListener() {
  RaftClient::Listener listener;
  listener.onHighWatermark = [this] { onHighWatermark(); };
  listener.onSnapshotInstalled = [this] { onSnapshotInstalled(); };
  listener.onAppended = [this] {
    if (m_logListener) m_logListener();
  };
  listener.onLeaderChange = [this] { onLeaderChange(); };
  listener.onStorageFailure = [this](const std::string& reason) { failLogDirectory(reason); };
  return listener;
}

void QuorumController::onHighWatermark() {
  if (!isActive() && !replayCommitted()) return;
  // A leader takes over once it has what its predecessors committed, and its own first record with it.
  if (!isActive() && m_raft->isLeader() && m_image.offset() >= m_raft->epochStartOffset()) return activate();
  maybeWriteSnapshot();
  answerCommitted();
  if (m_logListener) m_logListener();
}

bool QuorumController::replayCommitted() {
  const base::Status replayed = m_metadataLog->replayCommitted(m_image, replayListener());
  if (!replayed) failLogDirectory(replayed.error().message);
  return replayed.has_value();
}

void QuorumController::onSnapshotInstalled() {
  rebuildImage();
  if (m_logListener) m_logListener();
}

void QuorumController::onLeaderChange() {
  if (m_activeEpoch && (!m_raft->isLeader() || m_raft->quorum().epoch() != *m_activeEpoch)) renounce();
  if (m_logListener) m_logListener();
}

// Taking and giving up the active role.

void QuorumController::activate() {
  m_activeEpoch = m_raft->quorum().epoch();
  m_context.trace.record(world::ControllerElected{m_context.self, *m_activeEpoch});
  if (const base::Status bootstrapped = bootstrapCluster(); !bootstrapped)
    return failLogDirectory(bootstrapped.error().message);
  m_clusterControl.heartbeatManager().activate();
  const base::Duration sessionCheckPeriod =
      std::max<base::Duration>(m_config.brokerSessionTimeout / kSessionChecksPerTimeout, milliseconds(1));
  schedule(&QuorumController::maybeFenceOneStaleBroker, sessionCheckPeriod, sessionCheckPeriod);
  if (m_config.autoLeaderRebalanceEnable) {
    const base::Duration period = m_config.leaderImbalanceCheckInterval;
    schedule(&QuorumController::maybeBalancePartitionLeaders, period, period);
  }
  const base::Duration uncleanPeriod = m_config.uncleanLeaderElectionInterval;
  schedule(&QuorumController::maybeElectUncleanLeaders, uncleanPeriod, uncleanPeriod);
  if (m_config.metadataMaxIdleInterval > base::Duration::zero()) {
    const base::Duration period = m_config.metadataMaxIdleInterval;
    schedule(&QuorumController::writeNoOp, period, period);
  }
  if (m_logListener) m_logListener();
}

base::Status QuorumController::bootstrapCluster() {
  // What a leader left unfinished never counts (Kafka: ActivationRecordsGenerator).
  if (m_image.isInTransaction()) {
    const auto aborted = append({protocol::AbortTransactionRecord{"Controller failover"}});
    if (!aborted) return base::fail(aborted.error());
  }
  if (!m_image.features().empty()) return {};
  const auto bootstrapRecords = readBootstrapFile(m_context.storage);
  if (!bootstrapRecords) return base::fail(bootstrapRecords.error());
  const auto appended = append(activationRecords(*bootstrapRecords, m_config.minInsyncReplicas));
  return appended ? base::Status() : base::fail(appended.error());
}

void QuorumController::renounce() {
  m_activeEpoch.reset();
  for (Deferred& deferred : std::exchange(m_deferred, {})) deferred.done(false);
  // What was decided and not committed may be cut from the log; it must not stay in the image.
  if (m_image.offset() >= m_metadataLog->highWatermark() && !m_logDirectoryFailed) rebuildImage();
}

void QuorumController::rebuildImage() {
  m_image = {};
  m_registrationOffsets.clear();
  const base::Status loaded = m_metadataLog->load(m_image, m_context.clock.wallClockMs(), replayListener());
  if (!loaded) return failLogDirectory(loaded.error().message);
  replayCommitted();
}

void QuorumController::stop(std::function<void()> done) {
  if (!m_raft) return done();
  m_raft->shutDown([this, done = std::move(done)] {
    if (!m_logDirectoryFailed) {
      if (const base::Status closed = m_metadataLog->close(); !closed) failLogDirectory(closed.error().message);
    }
    done();
  });
}

void QuorumController::failLogDirectory(const std::string& reason) {
  if (!std::exchange(m_logDirectoryFailed, true))
    m_context.trace.record(world::LogDirectoryFailed{m_context.self, reason});
  if (m_raft) m_raft->close();
}

// Deciding.

base::Status QuorumController::checkActive() const {
  if (isActive()) return {};
  return base::fail(base::ErrorCode::NOT_CONTROLLER,
                    m_context.self.toString() + " does not lead the metadata quorum; find the active controller.");
}

base::Result<base::Offset> QuorumController::append(const MetadataRecords& records, const std::string& fencingReason) {
  if (const base::Status active = checkActive(); !active) return base::fail(active.error());
  if (records.empty()) return logEndOffset() - 1;

  const auto appended =
      m_metadataLog->append(records, metadataVersionLevel(records), *m_activeEpoch, m_context.clock.wallClockMs());
  if (!appended) {
    // Refused before a byte was written: the request is at fault (too many records for one batch), not the disk.
    if (appended.error().code != base::ErrorCode::KAFKA_STORAGE_ERROR)
      return base::fail(base::ErrorCode::POLICY_VIOLATION, appended.error().message);
    failLogDirectory(appended.error().message);
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR, appended.error().message);
  }

  DecisionTrace decisions(m_context.trace, m_image, fencingReason);
  decisions.begin(records);
  base::Offset offset = appended->firstOffset;
  for (const protocol::MetadataRecord& record : records) {
    decisions.before(record);
    noteRegistration(record, offset++);
    m_image.replay(record);
    decisions.after(record);
  }
  STREAMSCOPE_ASSERT(offset == appended->lastOffset + 1, std::to_string(offset));
  m_image.setPosition(appended->lastOffset, *m_activeEpoch);
  noteBytes(appended->bytes);
  m_raft->onLocalAppend();
  return appended->lastOffset;
}

bool QuorumController::isCommitted() const {
  return !m_metadataLog || m_metadataLog->highWatermark() >= m_metadataLog->logEndOffset();
}

void QuorumController::whenCommitted(std::function<void(bool isCommitted)> done) {
  if (!isActive()) return done(false);
  if (isCommitted()) return done(true);
  m_deferred.push_back({logEndOffset(), std::move(done)});
}

void QuorumController::answerCommitted() {
  const base::Offset highWatermark = m_metadataLog->highWatermark();
  const auto firstOpen = std::find_if(m_deferred.begin(), m_deferred.end(), [highWatermark](const Deferred& deferred) {
    return deferred.endOffset > highWatermark;
  });
  std::vector<Deferred> committed(std::make_move_iterator(m_deferred.begin()), std::make_move_iterator(firstOpen));
  m_deferred.erase(m_deferred.begin(), firstOpen);
  for (Deferred& deferred : committed) deferred.done(true);
}

int16_t QuorumController::metadataVersionLevel(const MetadataRecords& records) const {
  const auto level = m_image.features().find(std::string(kMetadataVersionFeature));
  // The first records of an empty log say themselves which level they are written with.
  return level == m_image.features().end() ? metadataVersionLevelOf(records) : level->second;
}

// Snapshots.

void QuorumController::noteBytes(uint64_t bytes) {
  if (m_snapshotReason.empty()) m_snapshotReason = m_snapshotGenerator.onRecords(bytes);
}

void QuorumController::maybeWriteSnapshot() {
  const bool isAllCommitted = m_image.offset() < m_metadataLog->highWatermark();
  if (m_snapshotReason.empty() || m_image.isInTransaction() || !isAllCommitted) return;
  const std::string reason = std::exchange(m_snapshotReason, {});
  m_snapshotGenerator.reset();
  const auto written = m_metadataLog->writeSnapshot(m_image, metadataVersionLevel({}), m_context.clock.wallClockMs());
  if (!written) return failLogDirectory(written.error().message);
  m_context.trace.record(world::MetadataSnapshotWritten{m_context.self, written->endOffset, written->epoch,
                                                        m_metadataLog->snapshots().sizes().at(*written), reason});
}

void QuorumController::cleanLog() {
  if (m_logDirectoryFailed) return;
  m_context.timers.after(kLogCleaningPeriod, [this] { cleanLog(); });
  const auto retentionMs = std::chrono::duration_cast<milliseconds>(m_config.metadataMaxRetention).count();
  const base::Offset startBefore = m_metadataLog->logStartOffset();
  const auto cleaned =
      m_metadataLog->clean({m_config.metadataMaxRetentionBytes, retentionMs}, m_context.clock.wallClockMs());
  if (!cleaned) return failLogDirectory(cleaned.error().message);
  for (const auto& [id, reason] : cleaned->snapshots)
    m_context.trace.record(world::MetadataSnapshotDeleted{m_context.self, id.endOffset, id.epoch, reason});
  const base::Offset start = m_metadataLog->logStartOffset();
  if (start == startBefore) return;
  const std::string reason = "a snapshot stands for what was before";
  m_context.trace.record(world::LogStartOffsetMoved{m_context.self, metadataPartition(), startBefore, start, reason});
  for (const log::DeletedSegment& segment : cleaned->segments)
    m_context.trace.record(world::SegmentDeleted{m_context.self, metadataPartition(), segment.baseOffset,
                                                 segment.endOffset, segment.bytes, reason});
}

base::Offset QuorumController::registrationOffset(base::BrokerId broker) const {
  const auto found = m_registrationOffsets.find(broker);
  STREAMSCOPE_ASSERT(found != m_registrationOffsets.end(), "broker " + std::to_string(broker));
  return found->second;
}

void QuorumController::noteRegistration(const protocol::MetadataRecord& record, base::Offset offset) {
  if (const auto* registration = std::get_if<protocol::RegisterBrokerRecord>(&record))
    m_registrationOffsets[registration->brokerId] = offset;
}

void QuorumController::schedule(PeriodicTask task, base::Duration period, base::Duration delay) {
  m_context.timers.after(delay, [this, task, period, epoch = m_activeEpoch] {
    if (m_activeEpoch != epoch) return;
    const std::optional<base::Duration> sooner = (this->*task)();
    schedule(task, period, sooner.value_or(period));
  });
}

std::optional<base::Duration> QuorumController::maybeFenceOneStaleBroker() {
  BrokerHeartbeatManager& heartbeats = m_clusterControl.heartbeatManager();
  const std::optional<base::BrokerId> broker = heartbeats.oneExpired();
  if (!broker) return std::nullopt;
  const auto timeout = std::chrono::duration_cast<milliseconds>(m_config.brokerSessionTimeout);
  const std::string reason = "no heartbeat for " + inSeconds(heartbeats.silence(*broker)) +
                             " (broker.session.timeout.ms = " + std::to_string(timeout.count()) + ")";
  heartbeats.endSession(*broker);
  // A broker that was fenced before (it shut down) only loses its session.
  const BrokerRegistration* registration = m_image.findBroker(*broker);
  if (registration == nullptr || registration->fenced) return kImmediatePeriod;
  MetadataRecords records;
  m_replicationControl.handleBrokerFenced(*broker, records);
  static_cast<void>(append(records, reason));
  return kImmediatePeriod;
}

std::optional<base::Duration> QuorumController::maybeBalancePartitionLeaders() {
  MetadataRecords records;
  m_replicationControl.electPreferredLeaders(kElectionsPerImbalanceMax, records);
  static_cast<void>(append(records));
  return records.size() == kElectionsPerImbalanceMax ? std::optional(kImmediatePeriod) : std::nullopt;
}

std::optional<base::Duration> QuorumController::maybeElectUncleanLeaders() {
  MetadataRecords records;
  m_replicationControl.electUncleanLeaders(kElectionsPerImbalanceMax, records);
  static_cast<void>(append(records));
  return records.size() == kElectionsPerImbalanceMax ? std::optional(kImmediatePeriod) : std::nullopt;
}

std::optional<base::Duration> QuorumController::writeNoOp() {
  static_cast<void>(append({protocol::NoOpRecord()}));
  return std::nullopt;
}

}  // namespace streamscope::controller
