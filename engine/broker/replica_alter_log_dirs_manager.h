#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "assignments_manager.h"
#include "base/topic_partition.h"
#include "broker/broker_config.h"
#include "log_directories.h"
#include "partition.h"
#include "sampled_rate.h"
#include "world/node.h"

namespace streamscope::broker {

/// Moves replicas between the log directories of their broker: copies the log as it grows, tells the controller when
/// the copy has caught up, and puts it in the replica's place once that is written down and nothing is missing
/// (KIP-113, KIP-858). replica.alter.log.dirs.io.max.bytes.per.second bounds all copies together. Kafka:
/// ReplicaAlterLogDirsManager and its threads.
class ReplicaAlterLogDirsManager {
 public:
  struct Surroundings {
    world::NodeContext& context;
    const BrokerConfig& config;
    LogDirectories& logDirectories;
    AssignmentsManager& assignments;
    /// The log of a moving replica must not be compacted: a copy of what was there before and of what is there
    /// afterwards would be neither.
    std::function<void(size_t directory, const base::TopicPartition&, bool isPaused)> pauseCleaning;
    std::function<void(const std::shared_ptr<Partition>&)> onPromoted;
    std::function<void(const base::Error&)> onStorageFailure;
  };
  explicit ReplicaAlterLogDirsManager(Surroundings surroundings) : m_surroundings(std::move(surroundings)) {}

  /// Begins with an empty copy there; the replica is in another directory and not on its way.
  base::Status begin(const std::shared_ptr<Partition>& partition, size_t destination);
  /// Goes on with the copy of an earlier life, if there is one.
  void resume(const std::shared_ptr<Partition>& partition);
  /// Gives the copy up and removes it.
  void cancel(const base::TopicPartition& partition, const std::string& reason);
  /// A directory failed: copies from and to it stay where they are.
  void forgetDirectory(size_t place);

  bool isMoving(const base::TopicPartition& partition) const { return m_moves.contains(partition); }
  /// Where to; none when it is not moving.
  std::optional<size_t> destinationOf(const base::TopicPartition& partition) const;

 private:
  /// Kafka: ReplicaAlterLogDirsThread.ReassignmentState.
  enum class Assignment : uint8_t { None, Queued, Accepted };
  struct Move {
    std::shared_ptr<Partition> partition;
    size_t from = 0, to = 0;
    Assignment assignment = Assignment::None;
    world::TimerId timer = 0;
  };

  void start(const std::shared_ptr<Partition>& partition, size_t from, size_t to);
  /// Ends the move; the copy's directory is not touched.
  void end(const base::TopicPartition& partition);
  void workAfter(Move& move, base::Duration wait);
  void work(const base::TopicPartition& partition);
  void onCaughtUp(Move& move);
  void promote(Move& move);
  void onRefused(const Move& move, const base::Error& error);
  bool isThrottled();

  Surroundings m_surroundings;
  std::map<base::TopicPartition, Move> m_moves;
  // Kafka: alter.log.dirs.replication.quota.window.num and .size.seconds.
  SampledRate m_rate{11, std::chrono::seconds(1)};
};

}  // namespace streamscope::broker
