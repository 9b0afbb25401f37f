#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "broker/coordinator_host.h"
#include "coordinator_shard.h"
#include "coordinator_timers.h"

namespace streamscope::coordinator {

/// What a shard gets of its surroundings. References stay valid for the shard's life.
struct ShardContext {
  world::NodeContext& node;
  const broker::BrokerConfig& config;
  const controller::MetadataImage& image;
  CoordinatorTimers& timers;
  base::TopicPartition partition;
};

/// Keeps the shards of the partitions that the broker leads: loads them from their logs, runs operations one after the
/// other, appends what they write and tells them when it is replicated (Kafka: CoordinatorRuntime).
///
///   (none) --load--> Loading --end of the log--> Active --unload--> (none)
///                       `------damaged log-----> Failed --unload--> (none)
class CoordinatorRuntime {
 public:
  using ShardFactory = std::function<std::unique_ptr<CoordinatorShard>(const ShardContext&)>;
  using Operation = std::function<CoordinatorResult(CoordinatorShard&)>;

  CoordinatorRuntime(broker::CoordinatorHost& host, std::string topic, ShardFactory makeShard)
      : m_host(host), m_topic(std::move(topic)), m_makeShard(std::move(makeShard)) {}
  ~CoordinatorRuntime();

  /// Loads in the next event, unless it is loaded or being loaded: then only the epoch changes.
  void load(base::PartitionId partition, base::LeaderEpoch leaderEpoch);
  void unload(base::PartitionId partition, const std::string& reason);
  void onHighWatermarkMoved(base::PartitionId partition);

  /// NONE when the shard serves; NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS.
  base::ErrorCode availability(base::PartitionId partition) const;
  /// Null unless it serves.
  CoordinatorShard* find(base::PartitionId partition) const;
  /// Of those that serve, in the order of their partitions.
  std::vector<std::pair<base::PartitionId, CoordinatorShard*>> shards() const;
  bool isAnyLoading() const;

  /// Runs an operation on a shard that serves. Its records are appended before anybody learns of them; a write that is
  /// not replicated within `timeout` completes with REQUEST_TIMED_OUT.
  void run(base::PartitionId partition, base::Duration timeout, const Operation& operation);

 private:
  enum class State : uint8_t { Loading, Active, Failed };
  /// An operation that waits until its records, or those before it, are replicated.
  struct Waiting {
    base::Offset endOffset = 0;
    base::VirtualTime deadline{};
    std::function<void(base::ErrorCode)> complete;
  };
  struct Context {
    base::TopicPartition partition;
    base::LeaderEpoch leaderEpoch = base::kNoEpoch;
    State state = State::Loading;
    std::unique_ptr<CoordinatorTimers> timers;
    std::unique_ptr<CoordinatorShard> shard;
    base::Offset writtenEnd = 0, committedEnd = 0;
    std::deque<Waiting> waiting;
    /// An operation is running: what is replicated meanwhile is looked at after it.
    bool isRunning = false;
    world::TimerId deadlineTimer = 0;
  };

  void loadNow(base::PartitionId partition);
  /// Number of records.
  base::Result<int64_t> replayLog(Context& context);
  base::Status replayBatches(Context& context, const base::SharedBytes& batches, int64_t& records);
  void write(Context& context, CoordinatorResult result, base::VirtualTime deadline);
  base::Status append(Context& context, std::span<const CoordinatorRecord> records, bool replays);
  void wait(Context& context, Waiting waiting);
  void completeReplicated(Context& context);
  void armDeadline(Context& context);
  void onDeadline(base::PartitionId partition);

  broker::CoordinatorHost& m_host;
  const std::string m_topic;
  ShardFactory m_makeShard;
  std::map<base::PartitionId, std::unique_ptr<Context>> m_contexts;
};

}  // namespace streamscope::coordinator
