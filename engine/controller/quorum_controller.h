#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cluster_control.h"
#include "controller/controller_node.h"
#include "controller/quorum_state.h"
#include "log/directory_identity.h"
#include "metadata_log.h"
#include "replication_control.h"
#include "snapshot_generator.h"
#include "world/node.h"

namespace streamscope::controller {

/// The heart of a controller: the metadata log, the image that is replayed from it, and the one way to change either.
/// A decision is a list of records: `commit` appends them as one batch, replays them into the image and tells the
/// trace; whoever asked is answered after that. Owned by ControllerNode, lives as long as the process. Source: Kafka's
/// QuorumController.
class QuorumController {
 public:
  QuorumController(world::NodeContext& context, const ControllerConfig& config);

  /// Opens the log directory, replays the log, runs for leader. A log directory that cannot be used is told to the
  /// trace and leaves the controller inactive.
  void start();
  /// Leads no more and closes the log directory cleanly.
  void stop();

  /// Called whenever there may be more to read below the high watermark, and when there will be no more (resigned).
  void onLogChanged(std::function<void()> listener) { m_logListener = std::move(listener); }

  /// Leads the quorum; everybody else is told NOT_CONTROLLER.
  bool isActive() const { return m_quorum && m_quorum->role() == QuorumRole::Leader; }
  /// NOT_CONTROLLER when it does not.
  base::Status checkActive() const;
  int32_t epoch() const { return m_quorum ? m_quorum->epoch() : 0; }
  std::optional<int32_t> leaderId() const { return m_quorum ? m_quorum->leaderId() : std::nullopt; }

  /// Appends, replays, tells. `fencingReason` says why a broker among the records is fenced. Gives the offset of the
  /// last record; nothing to write gives the log's last offset. NOT_CONTROLLER, KAFKA_STORAGE_ERROR (the controller has
  /// resigned then, and whether the records will be there after a restart is unknown).
  base::Result<base::Offset> commit(const MetadataRecords& records, const std::string& fencingReason = {});

  const MetadataImage& image() const { return m_image; }
  const ControllerConfig& config() const { return m_config; }
  base::Random& nodeRandom() { return m_context.random; }
  ClusterControl& clusterControl() { return m_clusterControl; }
  const ReplicationControl& replicationControl() const { return m_replicationControl; }
  /// Null until the log directory is open.
  const MetadataLog* metadataLog() const { return m_metadataLog ? &*m_metadataLog : nullptr; }
  base::Offset logEndOffset() const { return m_metadataLog ? m_metadataLog->logEndOffset() : 0; }
  /// The offset of a broker's latest RegisterBrokerRecord: how far it must have read before it may be unfenced.
  base::Offset registrationOffset(base::BrokerId broker) const;

 private:
  base::Status openLog();
  base::Status claimLogDirectory();
  base::Status loadLog();
  base::Status loadQuorumState();
  void tellRecovery(const std::string& reason, uint64_t bytesCut);
  base::Status claimLeadership();
  base::Status activate();
  base::Status bootstrapCluster();
  void resign();
  void failLogDirectory(const std::string& reason);
  void noteRegistration(const protocol::MetadataRecord& record, base::Offset offset);
  /// The level records are written with.
  int16_t metadataVersionLevel(const MetadataRecords& records) const;
  void maybeWriteSnapshot(uint64_t bytesAppended);

  /// Work the leader does on its own; it may ask to be called again sooner than its period.
  using PeriodicTask = std::optional<base::Duration> (QuorumController::*)();
  /// Runs `task` after `delay` and then every `period`, while this node leads.
  void schedule(PeriodicTask task, base::Duration period, base::Duration delay);
  std::optional<base::Duration> maybeFenceOneStaleBroker();
  std::optional<base::Duration> maybeBalancePartitionLeaders();
  std::optional<base::Duration> writeNoOp();

  // Constant.
  world::NodeContext& m_context;
  const ControllerConfig& m_config;
  std::function<void()> m_logListener;

  // Persistent, through the log directory.
  log::DirectoryIdentity m_identity;
  std::optional<MetadataLog> m_metadataLog;
  std::optional<QuorumState> m_quorum;

  // Replayed from the log.
  MetadataImage m_image;
  std::map<base::BrokerId, base::Offset> m_registrationOffsets;

  // Volatile.
  ClusterControl m_clusterControl;
  ReplicationControl m_replicationControl;
  SnapshotGenerator m_snapshotGenerator;
  bool m_logDirectoryFailed = false;
};

}  // namespace streamscope::controller
