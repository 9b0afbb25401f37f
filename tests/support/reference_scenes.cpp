#include "support/reference_scenes.h"

#include <algorithm>
#include <tuple>

#include "support/scene_builder.h"

namespace streamscope::support {

using namespace std::chrono_literals;

namespace {

SceneBuilder ordersCluster() {
  SceneBuilder b(3);
  b.topic("orders", 3, 3)
      .producer("checkout", "orders", -1, 50)
      .producer("web", "orders", 1, 120)
      .consumer("member 1", "order-processor", "orders", {0, 2})
      .consumer("member 2", "order-processor", "orders", {1});
  return b;
}

}  // namespace

lab::SnapshotPtr idleCluster() {
  SceneBuilder b(3, 2.1);
  b.topic("orders", 3, 3);
  return b.build();
}

lab::SnapshotPtr busyCluster() {
  auto b = ordersCluster();
  b.external("kcat", "librdkafka 2.0.2", 1, true, "orders", 0)
      .external("kcat", "librdkafka 2.0.2", 2, true, "orders", 1)
      .offsets("orders", 0, 1'391, 3)
      .offsets("orders", 1, 1'289, 0)
      .offsets("orders", 2, 1'102, 6)
      .position("member 1", "orders", 0, 1'385)
      .position("member 2", "orders", 1, 1'280);
  b.edit().producers[0].recordsInFlight = 4;
  return b.build();
}

lab::SnapshotPtr afterLeaderDeath() {
  auto b = ordersCluster();
  b.offsets("orders", 0, 1'300).offsets("orders", 1, 1'240).offsets("orders", 2, 1'010).dead(2, 4.1);
  for (const auto& [p, end, behind] : {std::tuple{0, 1'391, 0}, {1, 1'289, 14}, {2, 1'102, 5}}) {
    for (auto& broker : b.edit().brokers) {
      if (broker.id == 2) continue;
      for (auto& r : broker.replicas)
        if (r.partition.partition == p) {
          r.logEndOffset = r.isLeader ? end : end - behind;
          r.highWatermark = end - behind;
          r.segments.back().endOffset = r.logEndOffset;
        }
    }
    for (auto& consumer : b.edit().consumers)
      for (auto& c : consumer.partitions)
        if (c.partition.partition == p) {
          c.highWatermark = end - behind;
          c.position = p == 1 ? 1'061 : end - behind - 3;
        }
  }
  b.edit().producers[0].retries = 3;
  b.edit().producers[0].recordsInFlight = 14;
  return b.build();
}

lab::SnapshotPtr afterRecovery() {
  auto b = ordersCluster();
  b.dead(2, 10).offsets("orders", 0, 1'702, 2).offsets("orders", 1, 1'611, 0).offsets("orders", 2, 1'405, 0);
  b.edit().brokers[1].condition = lab::NodeCondition::Running;
  b.edit().brokers[1].since = b.edit().time - 2500ms;
  for (auto& topic : b.edit().topics)
    for (auto& p : topic.partitions) p.isr = p.replicas;
  for (auto& r : b.edit().brokers[1].replicas) {
    r.isInSync = true;
    r.leaderEpoch = r.partition.partition == 1 ? 7 : 6;
  }
  return b.build();
}

lab::SnapshotPtr largeCluster(int brokers, int lanesOnEach, int64_t logEndOffset) {
  SceneBuilder b(brokers);
  // Before the offsets, which bring the consumers along.
  b.producer("checkout", "topic-a", -1, 50).producer("web", "topic-b", 1, 120);
  b.consumer("member 1", "order-processor", "topic-a", {0, 1}).consumer("member 2", "order-processor", "topic-b", {0});
  const int replication = std::min(3, brokers);
  const int partitions = lanesOnEach * brokers / replication;
  const int perTopic = std::max(1, partitions / 4);
  for (int made = 0, topic = 0; made < partitions; made += perTopic, ++topic) {
    const std::string name = std::string("topic-") + static_cast<char>('a' + topic % 26);
    b.topic(name, std::min(perTopic, partitions - made), replication);
    for (int p = 0; p < std::min(perTopic, partitions - made); ++p)
      b.offsets(name, p, logEndOffset + (made + p) * 37 % 400, p % 5);
  }
  return b.build();
}

}  // namespace streamscope::support
