#include "client/producer_node.h"

#include <utility>

#include "cluster_metadata.h"
#include "connection_states.h"
#include "partitioner.h"
#include "record_accumulator.h"
#include "sender.h"
#include "workload.h"

namespace streamscope::client {

struct ProducerNode::Impl {
  Impl(world::NodeContext& nodeContext, ProducerConfig producerConfig)
      : context(nodeContext),
        config(std::move(producerConfig)),
        metadata(context, connections,
                 {{config.topic},
                  config.bootstrapBrokers,
                  config.requestTimeout,
                  config.retryBackoff,
                  config.metadataMaxAge},
                 [this] { onMetadata(); }),
        accumulator(
            {config.batchSize, config.linger, config.bufferMemory, config.maxRequestSize, config.deliveryTimeout}),
        sender(context, config, accumulator, metadata, connections, [this] { onProgress(); }),
        sticky(context.random, config.batchSize),
        workload({config.recordsPerSecond, config.recordBytes, config.keys, config.recordsMax}, context.clock.now()) {}

  void onMetadata() {
    // Kafka's `send` waits until the topic is known; the application begins, or goes on, then.
    if (isBlocked && metadata.isTopicKnown()) unblock();
    sender.run();
  }

  void onProgress() {
    if (isBlocked && metadata.isTopicKnown() && accumulator.bufferAvailable() > 0) unblock();
    if (stopped && sender.isIdle()) std::exchange(stopped, nullptr)();
  }

  void unblock() {
    isBlocked = false;
    workload.restartAt(context.clock.now());
    scheduleTick();
  }

  void scheduleTick() {
    // Sending may have made room at once (acks=0) and set the next tick already.
    context.timers.cancel(tickTimer);
    if (workload.isFinished() || stopRequested) return;
    tickTimer = context.timers.after(workload.nextTick() - context.clock.now(), [this] { tick(); });
  }

  void tick() {
    const base::VirtualTime now = context.clock.now();
    bool senderHasNews = false;
    while (!workload.isFinished() && workload.nextDue() <= now) {
      const RecordAccumulator::Append outcome = sendRecord(now);
      if (outcome != RecordAccumulator::Append::ToOpenBatch) senderHasNews = true;
      if (outcome == RecordAccumulator::Append::BufferExhausted) {
        isBlocked = true;
        break;
      }
      workload.advance();
      ++recordsSent;
    }
    if (senderHasNews) sender.run();
    if (!isBlocked) scheduleTick();
  }

  RecordAccumulator::Append sendRecord(base::VirtualTime now) {
    const std::optional<std::string>& key = workload.key();
    const std::string& value = workload.value(context.random);
    const base::TimestampMs timestamp =
        context.clock.wallClockMs() -
        std::chrono::duration_cast<std::chrono::milliseconds>(now - workload.nextDue()).count();
    if (key) {
      const base::PartitionId partition = partitionForKey(base::asBytes(*key), metadata.partitionCount());
      return accumulator.append(partition, timestamp, base::asBytes(*key), base::asBytes(value), now);
    }
    sticky.update(metadata.partitionCount(), metadata.availablePartitions(),
                  accumulator.queueLengths(metadata.partitionCount()));
    const base::PartitionId partition = sticky.current();
    const RecordAccumulator::Append outcome =
        accumulator.append(partition, timestamp, std::nullopt, base::asBytes(value), now);
    if (outcome != RecordAccumulator::Append::BufferExhausted)
      sticky.onAppended(static_cast<int32_t>(recordSizeUpperBound(std::nullopt, base::asBytes(value))),
                        accumulator.hasIncompleteBatch(partition));
    return outcome;
  }

  world::NodeContext& context;
  const ProducerConfig config;
  ConnectionStates connections;
  ClusterMetadata metadata;
  RecordAccumulator accumulator;
  Sender sender;
  StickyPartitioner sticky;
  Workload workload;
  int64_t recordsSent = 0;
  /// The application waits in `send`: for metadata, or for buffer.memory.
  bool isBlocked = true;
  bool stopRequested = false;
  world::TimerId tickTimer = 0;
  std::function<void()> stopped;
};

ProducerNode::ProducerNode(world::NodeContext& context, ProducerConfig config)
    : m_impl(std::make_unique<Impl>(context, std::move(config))) {}
ProducerNode::~ProducerNode() = default;

void ProducerNode::start() {
  m_impl->metadata.start();
  m_impl->sender.run();
}

/// Nobody sends requests to a client.
void ProducerNode::onRequest(world::IncomingRequest) {}

void ProducerNode::stop(std::function<void()> done) {
  m_impl->stopRequested = true;
  m_impl->context.timers.cancel(m_impl->tickTimer);
  m_impl->accumulator.flush();
  m_impl->sender.run();
  if (m_impl->sender.isIdle())
    done();
  else
    m_impl->stopped = std::move(done);
}

ProducerNode::Statistics ProducerNode::statistics() const {
  const Sender::Statistics& sent = m_impl->sender.statistics();
  Statistics statistics;
  statistics.producerId = m_impl->sender.producer().id;
  statistics.producerEpoch = m_impl->sender.producer().epoch;
  statistics.recordsSent = m_impl->recordsSent;
  statistics.recordsAcknowledged = sent.recordsAcknowledged;
  statistics.recordsFailed = sent.recordsFailed;
  statistics.recordsInFlight = m_impl->recordsSent - sent.recordsAcknowledged - sent.recordsFailed;
  statistics.retries = sent.retries;
  statistics.bytesAcknowledged = sent.bytesAcknowledged;
  return statistics;
}

const ProducerConfig& ProducerNode::config() const {
  return m_impl->config;
}

}  // namespace streamscope::client
