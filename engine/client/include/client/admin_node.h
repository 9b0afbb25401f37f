#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::client
