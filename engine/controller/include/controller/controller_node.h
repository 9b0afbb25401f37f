#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/known_bug.h"
#include "base/virtual_time.h"
#include "controller/metadata_image.h"
#include "controller/quorum_role.h"
#include "log/partition_log.h"
#include "world/node.h"

namespace streamscope::controller {

/// Kafka's config keys in camelCase with Kafka's defaults.
struct ControllerConfig {
  int32_t nodeId = 100;
  /// Kafka's process.roles=broker,controller: the broker of the same id has the directory too, and locks it.
  bool sharesDirectoryWithBroker = false;
  std::string clusterId;
  /// controller.quorum.voters: the ids of all controllers, sorted; empty: this one alone.
  std::vector<int32_t> quorumVoters;
  base::Duration quorumElectionTimeout = std::chrono::milliseconds(1000);
  base::Duration quorumFetchTimeout = std::chrono::milliseconds(2000);
  base::Duration quorumElectionBackoffMax = std::chrono::milliseconds(1000);
  base::Duration quorumRequestTimeout = std::chrono::milliseconds(2000);
  base::Duration quorumRetryBackoff = std::chrono::milliseconds(20);
  base::Duration brokerSessionTimeout = std::chrono::milliseconds(9000);
  /// Used by CreateTopics with -1.
  int32_t numPartitions = 1;
  int16_t defaultReplicationFactor = 1;
  int32_t minInsyncReplicas = 1;
  bool uncleanLeaderElectionEnable = false;
  int32_t metadataLogSegmentBytes = 1'073'741'824;
  /// The oldest snapshot goes, and with it the log before the next one, while log and snapshots together are larger
  /// than so many bytes (-1: never), or when its last record is so old.
  int64_t metadataMaxRetentionBytes = 100 * 1024 * 1024;
  base::Duration metadataMaxRetention = std::chrono::hours(7 * 24);
  /// A snapshot of the metadata log is written after so many bytes of records, and after so long; 0: not by time.
  int64_t metadataLogMaxRecordBytesBetweenSnapshots = 20 * 1024 * 1024;
  base::Duration metadataLogMaxSnapshotInterval = std::chrono::hours(1);
  /// Every such interval a NoOpRecord is written; 0 writes none.
  base::Duration metadataMaxIdleInterval = std::chrono::milliseconds(500);
  bool autoLeaderRebalanceEnable = true;
  base::Duration leaderImbalanceCheckInterval = std::chrono::seconds(300);
  /// Internal in Kafka: how often partitions without a leader are looked at whose topic allows unclean elections by now.
  base::Duration uncleanLeaderElectionInterval = std::chrono::seconds(300);
  /// Not Kafka's: mistakes that were switched on.
  base::KnownBugs bugs;
};

/// A controller: a voter of the quorum that keeps the metadata log (`__cluster_metadata-0`). The one that is elected
/// decides and serves the others' Fetch of that log; they stand by. An only controller leads from its start.
class ControllerNode : public world::Node {
 public:
  ControllerNode(world::NodeContext& context, ControllerConfig config);
  ~ControllerNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;
  void stop(std::function<void()> done) override;

  /// For the lab's snapshot.
  const MetadataImage& image() const;
  /// Leads the quorum and decides.
  bool isActive() const;
  int32_t epoch() const;
  /// Who leads the epoch, as far as this controller knows.
  std::optional<int32_t> leaderId() const;
  /// Unattached before the log directory was opened.
  QuorumRole role() const;
  base::Offset logStartOffset() const;
  base::Offset logEndOffset() const;
  base::Offset highWatermark() const;
  /// The metadata log; null before the log directory was opened.
  const log::PartitionLog* metadataLog() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::controller
