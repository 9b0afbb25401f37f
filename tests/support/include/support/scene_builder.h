#pragma once

#include <string>
#include <vector>

#include "lab/snapshot.h"
#include "world/trace.h"

namespace streamscope::support {

/// Builds pictures of a cluster by hand, for tests of what is drawn. Everything is computed from the arguments: the
/// same calls give the same picture. Brokers are 1..n, replicas of partition p stand on brokers p, p+1, ... in a
/// circle.
class SceneBuilder {
 public:
  explicit SceneBuilder(int brokers, double seconds = 83.456);

  SceneBuilder& topic(const std::string& name, int partitions, int replicationFactor, int minInsync = 2);
  SceneBuilder& producer(const std::string& name, const std::string& topic, int acks, double rate);
  SceneBuilder& consumer(const std::string& name, const std::string& group, const std::string& topic,
                         std::vector<int> partitions);
  /// A connection of a real client; `produces` or else fetches.
  SceneBuilder& external(const std::string& clientId, const std::string& software, int broker, bool produces,
                         const std::string& topic, int partition);
  /// Sets every replica of a partition: log end offset at the leader, how far the followers and the high watermark are
  /// behind it.
  SceneBuilder& offsets(const std::string& topic, int partition, int64_t logEndOffset, int64_t behind = 0);
  SceneBuilder& position(const std::string& consumer, const std::string& topic, int partition, int64_t position);
  /// The broker died `seconds` ago: others lead, its replicas stay where they were.
  SceneBuilder& dead(int broker, double seconds);
  /// The broker is back and has not caught up by so many records.
  SceneBuilder& catchingUp(int broker, int64_t behind);
  SceneBuilder& paused(int broker, double seconds);
  SceneBuilder& cut(int a, int b);
  /// Of one direction between two brokers.
  SceneBuilder& conditions(int from, int to, const world::LinkConditions& conditions);
  SceneBuilder& ill(int broker, const lab::DiskState& disk, const lab::ClockState& clock = {});
  SceneBuilder& inFlight(world::Address from, world::Address to, protocol::ApiKey api, bool isResponse, double fraction,
                         const std::string& topic = {}, int partition = 0);

  lab::Snapshot& edit() { return m_snapshot; }
  lab::SnapshotPtr build();

 private:
  lab::ReplicaState* replica(int broker, const base::TopicPartition& partition);
  lab::PartitionState* partition(const base::TopicPartition& partition);
  void finish();

  lab::Snapshot m_snapshot;
};

/// Earlier pictures of the same cluster, ten a second, with every log growing at `recordsPerSecond` a partition up to
/// what `last` shows.
std::vector<lab::SnapshotPtr> growingHistory(const lab::Snapshot& last, double seconds, double recordsPerSecond);

/// A quarter of a second of ordinary traffic before `snapshot`: Produce to every leader, Fetch of followers and
/// consumers, heartbeats, with their responses.
std::vector<world::TraceEvent> trafficBefore(const lab::Snapshot& snapshot);

/// What the controller tells after a broker was killed: stopped, fenced, new leaders, shrunk ISRs.
std::vector<world::TraceEvent> deathOf(int broker, const lab::Snapshot& after);
/// A restart and the return into the ISRs.
std::vector<world::TraceEvent> returnOf(int broker, const lab::Snapshot& after);

}  // namespace streamscope::support
