#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "world/node.h"

namespace streamscope::client {

/// Kafka's producer configs in camelCase with Kafka's defaults, and what this producer writes.
struct ProducerConfig {
  std::string clientId;
  /// Brokers asked for metadata first.
  std::vector<base::BrokerId> bootstrapBrokers;

  int16_t acks = -1;
  bool enableIdempotence = true;
  int32_t batchSize = 16'384;
  base::Duration linger = std::chrono::milliseconds(5);
  int32_t maxInFlightRequestsPerConnection = 5;
  int32_t maxRequestSize = 1'048'576;
  int64_t bufferMemory = 33'554'432;
  base::Duration requestTimeout = std::chrono::milliseconds(30'000);
  base::Duration deliveryTimeout = std::chrono::milliseconds(120'000);
  base::Duration retryBackoff = std::chrono::milliseconds(100);
  base::Duration metadataMaxAge = std::chrono::milliseconds(300'000);

  std::string topic;
  double recordsPerSecond = 10;
  int32_t recordBytes = 100;
  /// 0: no key.
  int32_t keys = 0;
  /// 0: never stops by itself.
  int64_t recordsMax = 0;
};

/// A simulated producer with a workload. Behaves as Kafka's Java producer does: accumulator, sticky or murmur2
/// partitioning, idempotent sequences, retries after a leader change, delivery timeout.
class ProducerNode : public world::Node {
 public:
  ProducerNode(world::NodeContext& context, ProducerConfig config);
  ~ProducerNode() override;

  void start() override;
  void onRequest(world::IncomingRequest request) override;
  /// Flushes what is buffered, then done.
  void stop(std::function<void()> done) override;

  struct Statistics {
    int64_t producerId = -1;
    int16_t producerEpoch = -1;
    int64_t recordsSent = 0, recordsAcknowledged = 0, recordsFailed = 0, recordsInFlight = 0, retries = 0;
    int64_t bytesAcknowledged = 0;
  };
  Statistics statistics() const;
  const ProducerConfig& config() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::client
