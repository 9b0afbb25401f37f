#pragma once

#include <string>
#include <vector>

#include "controller/metadata_image.h"

namespace streamscope::controller {

/// A log directory's id for tests.
inline base::Uuid directoryOf(base::BrokerId broker) {
  return {1000, static_cast<uint64_t>(broker)};
}

inline protocol::RegisterBrokerRecord registered(base::BrokerId broker, bool fenced = false) {
  protocol::RegisterBrokerRecord record;
  record.brokerId = broker;
  record.incarnationId = {500, static_cast<uint64_t>(broker)};
  record.brokerEpoch = 100 + broker;
  record.fenced = fenced;
  record.logDirs = {directoryOf(broker)};
  return record;
}

inline protocol::PartitionRecord partitionOf(const base::Uuid& topicId, base::PartitionId partition,
                                             std::vector<base::BrokerId> replicas, std::vector<base::BrokerId> isr,
                                             base::BrokerId leader) {
  protocol::PartitionRecord record;
  record.partitionId = partition;
  record.topicId = topicId;
  for (const base::BrokerId broker : replicas) record.directories.push_back(directoryOf(broker));
  record.replicas = std::move(replicas);
  record.isr = std::move(isr);
  record.leader = leader;
  record.leaderEpoch = 0;
  record.partitionEpoch = 0;
  return record;
}

/// "isr=[1, 2] leader=2" of what a change record names.
inline std::string changeText(const protocol::PartitionChangeRecord& record) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
  if (record.isr) {
    std::string isr;
    for (const base::BrokerId broker : *record.isr) isr += (isr.empty() ? "" : ", ") + std::to_string(broker);
    add("isr=[" + isr + "]");
  }
  if (record.leader != kNoLeaderChange) add("leader=" + std::to_string(record.leader));
  if (record.leaderRecoveryState >= 0) add("recovery=" + std::to_string(record.leaderRecoveryState));
  return text;
}

}  // namespace streamscope::controller
