#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/coordinator_host.h"
#include "broker/hosted_coordinator.h"
#include "metadata_delta.h"
#include "partition.h"
#include "replica_manager.h"
#include "replication_listener.h"

namespace streamscope::broker {

/// The coordinators of a broker, which it was given when it was made: passes them their requests and tells them of
/// elections, of what is replicated and of topics that go.
class CoordinatorHosting : public CoordinatorHost, public ReplicationListener {
 public:
  CoordinatorHosting(world::NodeContext& context, const BrokerConfig& config, const controller::MetadataImage& image,
                     ReplicaManager& replicaManager, const std::vector<CoordinatorFactory>& factories);
  ~CoordinatorHosting() override;

  /// Whose request this is; null when it is nobody's.
  HostedCoordinator* coordinatorOf(protocol::ApiKey api) const;
  std::vector<const HostedCoordinator*> coordinators() const;

  /// After the replicas have followed.
  void applyMetadata(const MetadataDelta& delta);
  void stop(const std::string& reason);

  void onReplicated(const Partition& partition) override;

  world::NodeContext& node() override { return m_context; }
  const BrokerConfig& config() const override { return m_config; }
  const controller::MetadataImage& image() const override { return m_image; }
  const log::PartitionLog* log(const base::TopicPartition& partition) const override;
  base::Result<base::Offset> append(const base::TopicPartition& partition, base::LeaderEpoch leaderEpoch,
                                    const base::SharedBytes& batch) override;
  size_t batchBytesMax(const base::TopicPartition& partition) const override;

 private:
  std::vector<DeletedTopic> takeDeleted(const MetadataDelta& delta);
  void tellElections(HostedCoordinator& coordinator, const MetadataDelta& delta);
  void tellElection(HostedCoordinator& coordinator, const base::TopicPartition& partition);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  const controller::MetadataImage& m_image;
  ReplicaManager& m_replicaManager;
  std::vector<std::unique_ptr<HostedCoordinator>> m_coordinators;
  /// The image forgets a topic before anybody can ask what it was called.
  std::map<base::Uuid, DeletedTopic> m_topics;
  /// Leads, as far as its coordinator was told.
  std::map<base::TopicPartition, base::LeaderEpoch> m_led;
};

}  // namespace streamscope::broker
