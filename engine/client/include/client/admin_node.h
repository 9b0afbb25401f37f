#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "world/node.h"

namespace streamscope::client {

/// Kafka's admin client configs in camelCase with Kafka's defaults.
struct AdminConfig {
  std::string clientId;
  std::vector<base::BrokerId> bootstrapBrokers;
  base::Duration requestTimeout = std::chrono::milliseconds(30'000);
  base::Duration retryBackoff = std::chrono::milliseconds(100);
  /// How long one operation may take with all its retries.
  base::Duration defaultApiTimeout = std::chrono::milliseconds(60'000);
};

struct NewTopic {
  std::string name;
  int32_t partitions = 1;
  int16_t replicationFactor = 1;
  std::map<std::string, std::string> configs;
};

/// Configs of a topic, of one broker, or (broker 0) the default of all brokers.
struct ConfigChanges {
  std::string topic;
  std::optional<base::BrokerId> broker;
  /// No value: the key is deleted.
  std::map<std::string, std::optional<std::string>> configs;
};

enum class ElectionType : int8_t { Preferred = 0, Unclean = 1 };

/// An administrator inside the world: tells a broker what to do in Kafka's requests and tries again while the cluster
/// is not ready for it. Outcomes come as virtual time passes.
class AdminNode : public world::Node {
 public:
  using Outcome = std::function<void(base::Status)>;

  AdminNode(world::NodeContext& context, AdminConfig config);
  ~AdminNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;

  /// Waits for as many brokers as the topic has replicas, then creates it. Refused with the broker's code and sentence,
  /// or REQUEST_TIMED_OUT after the API timeout.
  void createTopic(NewTopic topic, Outcome onOutcome);
  void deleteTopic(std::string topic, Outcome onOutcome);
  /// `partitions` in all; replicas of each new one, or none for the controller to place them.
  void createPartitions(std::string topic, int32_t partitions, std::vector<std::vector<base::BrokerId>> assignments,
                        Outcome onOutcome);
  void alterConfigs(ConfigChanges changes, Outcome onOutcome);
  /// No partitions: all. The first refusal is told; that a partition needs no election is none.
  void electLeaders(ElectionType type, std::vector<base::TopicPartition> partitions, Outcome onOutcome);
  /// The controller accepts; moving takes time. No replicas: what is under way stops.
  void reassignPartition(base::TopicPartition partition, std::vector<base::BrokerId> replicas, Outcome onOutcome);
  /// The broker begins to copy; DescribeLogDirs tells when it is done. `path` is one of DescribeLogDirs.
  void alterReplicaLogDir(base::BrokerId broker, base::TopicPartition partition, std::string path, Outcome onOutcome);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::client
