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

void QuorumController::start() {
  if (const base::Status opened = openLog(); !opened) return failLogDirectory(opened.error().message);
  if (const base::Status claimed = claimLeadership(); !claimed) failLogDirectory(claimed.error().message);
}

base::Status QuorumController::openLog() {
  if (const base::Status claimed = claimLogDirectory(); !claimed) return claimed;
  log::RecoveryReport recovery;
  auto metadataLog = MetadataLog::open(m_context.storage, m_config, m_context.clock.wallClockMs(), recovery);
  if (!metadataLog) return base::fail(metadataLog.error());
  m_metadataLog = std::move(*metadataLog);
  for (const auto& cut : recovery.cuts) tellRecovery(cut.toString(), cut.bytesCut);
  if (const base::Status loaded = loadLog(); !loaded) return loaded;
  // Brokers follow the log from its beginning: there is no FetchSnapshot yet that would give them what came before.
  if (m_metadataLog->logStartOffset() > 0)
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      "The metadata log begins at offset " + std::to_string(m_metadataLog->logStartOffset()) +
                          "; only one that begins at 0 can be served: open a copy from before Kafka deleted its first "
                          "segments (metadata.max.retention.bytes, metadata.max.retention.ms).");
  return loadQuorumState();
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

base::Status QuorumController::loadLog() {
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
  const base::Status loaded = m_metadataLog->load(m_image, m_context.clock.wallClockMs(), listener);
  m_snapshotGenerator.reset();
  return loaded;
}

base::Status QuorumController::loadQuorumState() {
  const QuorumVoters& voters = m_metadataLog->voters();
  if (voters.kraftVersion > 0) {
    const auto& list = voters.voters.voters;
    const bool isOnlyVoter = list.size() == 1 && list.front().voterId == m_config.nodeId &&
                             list.front().voterDirectoryId == m_identity.directoryId;
    if (!isOnlyVoter)
      return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                        "The metadata log has " + std::to_string(list.size()) +
                            " voters; a controller here must be the only one, with its own id and directory id: format "
                            "the directory with kafka-storage format --standalone.");
  }
  auto quorum =
      QuorumState::load(m_context.storage, m_metadataLog->partitionLog().directory() / kQuorumStateFile,
                        m_config.nodeId, m_metadataLog->lastEpoch(), voters.kraftVersion, m_identity.directoryId);
  if (!quorum) return base::fail(quorum.error());
  m_quorum = std::move(*quorum);
  return {};
}

void QuorumController::tellRecovery(const std::string& reason, uint64_t bytesCut) {
  m_context.trace.record(world::LogRecovered{m_context.self, metadataPartition(), logEndOffset(), bytesCut, reason});
}

base::Status QuorumController::claimLeadership() {
  // The only voter need not wait for an election timeout, nor for anybody's vote.
  if (const base::Status candidate = m_quorum->transitionToCandidate(); !candidate) return candidate;
  if (const base::Status leader = m_quorum->transitionToLeader(); !leader) return leader;
  const auto appended = m_metadataLog->appendLeaderChange(m_quorum->epoch(), m_config.nodeId, m_quorum->voters(),
                                                          m_context.clock.wallClockMs());
  if (!appended) {
    m_quorum->transitionToResigned();
    return base::fail(appended.error());
  }
  m_image.setPosition(appended->lastOffset, m_quorum->epoch());
  m_context.trace.record(world::ControllerElected{m_context.self, m_quorum->epoch()});
  return activate();
}

base::Status QuorumController::bootstrapCluster() {
  // What a leader left unfinished never counts (Kafka: ActivationRecordsGenerator).
  if (m_image.isInTransaction()) {
    const auto aborted = commit({protocol::AbortTransactionRecord{"Controller failover"}});
    if (!aborted) return base::fail(aborted.error());
  }
  if (!m_image.features().empty()) return {};
  const auto bootstrapRecords = readBootstrapFile(m_context.storage);
  if (!bootstrapRecords) return base::fail(bootstrapRecords.error());
  const auto committed = commit(activationRecords(*bootstrapRecords, m_config.minInsyncReplicas));
  return committed ? base::Status() : base::fail(committed.error());
}

