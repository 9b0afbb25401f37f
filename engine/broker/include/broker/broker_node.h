#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "broker/hosted_coordinator.h"
#include "controller/metadata_image.h"
#include "log/partition_log.h"
#include "world/node.h"

namespace streamscope::broker {

/// One replica as its broker sees it, for the lab's snapshot.
struct ReplicaView {
  base::TopicPartition partition;
  bool isLeader = false;
  base::LeaderEpoch leaderEpoch = -1;
  base::Offset logStartOffset = 0, highWatermark = 0, logEndOffset = 0;
  uint64_t bytes = 0;
  /// Its place among the log directories.
  int32_t logDirectory = 0;
};

/// One of a broker's log directories, for the lab's snapshot.
struct LogDirectoryView {
  /// "" when it is the node's own directory.
  std::string name;
  /// As requests name it: "broker-1", or "broker-1/logs-2".
  std::string path;
  base::Uuid id;
  /// Empty, or why it is offline.
  std::string failure;
};

enum class BrokerLifecycle : uint8_t { Starting, Recovery, Running, PendingControlledShutdown, ShuttingDown };

/// One broker: serves clients and followers, follows other leaders, registers with the controller, keeps its log
/// directory. Everything it says to others is a Kafka request.
class BrokerNode : public world::Node {
 public:
  /// With the coordinators that live in it.
  BrokerNode(world::NodeContext& context, BrokerConfig config, std::vector<CoordinatorFactory> coordinators = {});
  ~BrokerNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;
  /// Controlled shutdown (Kafka: controlled.shutdown.enable), then a clean close of the log directory.
  void stop(std::function<void()> done) override;

  // For the lab's snapshot.

  BrokerLifecycle lifecycle() const;
  bool isFenced() const;
  int64_t brokerEpoch() const;
  const controller::MetadataImage& image() const;
  /// Sorted by partition.
  std::vector<ReplicaView> replicas() const;
  /// In the order of log.dirs.
  std::vector<LogDirectoryView> logDirectories() const;
  /// Those in log directories that are offline.
  std::vector<base::TopicPartition> offlineReplicas() const;
  /// Null when this broker has no such replica online.
  const log::PartitionLog* findLog(const base::TopicPartition& partition) const;
  /// In the order in which they were given; none before it has claimed its log directories.
  std::vector<const HostedCoordinator*> coordinators() const;
  /// Set when the broker has halted for its disk: the last log directory, or the first, is offline or could not be
  /// opened.
  std::optional<std::string> logDirectoryFailure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::broker
