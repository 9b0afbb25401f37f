#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lab/command.h"
#include "lab_clients.h"
#include "lab_cluster.h"

namespace streamscope::lab {

/// Carries out commands, or says in one sentence why that is impossible now. A refusal changes nothing.
class CommandExecutor {
 public:
  /// `beforeBrokerEnds` runs while the broker can still be looked at.
  CommandExecutor(LabCluster& cluster, LabClients& clients, std::function<void(base::BrokerId)> beforeBrokerEnds);

  base::Status execute(const Command& command);

 private:
  base::Status carryOut(const CreateTopic& command);
  base::Status carryOut(const DeleteTopic& command);
  base::Status carryOut(const CreatePartitions& command);
  base::Status carryOut(const AlterConfigs& command);
  base::Status carryOut(const ElectLeaders& command);
  base::Status carryOut(const ReassignPartition& command);
  base::Status carryOut(const AlterReplicaLogDir& command);
  base::Status carryOut(const StartProducer& command);
  base::Status carryOut(const StartConsumer& command);
  base::Status carryOut(const StopClient& command);
  base::Status carryOut(const KillClient& command);
  base::Status carryOut(const PauseClient& command);
  base::Status carryOut(const ResumeClient& command);
  base::Status carryOut(const KillBroker& command);
  base::Status carryOut(const StopBroker& command);
  base::Status carryOut(const StartBroker& command);
  base::Status carryOut(const PauseBroker& command);
  base::Status carryOut(const ResumeBroker& command);
  base::Status carryOut(const KillController& command);
  base::Status carryOut(const StopController& command);
  base::Status carryOut(const StartController& command);
  base::Status carryOut(const PauseController& command);
  base::Status carryOut(const ResumeController& command);
  base::Status carryOut(const CutLink& command);
  base::Status carryOut(const SetLink& command);
  base::Status carryOut(const HealLink& command);
  base::Status carryOut(const CutPower& command);
  base::Status carryOut(const SetDiskFull& command);
  base::Status carryOut(const SetDisk& command);
  base::Status setLogDirectory(const SetDisk& command);
  base::Status carryOut(const ReplaceDisk& command);
  base::Status carryOut(const FlipBit& command);
  base::Status carryOut(const SetClock& command);
  base::Status carryOut(const InjectError& command);

  base::Status checkBroker(base::BrokerId broker) const;
  base::Status checkPartition(const base::TopicPartition& partition) const;
  base::Status checkController(int32_t controller) const;
  /// The controller given, or the active one for 0.
  base::Result<int32_t> resolveController(int32_t controller) const;
  base::Status checkNode(world::Address node) const;
  void tellDisk(world::Address node);
  base::Status checkLink(world::Address a, world::Address b) const;
  base::Status checkNewClient(const std::string& name, const std::string& topic) const;
  base::Status checkTopic(const std::string& topic) const;
  base::Status checkRunningClient(const std::string& name) const;
  /// The broker given, or the leader of a partition now.
  base::Result<base::BrokerId> resolve(base::BrokerId broker,
                                       const std::optional<base::TopicPartition>& leaderOf) const;

  LabCluster& m_cluster;
  LabClients& m_clients;
  const std::function<void(base::BrokerId)> m_beforeBrokerEnds;
};

}  // namespace streamscope::lab
