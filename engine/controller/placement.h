#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/topic_partition.h"

namespace streamscope::controller {

/// A broker replicas may be placed on: registered and not shutting down.
struct UsableBroker {
  base::BrokerId id = 0;
  std::optional<std::string> rack;
  bool fenced = false;
};

/// Spreads the replicas of new partitions over racks and brokers: leaders evenly over the unfenced brokers, the
/// replicas of one partition over different racks as far as there are, fenced brokers only when the unfenced ones of a
/// rack are used up. One placer serves one topic. Source: Kafka's StripedReplicaPlacer.
///
/// Racks A{0,1,2} B{3,4,5} C{6,7,8}, three replicas, all offsets 0: [0,3,6] [4,7,1] [8,2,5] [0,3,6] ...: each partition
/// starts one rack further, and each rack one broker further.
class StripedReplicaPlacer {
 public:
  /// Draws the starting offsets from `random`, and every later shuffle too.
  StripedReplicaPlacer(std::vector<UsableBroker> brokers, base::Random& random);

  /// Replicas of the next partition, the preferred leader first. INVALID_REPLICATION_FACTOR when there are too few
  /// brokers, or none that is unfenced.
  base::Result<std::vector<base::BrokerId>> place(int32_t replicationFactor);

  /// For tests: every starting offset 0 instead of drawn.
  void resetOffsets();

 private:
  /// The brokers of one rack in one state. Within an epoch (one partition) each broker is given once; a new epoch
  /// starts one broker further.
  class BrokerList {
   public:
    void add(base::BrokerId broker) { m_brokers.push_back(broker); }
    void initialize(base::Random& random);
    void shuffle(base::Random& random);
    void resetOffset() { m_offset = 0; }
    std::optional<base::BrokerId> next(int32_t epoch);

   private:
    std::vector<base::BrokerId> m_brokers;
    size_t m_index = 0;
    size_t m_offset = 0;
    int32_t m_epoch = 0;
  };

  struct Rack {
    BrokerList unfenced;
    BrokerList fenced;

    std::optional<base::BrokerId> next(int32_t epoch);
  };

  base::Status check(int32_t replicationFactor) const;
  void shuffle();

  base::Random& m_random;
  /// In visiting order; sorted by name at first, "no rack" before all.
  std::vector<Rack> m_racks;
  int32_t m_brokerCount = 0;
  int32_t m_unfencedCount = 0;
  /// One partition is one epoch. Unlike Kafka's it never starts over, so that no list can mistake a new epoch for the
  /// one it was last used in.
  int32_t m_epoch = 0;
  int32_t m_placedSinceShuffle = 0;
  size_t m_rackOffset = 0;
};

}  // namespace streamscope::controller
