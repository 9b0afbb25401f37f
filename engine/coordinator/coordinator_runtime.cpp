#include "coordinator_runtime.h"

#include <span>
#include <utility>

#include "base/assert.h"
#include "log/record_batch.h"

namespace streamscope::coordinator {
namespace {

/// Room for a record beside its key and value: lengths, attributes, timestamp and offset.
constexpr size_t kRecordOverheadMax = 32;

size_t sizeMax(const CoordinatorRecord& record) {
  return kRecordOverheadMax + record.key.size() + (record.value ? record.value->size() : 0);
}

}  // namespace

CoordinatorRuntime::~CoordinatorRuntime() {
  for (const auto& [id, context] : m_contexts) m_host.node().timers.cancel(context->deadlineTimer);
}

// Loading.

void CoordinatorRuntime::load(base::PartitionId partition, base::LeaderEpoch leaderEpoch) {
  const auto known = m_contexts.find(partition);
  if (known != m_contexts.end() && known->second->leaderEpoch >= leaderEpoch) return;
  if (known != m_contexts.end() && known->second->state != State::Failed) {
    // Nobody else has led meanwhile, so that the state is still what the log says.
    known->second->leaderEpoch = leaderEpoch;
    return;
  }
  auto context = std::make_unique<Context>();
  context->partition = {m_topic, partition};
  context->leaderEpoch = leaderEpoch;
  m_contexts.insert_or_assign(partition, std::move(context));
  // When the broker has taken up everything this change of the metadata brought.
  m_host.node().timers.after(base::Duration::zero(), [this, partition] { loadNow(partition); });
}

void CoordinatorRuntime::loadNow(base::PartitionId partition) {
  const auto found = m_contexts.find(partition);
  if (found == m_contexts.end() || found->second->state != State::Loading) return;
  Context& context = *found->second;
  world::NodeContext& node = m_host.node();
  context.timers = std::make_unique<CoordinatorTimers>(
      node.timers, node.clock, [this, partition](const CoordinatorTimers::Operation& operation) {
        run(partition, m_host.config().group.offsetsCommitTimeout, [&](CoordinatorShard&) { return operation(); });
      });
  context.shard = m_makeShard(ShardContext{node, m_host.config(), m_host.image(), *context.timers, context.partition});
  const base::Result<int64_t> records = replayLog(context);
  if (!records) {
    context.state = State::Failed;
    node.trace.record(
        world::CoordinatorUnloaded{node.self, context.partition, context.leaderEpoch, records.error().message});
    return;
  }
  context.state = State::Active;
  node.trace.record(world::CoordinatorLoaded{node.self, context.partition, context.leaderEpoch, *records});
  const log::PartitionLog* log = m_host.log(context.partition);
  context.writtenEnd = log->logEndOffset();
  context.committedEnd = log->highWatermark();
  context.shard->onCommitted(context.committedEnd);
  context.shard->onLoaded();
}

base::Result<int64_t> CoordinatorRuntime::replayLog(Context& context) {
  const log::PartitionLog* log = m_host.log(context.partition);
  if (log == nullptr)
    return base::fail(base::ErrorCode::NOT_LEADER_OR_FOLLOWER,
                      context.partition.toString() + " has no log here any more; another broker will take over.");
  const auto bytesMax = static_cast<size_t>(m_host.config().group.offsetsLoadBufferSize);
  int64_t records = 0;
  base::Offset next = log->logStartOffset();
  while (next < log->logEndOffset()) {
    const auto read = log->read(next, log->logEndOffset(), bytesMax, true);
    if (!read) return base::fail(read.error());
    if (read->records.empty()) break;
    const base::Status replayed = replayBatches(context, read->records, records);
    if (!replayed) return base::fail(replayed.error());
    next = read->endOffset;
  }
  return records;
}

base::Status CoordinatorRuntime::replayBatches(Context& context, const base::SharedBytes& batches, int64_t& records) {
  size_t at = 0;
  while (at < batches.size()) {
    const base::ByteView rest = batches.view().subspan(at);
    const log::BatchScan scan = log::scanBatch(rest, false);
    if (scan.end != log::BatchEnd::Complete)
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                        context.partition.toString() + " cannot be read: " + scan.reason + ".");
    at += scan.header.sizeInBytes;
    // Markers of transactions say nothing to a group yet.
    if (scan.header.isControl()) continue;
    base::Status replayed;
    const base::Status walked =
        log::forEachRecord(rest.first(scan.header.sizeInBytes), [&](const log::RecordView& record) {
          ++records;
          if (!record.key) return true;
          CoordinatorRecord copy{base::SharedBytes::copyOf(*record.key), std::nullopt};
          if (record.value) copy.value = base::SharedBytes::copyOf(*record.value);
          replayed = context.shard->replay(record.offset, copy);
          return replayed.has_value();
        });
    if (!walked) return walked;
    if (!replayed) return replayed;
  }
  return {};
}

void CoordinatorRuntime::unload(base::PartitionId partition, const std::string& reason) {
  auto node = m_contexts.extract(partition);
  if (node.empty()) return;
  Context& context = *node.mapped();
  STREAMSCOPE_ASSERT(!context.isRunning, context.partition.toString());
  world::NodeContext& surroundings = m_host.node();
  surroundings.timers.cancel(context.deadlineTimer);
  if (context.state != State::Active) return;
  surroundings.trace.record(
      world::CoordinatorUnloaded{surroundings.self, context.partition, context.leaderEpoch, reason});
  for (Waiting& waiting : std::exchange(context.waiting, {})) waiting.complete(base::ErrorCode::NOT_COORDINATOR);
  context.shard->onUnloaded();
}

// Who serves.

