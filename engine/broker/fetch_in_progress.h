#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "partition.h"
#include "protocol/messages/fetch.h"
#include "replication_quota.h"
#include "world/network.h"

namespace streamscope::broker {

/// A Fetch being answered: what was asked, partition by partition, and the response that grows from it. Kept while the
/// request waits in purgatory, because completing it reads again.
struct FetchInProgress {
  world::ReplyHandle reply;
  /// The follower that asks, or kNoBroker for a consumer.
  base::BrokerId replicaId = base::kNoBroker;
  int64_t replicaEpoch = -1;
  /// A consumer's client.rack; empty when its version of Fetch cannot tell: it is then read from the leader alone.
  std::optional<std::string> clientRack;
  base::Duration waitMax{0};
  int64_t bytesMin = 0;
  int64_t bytesMax = 0;

  struct Slot {
    /// Null when the partition was refused; the answer then has the error.
    std::shared_ptr<Partition> partition;
    PartitionFetch question;
    /// Its place in the response.
    size_t topicIndex = 0, partitionIndex = 0;
  };
  std::vector<Slot> slots;
  protocol::FetchResponse response;

  bool isFromFollower() const { return replicaId >= 0; }
};

/// What one pass over the partitions found.
struct FetchPass {
  int64_t bytes = 0;
  /// An error, a diverging epoch or another replica to read from: no reason to wait.
  bool mustAnswerNow = false;
};

/// What every fetch of a broker goes by.
struct FetchSurroundings {
  const controller::MetadataImage& image;
  ReplicationQuota& leaderQuota;

  /// The follower gets no records of this partition now: its replica is throttled and not in sync, and the quota is
  /// used up.
  bool shouldThrottle(const Partition& partition, base::BrokerId follower) const;
};

/// Reads every partition of the request within its limits and fills the response. On the first pass a follower's
/// offsets are also taken over by the leader; its answer carries the high watermark of before, as in Kafka.
FetchPass readPartitions(FetchInProgress& fetch, const FetchSurroundings& surroundings, bool updateFollower);

/// The response is about to be sent: records of throttled replicas count against the quota.
void countThrottled(const FetchInProgress& fetch, const FetchSurroundings& surroundings);

}  // namespace streamscope::broker
