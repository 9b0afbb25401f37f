// Consumers that read from a follower near to them (KIP-392), as stories of a whole cluster.

#include <QtTest>

#include "cluster.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using base::ErrorCode;

constexpr const char* kTopic = "orders";

using Answer = protocol::FetchResponse::PartitionData;

Answer fetch(Cluster& cluster, base::BrokerId broker, const std::string& rack, base::Offset offset = 0,
             int16_t version = protocol::FetchRequest::kInfo.versionMax) {
  protocol::FetchRequest request;
  request.rackId = rack;
  request.maxWaitMs = 100;
  request.minBytes = 1;
  auto& topic = request.topics.emplace_back();
  topic.topic = kTopic;
  topic.topicId = cluster.image().findTopic(kTopic)->id;
  auto& partition = topic.partitions.emplace_back();
  partition.fetchOffset = offset;
  partition.partitionMaxBytes = 1 << 20;
  const auto answer = cluster.call<protocol::FetchResponse>(broker, std::move(request), version);
  if (!answer) qFatal("no answer");
  return answer->responses.at(0).partitions.at(0);
}

std::string rackOf(base::BrokerId broker) {
  return "rack-" + std::to_string(broker);
}

/// Brokers in racks of their own, and one record that every replica has and knows to be committed.
struct Scene {
  Scene()
      : cluster({.configure = [](BrokerConfig& config) {
          config.rack = rackOf(config.nodeId);
          config.replicaSelector = ReplicaSelector::RackAware;
        }}) {
    if (!cluster.boot() || !cluster.createTopic(kTopic)) qFatal("no cluster");
    leader = cluster.leaderOf(kTopic);
    follower = cluster.followersOf(kTopic).front();
    if (cluster.produceError(leader, kTopic, {.value = "a"}) != ErrorCode::NONE) qFatal("no record");
    cluster.runFor(1s);
  }
  Cluster cluster;
  base::BrokerId leader = 0, follower = 0;
};

}  // namespace

class ReadReplicaStoryTest : public QObject {
  Q_OBJECT

 private slots:
  void theLeaderNamesTheFollowerAndTheFollowerServes() {
    Scene scene;
    const Answer named = fetch(scene.cluster, scene.leader, rackOf(scene.follower));
    QCOMPARE(named.errorCode, 0);
    QCOMPARE(named.preferredReadReplica, scene.follower);
    QVERIFY(named.records && named.records->empty());
    QCOMPARE(named.highWatermark, 1);

    const Answer served = fetch(scene.cluster, scene.follower, rackOf(scene.follower));
    QCOMPARE(served.errorCode, 0);
    QCOMPARE(served.preferredReadReplica, base::kNoBroker);
    QVERIFY(served.records && !served.records->empty());

    const Answer here = fetch(scene.cluster, scene.leader, rackOf(scene.leader));
    QCOMPARE(here.preferredReadReplica, base::kNoBroker);
    QVERIFY(!here.records->empty());
  }

  void whoCannotTellItsRackReadsFromTheLeaderAlone() {
    Scene scene;
    const Answer old = fetch(scene.cluster, scene.leader, "", 0, 10);
    QCOMPARE(old.errorCode, 0);
    QVERIFY(!old.records->empty());
    QCOMPARE(fetch(scene.cluster, scene.follower, "", 0, 10).errorCode,
             static_cast<int16_t>(ErrorCode::NOT_LEADER_OR_FOLLOWER));
  }

  void aFollowerServesUpToTheHighWatermarkItKnows() {
    Scene scene;
    QCOMPARE(scene.cluster.produceError(scene.leader, kTopic, {.value = "b"}), ErrorCode::NONE);
    // It has the record, and hears with its next fetch that it is committed.
    QCOMPARE(scene.cluster.values(scene.follower, kTopic), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(scene.cluster.replica(scene.follower, kTopic)->highWatermark, 1);
    const size_t asked = [&] {
      protocol::FetchRequest request;
      request.maxWaitMs = 10'000;
      request.minBytes = 1;
      auto& topic = request.topics.emplace_back();
      topic.topicId = scene.cluster.image().findTopic(kTopic)->id;
      auto& partition = topic.partitions.emplace_back();
      partition.fetchOffset = 1;
      partition.partitionMaxBytes = 1 << 20;
      return scene.cluster.client().send(scene.follower, protocol::FetchRequest::kInfo.versionMax, request);
    }();
    QVERIFY(scene.cluster.runUntil([&] { return scene.cluster.client().response(asked).has_value(); }, 5s));
    QCOMPARE(scene.cluster.replica(scene.follower, kTopic)->highWatermark, 2);
    const auto& answer = std::get<protocol::FetchResponse>(scene.cluster.client().response(asked)->body);
    QCOMPARE(answer.responses.at(0).partitions.at(0).highWatermark, 2);
    QVERIFY(!answer.responses.at(0).partitions.at(0).records->empty());
  }

  void anOffsetBeyondTheFollowersLogIsOutOfRangeThere() {
    Scene scene;
    QCOMPARE(fetch(scene.cluster, scene.follower, rackOf(scene.follower), 2).errorCode,
             static_cast<int16_t>(ErrorCode::OFFSET_OUT_OF_RANGE));
  }
};

STREAMSCOPE_TEST(ReadReplicaStoryTest);

}  // namespace streamscope::broker

#include "read_replica_story_test.moc"
