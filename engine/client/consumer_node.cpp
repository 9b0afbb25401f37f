#include "client/consumer_node.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "cluster_metadata.h"
#include "connection_states.h"
#include "consumer_coordinator.h"
#include "fetcher.h"
#include "offset_fetcher.h"
#include "subscription_state.h"

namespace streamscope::client {

using FetchState = SubscriptionState::FetchState;

namespace {

/// A slow application tells of its progress this often.
constexpr base::Duration kWorkSlice = std::chrono::milliseconds(10);

}  // namespace

struct ConsumerNode::Impl {
  Impl(world::NodeContext& nodeContext, ConsumerConfig consumerConfig)
      : context(nodeContext),
        config(std::move(consumerConfig)),
        metadata(
            context, connections,
            {config.topics, config.bootstrapBrokers, config.requestTimeout, config.retryBackoff, config.metadataMaxAge},
            [this] { onMetadata(); }),
        offsets(context, config, metadata, connections, subscription, [this] { run(); }),
        fetcher(context, config, metadata, connections, subscription, [this] { run(); }) {
    if (config.isMember())
      coordinator.emplace(context, config, metadata, connections, subscription,
                          ConsumerCoordinator::Hooks{
                              [this] { return isPolling(); }, [this] { run(); },
                              [this](base::ErrorCode error, const std::string& reason) { fail(error, reason); }});
    else
      for (const base::PartitionId partition : config.partitions) subscription.assign({0, partition});
  }

  void onMetadata() {
    if (coordinator) coordinator->onMetadata();
    run();
  }

  /// The application waits for records.
  bool isPolling() const { return work.empty() && !isCommitting; }

  void run() {
    // A leader hint inside an answer comes back here while the answer is being read.
    if (isRunning || isEnded) return;
    isRunning = true;
    if (coordinator)
      runAsMember();
    else if (config.partitions.empty())
      for (base::PartitionId partition = 0; partition < metadata.partitionCount(); ++partition)
        subscription.assign({0, partition});
    subscription.updateLeaders(metadata);
    failWithoutOffset();
    if (!isEnded) read();
    isRunning = false;
  }

  void read() {
    offsets.resetPositions();
    offsets.validatePositions();
    if (isPolling()) poll();
    fetcher.sendFetches();
    setAlarm();
  }

  /// What a busy application does only when it polls again.
  void runAsMember() {
    if (isPolling()) coordinator->poll();
    subscription.updateLeaders(metadata);
    if (!isEnded) coordinator->initializePositions();
  }

  /// auto.offset.reset=none: the application is told that there is nothing to begin at.
  void failWithoutOffset() {
    if (config.autoOffsetReset != AutoOffsetReset::None || isEnded) return;
    for (const auto& [key, position] : subscription.positions())
      if (position.state == FetchState::AwaitReset)
        return fail(base::ErrorCode::NONE, "There is no offset to begin at in " + metadata.named(key).toString() +
                                               ", and auto.offset.reset is none (NoOffsetForPartitionException).");
  }

  /// One call of Kafka's `poll` after another, as long as the application is not busy and there are records.
  void poll() {
    while (isPolling() && !isEnded) {
      work = fetcher.collect(static_cast<size_t>(config.maxPollRecords));
      if (work.empty()) return;
      if (config.processingTime > base::Duration::zero()) {
        startSlice();
        return;
      }
      finishRecords(work.size());
      finishPoll();
    }
  }

  void startSlice() {
    const auto inSlice = std::max<int64_t>(1, kWorkSlice / config.processingTime);
    const size_t records = std::min(work.size(), static_cast<size_t>(inSlice));
    context.timers.after(config.processingTime * static_cast<int64_t>(records), [this, records] {
      // Whoever is closed has dropped its work.
      if (isEnded) return;
      finishRecords(records);
      if (!work.empty()) {
        startSlice();
        return;
      }
      finishPoll();
      run();
    });
  }

  /// The application is done with the first `count` records.
  void finishRecords(size_t count) {
    std::map<PartitionKey, int32_t> consumed;
    for (size_t index = 0; index < count; ++index) {
      const FetchedRecord record = work.front();
      work.pop_front();
      SubscriptionState::Position* position = subscription.find(record.partition, record.jumps);
      if (position == nullptr) continue;
      position->position = record.nextPosition;
      ++consumed[record.partition];
      ++statistics.recordsConsumed;
      statistics.bytesConsumed += record.bytes;
    }
    for (const auto& [key, records] : consumed)
      context.trace.record(
          world::RecordsConsumed{context.self, metadata.named(key), subscription.find(key)->position, records});
  }

  /// The application has worked on all that the last poll gave.
  void finishPoll() {
    if (!coordinator || config.commitCall == CommitCall::None) return;
    if (config.commitCall == CommitCall::Async) return coordinator->commitAsync();
    isCommitting = true;
    coordinator->commitSync([this] {
      isCommitting = false;
      run();
    });
  }

  /// The application saw an exception and closes its consumer.
  void fail(base::ErrorCode error, const std::string& reason) {
    if (isEnded) return;
    statistics.failure = reason;
    context.trace.record(world::ConsumerFailed{context.self, static_cast<int16_t>(error), reason});
    end(nullptr);
  }

  void end(std::function<void()> done) {
    const bool wasEnded = std::exchange(isEnded, true);
    work.clear();
    if (coordinator && !wasEnded)
      coordinator->close([done = std::move(done)] {
        if (done) done();
      });
    else if (done)
      done();
  }

  /// Comes back when a backoff ends.
  void setAlarm() {
    const base::VirtualTime now = context.clock.now();
    base::VirtualTime next = base::kVirtualTimeMax;
    bool leaderUnknown = subscription.isEmpty() && !coordinator;
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
  /// None for a consumer with assigned partitions.
  std::optional<ConsumerCoordinator> coordinator;
  /// Polled records the application has not worked on yet.
  std::deque<FetchedRecord> work;
  /// The application waits in commitSync.
  bool isCommitting = false;
  /// It was closed, or failed.
  bool isEnded = false;
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

void ConsumerNode::stop(std::function<void()> done) {
  m_impl->end(std::move(done));
}

ConsumerNode::Statistics ConsumerNode::statistics() const {
  Statistics statistics = m_impl->statistics;
  for (const auto& [key, position] : m_impl->subscription.positions())
    statistics.positions.push_back({m_impl->metadata.named(key), position.position, position.highWatermark,
                                    position.readReplica, position.committed});
  statistics.corruption = m_impl->fetcher.corruption();
  if (!m_impl->coordinator) return statistics;
  const GroupMembership& membership = m_impl->coordinator->membership();
  statistics.membership = static_cast<Membership>(static_cast<int>(membership.state()) + 1);
  statistics.memberId = membership.generation().memberId;
  statistics.generation = membership.generation().id;
  statistics.assignor = membership.generation().protocolName;
  statistics.isGroupLeader = m_impl->coordinator->isLeader();
  return statistics;
}

const ConsumerConfig& ConsumerNode::config() const {
  return m_impl->config;
}

}  // namespace streamscope::client
