#include "trace_tally.h"

#include <algorithm>
#include <string_view>

namespace streamscope::lab {

void RateWindow::add(base::VirtualTime time, int64_t count) {
  const int64_t bucket = bucketAt(time);
  for (int64_t stale = std::max(m_newest + 1, bucket - kBuckets + 1); stale <= bucket; ++stale)
    m_counts[static_cast<size_t>(stale % kBuckets)] = 0;
  m_newest = bucket;
  m_counts[static_cast<size_t>(bucket % kBuckets)] += count;
}

double RateWindow::perSecond(base::VirtualTime now) const {
  int64_t total = 0;
  const int64_t end = bucketAt(now);
  for (int64_t bucket = std::max<int64_t>(0, end - kBucketsInSecond); bucket < end; ++bucket)
    // Older than what is kept, or newer than the last count: nothing happened then.
    if (bucket > m_newest - kBuckets && bucket <= m_newest) total += m_counts[static_cast<size_t>(bucket % kBuckets)];
  return static_cast<double>(total);
}

namespace {

/// Kafka's own topics ("__consumer_offsets", "__cluster_metadata") are no traffic of the learner's.
bool isInternal(const base::TopicPartition& partition) {
  return partition.topic.starts_with("__");
}

bool isClient(world::Address address) {
  return address.kind == world::NodeKind::Client || address.kind == world::NodeKind::External;
}

}  // namespace

struct TraceTally::Visitor {
  TraceTally& tally;
  base::VirtualTime time;

  void operator()(const world::RecordsAppended& event) const {
    if (!event.asLeader || isInternal(event.partition)) return;
    tally.m_counters.recordsProduced += event.lastOffset - event.firstOffset + 1;
    tally.m_counters.bytesIn += event.bytes;
  }
  void operator()(const world::ResponseSent& event) const {
    if (event.api == protocol::ApiKey::Fetch && isClient(event.to)) tally.m_counters.bytesOut += event.recordBytes;
  }
  void operator()(const world::RecordsAcknowledged& event) const {
    ClientTally& client = tally.m_clients[event.client];
    client.recordsAcknowledged += event.records;
    client.rate.add(time, event.records);
  }
  void operator()(const world::RecordsFailed& event) const {
    tally.m_clients[event.client].recordsFailed += event.records;
  }
  void operator()(const world::RecordsConsumed& event) const {
    ClientTally& client = tally.m_clients[event.client];
    client.recordsConsumed += event.records;
    client.rate.add(time, event.records);
    tally.m_counters.recordsConsumed += event.records;
  }
  void operator()(const world::NodeStarted& event) const { acts(event.node); }
  void operator()(const world::NodeResumed& event) const { acts(event.node); }
  void operator()(const world::NodeStopped& event) const { rests(event.node); }
  void operator()(const world::NodePaused& event) const { rests(event.node); }
  /// The broker halts.
  void operator()(const world::LogDirectoryFailed& event) const { rests(event.node); }
  void operator()(const world::BrokerFenced& event) const { isJudged(event.broker); }
  void operator()(const world::BrokerUnfenced& event) const { isJudged(event.broker); }
  template <class Other>
  void operator()(const Other&) const {}

  void acts(world::Address node) const {
    tally.m_resting.erase(node);
    tally.m_conditionSince[node] = time;
  }
  void rests(world::Address node) const {
    tally.m_resting.insert(node);
    tally.m_conditionSince[node] = time;
  }
  /// The controller fences a broker long after it died; it has been down since it died.
  void isJudged(world::Address node) const {
    if (!tally.m_resting.contains(node)) tally.m_conditionSince[node] = time;
  }
};

void TraceTally::add(const world::TraceEvent& event) {
  std::visit(Visitor{*this, event.time}, event.payload);
}

const TraceTally::ClientTally& TraceTally::client(world::Address address) const {
  static const ClientTally kNone;
  const auto found = m_clients.find(address);
  return found == m_clients.end() ? kNone : found->second;
}

base::VirtualTime TraceTally::conditionSince(world::Address node) const {
  const auto found = m_conditionSince.find(node);
  return found == m_conditionSince.end() ? base::VirtualTime{} : found->second;
}

}  // namespace streamscope::lab
