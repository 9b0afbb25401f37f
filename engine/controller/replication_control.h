#pragma once

#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "cluster_control.h"
#include "controller/controller_node.h"
#include "controller/metadata_image.h"
#include "partition_change_builder.h"

namespace streamscope::controller {

using MetadataRecords = std::vector<protocol::MetadataRecord>;

/// What becomes of partitions when brokers come and go. Every function appends records to what the caller will write;
/// the image changes only when they are replayed. Source: Kafka's ReplicationControlManager.
class ReplicationControl {
 public:
  ReplicationControl(const MetadataImage& image, const ClusterControl& clusterControl, const ControllerConfig& config);

  /// The broker leaves every ISR, its partitions get other leaders, then it is fenced.
  void handleBrokerFenced(base::BrokerId broker, MetadataRecords& records) const;
  /// The broker is unfenced, and leads those leaderless partitions it is a candidate for.
  void handleBrokerUnfenced(base::BrokerId broker, MetadataRecords& records) const;
  /// As fencing, but the broker goes on serving until its leaderships are elsewhere.
  void handleBrokerInControlledShutdown(base::BrokerId broker, MetadataRecords& records) const;
  /// The broker leaves every ISR and its partitions get other leaders: a new process has registered, and what the old
  /// one led and was in sync with is over. Part of fencing and of controlled shutdown too.
  void removeFromIsrs(base::BrokerId broker, MetadataRecords& records) const;
  /// The broker reports log directories that went offline; replicas in them leave their ISRs.
  void handleDirectoriesOffline(base::BrokerId broker, const std::vector<base::Uuid>& offline,
                                MetadataRecords& records) const;

  /// The broker has these replicas in a directory that is offline; they leave their ISRs.
  void handleOfflineReplicas(base::BrokerId broker,
                             const std::set<std::pair<base::Uuid, base::PartitionId>>& partitions,
                             MetadataRecords& records) const;

  /// Gives leadership back to preferred replicas that are in sync, at most `electionsMax` of them.
  void electPreferredLeaders(size_t electionsMax, MetadataRecords& records) const;

  /// For partitions without a leader whose topic allows unclean elections now (its config was changed), at most
  /// `electionsMax` of them.
  void electUncleanLeaders(size_t electionsMax, MetadataRecords& records) const;

  bool hasLeaderships(base::BrokerId broker) const;

  /// A builder for a decision about one partition, with the election its topic allows.
  PartitionChangeBuilder changeOf(const TopicImage& topic, base::PartitionId partition) const;

 private:
  struct Change {
    /// Out of the ISR, and no leader any more.
    base::BrokerId brokerToRemove = base::kNoBroker;
    /// May lead although the image still has it fenced.
    base::BrokerId brokerToAdd = base::kNoBroker;
  };
  void generateLeaderAndIsrUpdates(const Change& change,
                                   const std::function<bool(const PartitionRegistration&)>& concerns,
                                   MetadataRecords& records) const;

  const MetadataImage& m_image;
  const ClusterControl& m_clusterControl;
  const ControllerConfig& m_config;
};

}  // namespace streamscope::controller
