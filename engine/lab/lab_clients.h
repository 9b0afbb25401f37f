#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "client/consumer_node.h"
#include "client/producer_node.h"
#include "lab/command.h"
#include "lab_cluster.h"

namespace streamscope::client {
class AdminNode;
}

namespace streamscope::lab {

/// The simulated clients of a lab by their names, and the administrator who creates and changes topics for it. A client
/// whose topic is still being created starts when that is there.
class LabClients {
 public:
  /// Address of the administrator; above every other client's.
  static constexpr int32_t kAdminId = 10'000;

  struct Client {
    std::variant<StartProducer, StartConsumer> command;
    int32_t id = 0;
    bool isRunning = true;
    /// What it last told of itself.
    client::ProducerNode::Statistics producer;
    client::ConsumerNode::Statistics consumer;

    world::Address address() const { return world::clientAddress(id); }
  };

  /// `onAdminOutcome` learns how what the administrator was told to do ended.
  using AdminOutcome = std::function<void(const Command& command, const base::Status& outcome)>;
  LabClients(LabCluster& cluster, AdminOutcome onAdminOutcome);

  void startAdmin();
  void createTopic(const CreateTopic& command);
  void deleteTopic(const DeleteTopic& command);
  void createPartitions(const CreatePartitions& command);
  void alterConfigs(const AlterConfigs& command);
  void electLeaders(const ElectLeaders& command);
  void reassignPartition(const ReassignPartition& command);
  void alterReplicaLogDir(const AlterReplicaLogDir& command, const std::string& path);
  bool isBeingCreated(const std::string& topic) const { return m_beingCreated.contains(topic); }

  bool isRunning(const std::string& name) const;
  void start(const StartProducer& command);
  void start(const StartConsumer& command);
  /// A producer flushes first, a member of a group leaves it. The name is free again at once.
  void stop(const std::string& name);
  /// Those below are for a client that runs.
  void kill(const std::string& name);
  void pause(const std::string& name);
  void resume(const std::string& name);
  bool isPaused(const std::string& name) const;
  /// False while it waits for its topic.
  bool isStarted(const std::string& name) const;
  /// Every client that runs.
  void stopAll();

  /// With fresh statistics, sorted by name.
  const std::map<std::string, Client>& clients();

 private:
  client::AdminNode& admin();
  void add(const std::string& name, Client client);
  void refresh(Client& client);
  void onTopicCreated(const CreateTopic& command, const base::Status& outcome);

  LabCluster& m_cluster;
  const AdminOutcome m_onAdminOutcome;
  std::map<std::string, Client> m_clients;
  int32_t m_nextId = 1;
  std::set<std::string> m_beingCreated;
};

}  // namespace streamscope::lab
