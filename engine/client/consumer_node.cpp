#include "client/consumer_node.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "cluster_metadata.h"
#include "connection_states.h"
#include "fetcher.h"
#include "offset_fetcher.h"
#include "subscription_state.h"

namespace streamscope::client {

namespace {

/// A slow application tells of its progress this often.
constexpr base::Duration kWorkSlice = std::chrono::milliseconds(10);

}  // namespace

struct ConsumerNode::Impl {
  Impl(world::NodeContext& nodeContext, ConsumerConfig consumerConfig)
      : context(nodeContext),
        config(std::move(consumerConfig)),
        metadata(context, connections,
                 {config.topics.front(), config.bootstrapBrokers, config.requestTimeout, config.retryBackoff,
                  config.metadataMaxAge},
                 [this] { run(); }),
        offsets(context, config, metadata, connections, subscription, [this] { run(); }),
        fetcher(context, config, metadata, connections, subscription, [this] { run(); }) {
    for (const base::PartitionId partition : config.partitions) subscription.assign(partition);
  }

  void run() {
    // A leader hint inside an answer comes back here while the answer is being read.
    if (isRunning) return;
    isRunning = true;
    if (config.partitions.empty())
      for (base::PartitionId partition = 0; partition < metadata.partitionCount(); ++partition)
        subscription.assign(partition);
    subscription.updateLeaders(metadata);
    offsets.resetPositions();
    offsets.validatePositions();
    poll();
    fetcher.sendFetches();
    setAlarm();
    isRunning = false;
  }

  /// One call of Kafka's `poll` after another, as long as the application is not busy and there are records.
  void poll() {
    while (work.empty()) {
      work = fetcher.collect(static_cast<size_t>(config.maxPollRecords));
      if (work.empty()) return;
      if (config.processingTime > base::Duration::zero()) {
        startSlice();
        return;
      }
      finishRecords(work.size());
    }
  }

  void startSlice() {
    const auto inSlice = std::max<int64_t>(1, kWorkSlice / config.processingTime);
    const size_t records = std::min(work.size(), static_cast<size_t>(inSlice));
    context.timers.after(config.processingTime * static_cast<int64_t>(records), [this, records] {
      finishRecords(records);
      if (!work.empty())
        startSlice();
      else
        run();
    });
  }

  /// The application is done with the first `count` records.
  void finishRecords(size_t count) {
    std::map<base::PartitionId, int32_t> consumed;
    for (size_t index = 0; index < count; ++index) {
      const FetchedRecord record = work.front();
      work.pop_front();
      SubscriptionState::Position& position = subscription.at(record.partition);
      if (position.jumps != record.jumps) continue;
      position.position = record.nextPosition;
      ++consumed[record.partition];
      ++statistics.recordsConsumed;
      statistics.bytesConsumed += record.bytes;
    }
    for (const auto& [partition, records] : consumed)
      context.trace.record(world::RecordsConsumed{
          context.self, {config.topics.front(), partition}, subscription.at(partition).position, records});
  }

  /// Comes back when a backoff ends.
  void setAlarm() {
    const base::VirtualTime now = context.clock.now();
    base::VirtualTime next = base::kVirtualTimeMax;
    bool leaderUnknown = subscription.isEmpty();
    for (const auto& [partition, position] : subscription.positions()) {
      if (position.leader.broker == base::kNoBroker) {
        leaderUnknown = true;
        continue;
      }
      const base::BrokerId broker =
          position.readReplica == base::kNoBroker ? position.leader.broker : position.readReplica;
      const base::VirtualTime at = std::max(position.retryAt, connections.readyAt(broker, now));
      if (at > now) next = std::min(next, at);
    }
    if (leaderUnknown) metadata.requestUpdate();
    if (next == base::kVirtualTimeMax || (alarm != 0 && alarmDue <= next)) return;
    context.timers.cancel(alarm);
    alarmDue = next;
    alarm = context.timers.after(next - now, [this] {
      alarm = 0;
      run();
    });
  }

  world::NodeContext& context;
  const ConsumerConfig config;
  ConnectionStates connections;
  SubscriptionState subscription;
  ClusterMetadata metadata;
  OffsetFetcher offsets;
  Fetcher fetcher;
  /// Polled records the application has not worked on yet.
  std::deque<FetchedRecord> work;
  Statistics statistics;
  bool isRunning = false;
  world::TimerId alarm = 0;
  base::VirtualTime alarmDue{};
};

ConsumerNode::ConsumerNode(world::NodeContext& context, ConsumerConfig config)
    : m_impl(std::make_unique<Impl>(context, std::move(config))) {}
ConsumerNode::~ConsumerNode() = default;

void ConsumerNode::start() {
  m_impl->metadata.start();
}

/// Nobody sends requests to a client.
void ConsumerNode::onRequest(world::IncomingRequest) {}

ConsumerNode::Statistics ConsumerNode::statistics() const {
  Statistics statistics = m_impl->statistics;
  for (const auto& [partition, position] : m_impl->subscription.positions())
    statistics.positions.push_back(
        {{m_impl->config.topics.front(), partition}, position.position, position.highWatermark, position.readReplica});
  statistics.corruption = m_impl->fetcher.corruption();
  return statistics;
}

const ConsumerConfig& ConsumerNode::config() const {
  return m_impl->config;
}

}  // namespace streamscope::client
