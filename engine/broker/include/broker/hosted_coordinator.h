#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/topic_partition.h"
#include "protocol/api_key.h"
#include "world/network.h"

namespace streamscope::broker {

class CoordinatorHost;

/// A topic that is gone, as far as a coordinator has to know.
struct DeletedTopic {
  std::string name;
  std::vector<base::PartitionId> partitions;
};

/// A coordinator that lives in a broker: it keeps its state in an internal topic and answers for those of the topic's
/// partitions that its broker leads (Kafka: GroupCoordinator, TransactionCoordinator, ShareCoordinator). The broker
/// owns it, tells it what happens and gives it the requests that are its own. All calls come from the world's thread,
/// from the moment on when the broker has taken up its replicas.
class HostedCoordinator {
 public:
  virtual ~HostedCoordinator() = default;

  /// The internal topic, such as "__consumer_offsets".
  virtual std::string_view topic() const = 0;
  /// The requests it answers.
  virtual std::span<const protocol::ApiKey> apiKeys() const = 0;
  /// Answers now or later through the host's network.
  virtual void handle(world::IncomingRequest request) = 0;

  /// The broker leads this partition of the topic from this epoch on. May be told again for the same epoch.
  virtual void onElection(base::PartitionId partition, base::LeaderEpoch leaderEpoch) = 0;
  /// ... and no longer does.
  virtual void onResignation(base::PartitionId partition, const std::string& reason) = 0;
  /// Of a partition that the broker leads; may come from inside CoordinatorHost::append.
  virtual void onHighWatermarkMoved(base::PartitionId partition, base::Offset highWatermark) = 0;
  /// The image has changed, and these topics are gone with it.
  virtual void onMetadataChanged(const std::vector<DeletedTopic>& deleted) = 0;

  /// The broker goes away: whoever waits for an answer is disconnected, and no alarm does anything any more.
  virtual void stop(const std::string& reason) = 0;
};

/// Makes a coordinator for the broker that it will live in. The host outlives it.
using CoordinatorFactory = std::function<std::unique_ptr<HostedCoordinator>(CoordinatorHost& host)>;

}  // namespace streamscope::broker
