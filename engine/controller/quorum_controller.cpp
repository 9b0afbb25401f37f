#include "quorum_controller.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/assert.h"
#include "bootstrap.h"
#include "decision_trace.h"

namespace streamscope::controller {

namespace {

using std::chrono::milliseconds;

/// Kafka's name and place of the file.
constexpr std::string_view kQuorumStateFile = "quorum-state";

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
      m_replicationControl(m_image, m_clusterControl, config) {}

void QuorumController::start() {
  if (const base::Status opened = openLog(); !opened) return failLogDirectory(opened.error().message);
  if (const base::Status claimed = claimLeadership(); !claimed) failLogDirectory(claimed.error().message);
}

base::Status QuorumController::openLog() {
  const base::TimestampMs nowMs = m_context.clock.wallClockMs();
  log::LogDirectory::OpenReport report;
  auto directory = log::LogDirectory::open(
      m_context.storage, {m_config.clusterId, m_config.nodeId, m_context.random.uuid()}, {}, nowMs, report);
  if (!directory) return base::fail(directory.error());
  m_logDirectory = std::move(*directory);
  auto metadataLog = MetadataLog::open(*m_logDirectory, m_config, nowMs);
  if (!metadataLog) return base::fail(metadataLog.error());
  m_metadataLog = *metadataLog;
  tellRecovery(report);

  const base::Status replayed = m_metadataLog->replayInto(
      m_image,
      [this](const protocol::MetadataRecord& record, base::Offset offset) { noteRegistration(record, offset); });
  if (!replayed) return replayed;

  auto quorum = QuorumState::load(m_context.storage, m_metadataLog->partitionLog().directory() / kQuorumStateFile,
                                  m_config.nodeId, m_metadataLog->lastEpoch());
  if (!quorum) return base::fail(quorum.error());
  m_quorum = std::move(*quorum);
  return {};
}

void QuorumController::tellRecovery(const log::LogDirectory::OpenReport& report) {
  for (const auto& [partition, recovery] : report.cuts) {
    for (const auto& cut : recovery.cuts) {
      m_context.trace.record(
          world::LogRecovered{m_context.self, partition, logEndOffset(), cut.bytesCut, cut.toString()});
    }
  }
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
  activate();
  return {};
}

void QuorumController::activate() {
  if (m_image.features().empty() && !commit(bootstrapRecords())) return;
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
}

void QuorumController::stop() {
  if (isActive()) resign();
  if (!m_logDirectory || m_logDirectoryFailed) return;
  const base::Offset highWatermark = m_metadataLog ? m_metadataLog->highWatermark() : 0;
  const base::Status closed = m_logDirectory->closeCleanly({{metadataPartition(), highWatermark}}, -1);
  if (!closed) failLogDirectory(closed.error().message);
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

  // The first record of an empty log says itself which level it is written with.
  const auto level = m_image.features().find(std::string(kMetadataVersionFeature));
  const auto appended =
      m_metadataLog->append(records, level == m_image.features().end() ? kMetadataVersionLevel : level->second,
                            m_quorum->epoch(), m_context.clock.wallClockMs());
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
  if (m_logListener) m_logListener();
  return appended->lastOffset;
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