base::Status QuorumController::activate() {
  if (const base::Status bootstrapped = bootstrapCluster(); !bootstrapped) return bootstrapped;
  m_clusterControl.heartbeatManager().activate();
  const base::Duration sessionCheckPeriod =
      std::max<base::Duration>(m_config.brokerSessionTimeout / kSessionChecksPerTimeout, milliseconds(1));
  schedule(&QuorumController::maybeFenceOneStaleBroker, sessionCheckPeriod, sessionCheckPeriod);
  if (m_config.autoLeaderRebalanceEnable) {
    const base::Duration period = m_config.leaderImbalanceCheckInterval;
    schedule(&QuorumController::maybeBalancePartitionLeaders, period, period);
  }
  if (m_config.metadataMaxIdleInterval > base::Duration::zero()) {
    const base::Duration period = m_config.metadataMaxIdleInterval;
    schedule(&QuorumController::writeNoOp, period, period);
  }
  if (m_logListener) m_logListener();
  return {};
}

void QuorumController::stop() {
  if (isActive()) resign();
  if (!m_metadataLog || m_logDirectoryFailed) return;
  if (const base::Status closed = m_metadataLog->close(); !closed) failLogDirectory(closed.error().message);
}

void QuorumController::resign() {
  m_quorum->transitionToResigned();
  if (m_logListener) m_logListener();
}

void QuorumController::failLogDirectory(const std::string& reason) {
  if (!std::exchange(m_logDirectoryFailed, true))
    m_context.trace.record(world::LogDirectoryFailed{m_context.self, reason});
  if (isActive()) resign();
}

base::Status QuorumController::checkActive() const {
  if (isActive()) return {};
  return base::fail(base::ErrorCode::NOT_CONTROLLER,
                    m_context.self.toString() + " does not lead the metadata quorum; find the active controller.");
}

base::Result<base::Offset> QuorumController::commit(const MetadataRecords& records, const std::string& fencingReason) {
  if (const base::Status active = checkActive(); !active) return base::fail(active.error());
  if (records.empty()) return logEndOffset() - 1;

  const auto appended =
      m_metadataLog->append(records, metadataVersionLevel(records), m_quorum->epoch(), m_context.clock.wallClockMs());
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
  m_image.setPosition(appended->lastOffset, m_quorum->epoch());
  maybeWriteSnapshot(appended->bytes);
  if (m_logListener) m_logListener();
  return appended->lastOffset;
}

int16_t QuorumController::metadataVersionLevel(const MetadataRecords& records) const {
  const auto level = m_image.features().find(std::string(kMetadataVersionFeature));
  // The first records of an empty log say themselves which level they are written with.
  return level == m_image.features().end() ? metadataVersionLevelOf(records) : level->second;
}

void QuorumController::maybeWriteSnapshot(uint64_t bytesAppended) {
  const std::string reason = m_snapshotGenerator.onRecords(bytesAppended);
  if (reason.empty() || m_image.isInTransaction()) return;
  m_snapshotGenerator.reset();
  const auto written = m_metadataLog->writeSnapshot(m_image, metadataVersionLevel({}), m_context.clock.wallClockMs());
  if (!written) return failLogDirectory(written.error().message);
  m_context.trace.record(world::MetadataSnapshotWritten{m_context.self, written->endOffset, written->epoch,
                                                        m_metadataLog->snapshots().sizes().at(*written), reason});
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
  m_context.timers.after(delay, [this, task, period] {
    if (!isActive()) return;
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
  static_cast<void>(commit(records, reason));
  return kImmediatePeriod;
}

std::optional<base::Duration> QuorumController::maybeBalancePartitionLeaders() {
  MetadataRecords records;
  m_replicationControl.electPreferredLeaders(kElectionsPerImbalanceMax, records);
  static_cast<void>(commit(records));
  return records.size() == kElectionsPerImbalanceMax ? std::optional(kImmediatePeriod) : std::nullopt;
}

std::optional<base::Duration> QuorumController::writeNoOp() {
  static_cast<void>(commit({protocol::NoOpRecord()}));
  return std::nullopt;
}

}  // namespace streamscope::controller
