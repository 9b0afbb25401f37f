#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster_control.h"
#include "controller/controller_node.h"
#include "log/directory_identity.h"
#include "metadata_log.h"
#include "raft_client.h"
#include "replication_control.h"
#include "snapshot_generator.h"
#include "world/node.h"

namespace streamscope::controller {

/// The heart of a controller: the metadata log, the image that is replayed from it, and the one way to change either.
/// A decision is a list of records: `append` writes them as one batch, replays them into the image at once and tells
/// the trace; whoever asked is answered when a majority of the quorum has them (`whenCommitted`). Only the active
/// controller runs ahead like that; the others replay what is committed, and one that loses the leadership goes back to
/// it. Owned by ControllerNode, lives as long as the process. Source: Kafka's QuorumController.
class QuorumController {
 public:
  QuorumController(world::NodeContext& context, const ControllerConfig& config);

  /// Opens the log directory and takes part in the quorum. A log directory that cannot be used is told to the trace and
  /// leaves the controller inactive.
  void start();
  /// Leads no more, closes the log directory cleanly, then calls `done`.
  void stop(std::function<void()> done);

  /// Called whenever there may be more to read, and when there will be no more (resigned).
  void onLogChanged(std::function<void()> listener) { m_logListener = std::move(listener); }

  /// Leads the quorum and has replayed everything its predecessors committed; everybody else is told NOT_CONTROLLER.
  bool isActive() const { return m_activeEpoch.has_value(); }
  /// NOT_CONTROLLER when it does not.
  base::Status checkActive() const;
  int32_t epoch() const { return m_raft ? m_raft->quorum().epoch() : 0; }
  std::optional<int32_t> leaderId() const { return m_raft ? m_raft->quorum().leaderId() : std::nullopt; }

  /// Appends, replays, tells. `fencingReason` says why a broker among the records is fenced. Gives the offset of the
  /// last record; nothing to write gives the log's last offset. NOT_CONTROLLER, KAFKA_STORAGE_ERROR (the controller has
  /// resigned then, and whether the records will be there after a restart is unknown).
  base::Result<base::Offset> append(const MetadataRecords& records, const std::string& fencingReason = {});

  /// Everything appended so far is committed.
  bool isCommitted() const;
  /// Calls `done(true)` when everything appended so far is committed, or `done(false)` when this controller leads no
  /// more before that; whether the records stay is then unknown. Kafka: DeferredEventQueue.
  void whenCommitted(std::function<void(bool isCommitted)> done);

  const MetadataImage& image() const { return m_image; }
  const ControllerConfig& config() const { return m_config; }
  base::Random& nodeRandom() { return m_context.random; }
  const world::Clock& clock() const { return m_context.clock; }
  ClusterControl& clusterControl() { return m_clusterControl; }
  const ReplicationControl& replicationControl() const { return m_replicationControl; }
  /// Null until the log directory is open.
  const MetadataLog* metadataLog() const { return m_metadataLog ? &*m_metadataLog : nullptr; }
  /// Null until then, too.
  RaftClient* raft() { return m_raft ? &*m_raft : nullptr; }
  const RaftClient* raft() const { return m_raft ? &*m_raft : nullptr; }
  base::Offset logEndOffset() const { return m_metadataLog ? m_metadataLog->logEndOffset() : 0; }
  /// The offset of a broker's latest RegisterBrokerRecord: how far it must have read before it may be unfenced.
  base::Offset registrationOffset(base::BrokerId broker) const;

 private:
  base::Status openLog();
  base::Status claimLogDirectory();
  base::Status loadLog();
  base::Status loadQuorum();
  ReplayListener replayListener();
  void tellRecovery(const std::string& reason, uint64_t bytesCut);
  RaftClient::Listener raftListener();

  // What the quorum tells.
  void onHighWatermark();
  void onSnapshotInstalled();
  void onLeaderChange();
  bool replayCommitted();

  // Taking and giving up the active role.
  void activate();
  base::Status bootstrapCluster();
  void renounce();
  void rebuildImage();
  void failLogDirectory(const std::string& reason);

  void noteRegistration(const protocol::MetadataRecord& record, base::Offset offset);
  /// The level records are written with.
  int16_t metadataVersionLevel(const MetadataRecords& records) const;
  void noteBytes(uint64_t bytes);
  void maybeWriteSnapshot();
  void answerCommitted();
  void cleanLog();

  /// Work the leader does on its own; it may ask to be called again sooner than its period.
  using PeriodicTask = std::optional<base::Duration> (QuorumController::*)();
  /// Runs `task` after `delay` and then every `period`, while this node leads.
  void schedule(PeriodicTask task, base::Duration period, base::Duration delay);
  std::optional<base::Duration> maybeFenceOneStaleBroker();
  std::optional<base::Duration> maybeBalancePartitionLeaders();
  std::optional<base::Duration> maybeElectUncleanLeaders();
  std::optional<base::Duration> writeNoOp();

  // Constant.
  world::NodeContext& m_context;
  const ControllerConfig& m_config;
  std::function<void()> m_logListener;

  // Persistent, through the log directory.
  log::DirectoryIdentity m_identity;
  std::optional<MetadataLog> m_metadataLog;
  std::optional<RaftClient> m_raft;

  // Replayed from the log: up to its end while active, else up to the high watermark.
  MetadataImage m_image;
  std::map<base::BrokerId, base::Offset> m_registrationOffsets;

  // Volatile.
  ClusterControl m_clusterControl;
  ReplicationControl m_replicationControl;
  SnapshotGenerator m_snapshotGenerator;
  /// Why a snapshot is due, as soon as the image has only committed records.
  std::string m_snapshotReason;
  /// The epoch this controller is active in.
  std::optional<int32_t> m_activeEpoch;
  struct Deferred {
    /// Answered when the high watermark is here.
    base::Offset endOffset = 0;
    std::function<void(bool isCommitted)> done;
  };
  /// By offset.
  std::vector<Deferred> m_deferred;
  bool m_logDirectoryFailed = false;
};

}  // namespace streamscope::controller
