#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/topic_partition.h"
#include "protocol/api_key.h"
#include "world/address.h"

namespace streamscope::world {

// Bounds of one real client's connection. Frames that came in while the broker works on an earlier request wait; when
// there are this many, or this many bytes, World::wantsMore is false and the host stops reading from the socket. What
// it read already it may still hand over; at twice a bound the connection is closed.
inline constexpr size_t kQueuedFramesMax = 1'000;
inline constexpr size_t kQueuedBytesMax = 104'857'600;
/// Largest frame (Kafka: socket.request.max.bytes); a larger one closes the connection.
inline constexpr size_t kRequestBytesMax = 104'857'600;

/// What is known of a real client's connection; for snapshots.
struct ExternalConnectionState {
  Address address, broker;
  std::string peer;
  /// client.id of its last request; software name and version ("librdkafka 2.0.2") once an ApiVersions told them.
  std::string clientId, software;
  /// Requests handed to the broker.
  int64_t requests = 0;
  /// With the size prefixes.
  int64_t bytesIn = 0, bytesOut = 0;
  std::optional<protocol::ApiKey> lastApi;
  /// Partitions of its last Produce and of its last Fetch with any. A topic that was named only by its id has the id's
  /// text as its name.
  std::vector<base::TopicPartition> producesTo, fetchesFrom;
  /// Frames that wait, and their bytes.
  size_t queuedFrames = 0, queuedBytes = 0;
};

}  // namespace streamscope::world