base::ErrorCode CoordinatorRuntime::availability(base::PartitionId partition) const {
  const auto found = m_contexts.find(partition);
  if (found == m_contexts.end() || found->second->state == State::Failed) return base::ErrorCode::NOT_COORDINATOR;
  return found->second->state == State::Loading ? base::ErrorCode::COORDINATOR_LOAD_IN_PROGRESS : base::ErrorCode::NONE;
}

CoordinatorShard* CoordinatorRuntime::find(base::PartitionId partition) const {
  const auto found = m_contexts.find(partition);
  return found == m_contexts.end() || found->second->state != State::Active ? nullptr : found->second->shard.get();
}

std::vector<std::pair<base::PartitionId, CoordinatorShard*>> CoordinatorRuntime::shards() const {
  std::vector<std::pair<base::PartitionId, CoordinatorShard*>> all;
  for (const auto& [id, context] : m_contexts)
    if (context->state == State::Active) all.emplace_back(id, context->shard.get());
  return all;
}

bool CoordinatorRuntime::isAnyLoading() const {
  for (const auto& [id, context] : m_contexts)
    if (context->state == State::Loading) return true;
  return false;
}

// Operations.

void CoordinatorRuntime::run(base::PartitionId partition, base::Duration timeout, const Operation& operation) {
  const auto found = m_contexts.find(partition);
  if (found == m_contexts.end() || found->second->state != State::Active) return;
  Context& context = *found->second;
  STREAMSCOPE_ASSERT(!context.isRunning, context.partition.toString());
  context.isRunning = true;
  write(context, operation(*context.shard), m_host.node().clock.now() + timeout);
  context.isRunning = false;
  completeReplicated(context);
}

void CoordinatorRuntime::write(Context& context, CoordinatorResult result, base::VirtualTime deadline) {
  const auto complete = [&result](base::ErrorCode error) {
    if (result.onCompleted) result.onCompleted(error);
  };
  const size_t bytesMax = m_host.batchBytesMax(context.partition);
  for (std::span<const CoordinatorRecord> left(result.records); !left.empty();) {
    size_t count = 0;
    size_t bytes = log::batch_layout::kRecords;
    while (count < left.size() && bytes + sizeMax(left[count]) <= bytesMax) bytes += sizeMax(left[count++]);
    if (count == 0 || (result.isAtomic && count < left.size())) return complete(base::ErrorCode::MESSAGE_TOO_LARGE);
    const base::Status appended = append(context, left.first(count), result.replaysRecords);
    if (!appended) return complete(appended.error().code);
    left = left.subspan(count);
  }
  if (!result.onCompleted) return;
  // Without records of its own it still may have seen some that are not replicated yet.
  if (context.writtenEnd <= context.committedEnd) return complete(base::ErrorCode::NONE);
  wait(context, {context.writtenEnd, deadline, std::move(result.onCompleted)});
}

base::Status CoordinatorRuntime::append(Context& context, std::span<const CoordinatorRecord> records, bool replays) {
  const base::TimestampMs now = m_host.node().clock.wallClockMs();
  log::RecordBatchBuilder builder({});
  for (const CoordinatorRecord& record : records)
    builder.append(now, record.key.view(), record.value ? std::optional(record.value->view()) : std::nullopt);
  const auto end = m_host.append(context.partition, context.leaderEpoch, base::SharedBytes(builder.build()));
  if (!end) return base::fail(end.error());
  base::Offset offset = *end - std::ssize(records);
  context.writtenEnd = *end;
  for (const CoordinatorRecord& record : records) {
    const base::Offset own = offset++;
    if (!replays) continue;
    const base::Status replayed = context.shard->replay(own, record);
    STREAMSCOPE_ASSERT(replayed.has_value(), replayed.error().message);
  }
  return {};
}

void CoordinatorRuntime::wait(Context& context, Waiting waiting) {
  context.waiting.push_back(std::move(waiting));
  armDeadline(context);
}

void CoordinatorRuntime::onHighWatermarkMoved(base::PartitionId partition) {
  const auto found = m_contexts.find(partition);
  if (found != m_contexts.end() && found->second->state == State::Active && !found->second->isRunning)
    completeReplicated(*found->second);
}

void CoordinatorRuntime::completeReplicated(Context& context) {
  const log::PartitionLog* log = m_host.log(context.partition);
  if (log == nullptr || log->highWatermark() <= context.committedEnd) return;
  context.committedEnd = log->highWatermark();
  context.shard->onCommitted(context.committedEnd);
  context.isRunning = true;
  while (!context.waiting.empty() && context.waiting.front().endOffset <= context.committedEnd) {
    const Waiting done = std::move(context.waiting.front());
    context.waiting.pop_front();
    done.complete(base::ErrorCode::NONE);
  }
  context.isRunning = false;
}

void CoordinatorRuntime::armDeadline(Context& context) {
  if (context.deadlineTimer != 0 || context.waiting.empty()) return;
  world::NodeContext& node = m_host.node();
  // Those behind it have later deadlines, or wait a little longer than they asked for.
  context.deadlineTimer = node.timers.after(context.waiting.front().deadline - node.clock.now(),
                                            [this, id = context.partition.partition] { onDeadline(id); });
}

void CoordinatorRuntime::onDeadline(base::PartitionId partition) {
  const auto found = m_contexts.find(partition);
  if (found == m_contexts.end()) return;
  Context& context = *found->second;
  context.deadlineTimer = 0;
  const base::VirtualTime now = m_host.node().clock.now();
  context.isRunning = true;
  while (!context.waiting.empty() && context.waiting.front().deadline <= now) {
    const Waiting late = std::move(context.waiting.front());
    context.waiting.pop_front();
    late.complete(base::ErrorCode::REQUEST_TIMED_OUT);
  }
  context.isRunning = false;
  armDeadline(context);
}

}  // namespace streamscope::coordinator
