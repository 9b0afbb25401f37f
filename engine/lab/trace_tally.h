#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>

#include "base/virtual_time.h"
#include "lab/snapshot.h"
#include "world/trace.h"

namespace streamscope::lab {

/// How many in the last virtual second, in whole steps of 100 ms: the step that has just begun does not count yet.
class RateWindow {
 public:
  void add(base::VirtualTime time, int64_t count);
  double perSecond(base::VirtualTime now) const;

 private:
  static constexpr int64_t kBucketMicroseconds = 100'000;
  static constexpr int64_t kBucketsInSecond = 10;
  static constexpr int64_t kBuckets = kBucketsInSecond + 1;
  static int64_t bucketAt(base::VirtualTime time) { return base::microseconds(time) / kBucketMicroseconds; }

  std::array<int64_t, kBuckets> m_counts{};
  /// Bucket number of the newest count.
  int64_t m_newest = 0;
};

/// What a snapshot needs of the past: totals, rates, and since when a node is as it is. Reads the trace as it is
/// written.
class TraceTally {
 public:
  void add(const world::TraceEvent& event);

  struct ClientTally {
    int64_t recordsAcknowledged = 0, recordsFailed = 0, recordsConsumed = 0;
    RateWindow rate;
  };
  const ClientTally& client(world::Address address) const;
  /// Records and bytes; the gauges of Counters are the snapshot's.
  const Counters& counters() const { return m_counters; }
  /// When the node last started, stopped, was paused, fenced and so on.
  base::VirtualTime conditionSince(world::Address node) const;

 private:
  struct Visitor;

  std::map<world::Address, ClientTally> m_clients;
  std::map<world::Address, base::VirtualTime> m_conditionSince;
  /// Down or paused.
  std::set<world::Address> m_resting;
  Counters m_counters;
};

}  // namespace streamscope::lab
