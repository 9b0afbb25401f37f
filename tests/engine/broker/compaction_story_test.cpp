// A compacted topic on a whole cluster: every broker cleans its own replica.

#include <QtTest>

#include "cluster.h"
#include "support/test_registry.h"

namespace streamscope::broker {
namespace {

using namespace std::chrono_literals;
using Values = std::vector<std::string>;

constexpr const char* kTopic = "addresses";

Cluster::Options quickCleaners() {
  Cluster::Options options;
  options.configure = [](BrokerConfig& config) { config.cleaner.backoffMs = 2000; };
  return options;
}

/// Writes "<key><number>" for the numbers from 0 on, a segment each.
void write(Cluster& cluster, const std::string& key, int count) {
  for (int i = 0; i < count; ++i) {
    const auto answer =
        cluster.produce(cluster.leaderOf(kTopic), kTopic, {.value = key + std::to_string(i), .key = key});
    QVERIFY(answer && answer->errorCode == 0);
    cluster.runFor(1500ms);
  }
}

bool create(Cluster& cluster) {
  return cluster.boot() &&
         cluster.createTopic(
             kTopic, 1, 3,
             {{"cleanup.policy", "compact"}, {"segment.ms", "1000"}, {"min.cleanable.dirty.ratio", "0.01"}});
}

}  // namespace

class CompactionStoryTest : public QObject {
  Q_OBJECT

 private slots:
  void everyBrokerCleansItsReplica() {
    Cluster cluster(quickCleaners());
    QVERIFY(create(cluster));
    write(cluster, "a", 5);
    write(cluster, "b", 5);
    cluster.runFor(10s);
    for (base::BrokerId id = 1; id <= 3; ++id) {
      QCOMPARE(cluster.values(id, kTopic), (Values{"a4", "b3", "b4"}));
      QCOMPARE(cluster.replica(id, kTopic)->logEndOffset, 10);
    }
    const auto started = cluster.all<world::LogCleaningStarted>();
    const auto cleaned = cluster.all<world::LogCleaned>();
    QVERIFY(!cleaned.empty());
    QCOMPARE(started.size(), cleaned.size());
    QCOMPARE(started.front().reason, std::string("100 % of its bytes are dirty, min.cleanable.dirty.ratio is 1 %"));
    QVERIFY(cleaned.back().recordsWritten < cleaned.back().recordsRead);
    QVERIFY(cluster.all<world::LogCleaningFailed>().empty());
  }

  /// What its leader no longer has, a follower that comes back does not get either.
  void aFollowerCatchesUpAcrossHoles() {
    Cluster cluster(quickCleaners());
    QVERIFY(create(cluster));
    write(cluster, "a", 2);
    const base::BrokerId behind = cluster.followersOf(kTopic).front();
    cluster.kill(behind);
    QVERIFY(cluster.runUntil([&] { return !cluster.isIsrComplete(kTopic); }));
    write(cluster, "a", 4);
    write(cluster, "b", 4);
    cluster.runFor(10s);
    QCOMPARE(cluster.values(cluster.leaderOf(kTopic), kTopic), (Values{"a3", "b2", "b3"}));
    cluster.restart(behind);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }));
    const auto values = cluster.values(behind, kTopic);
    QCOMPARE(Values(values.end() - 3, values.end()), (Values{"a3", "b2", "b3"}));
    QCOMPARE(cluster.replica(behind, kTopic)->logEndOffset,
             cluster.replica(cluster.leaderOf(kTopic), kTopic)->logEndOffset);
  }

  void nothingIsCleanedWhenTheCleanerIsOff() {
    Cluster::Options options;
    options.configure = [](BrokerConfig& config) { config.cleaner.enable = false; };
    Cluster cluster(options);
    QVERIFY(create(cluster));
    write(cluster, "a", 4);
    cluster.runFor(60s);
    QCOMPARE(cluster.values(1, kTopic), (Values{"a0", "a1", "a2", "a3"}));
    QVERIFY(cluster.all<world::LogCleaningStarted>().empty());
  }
};

STREAMSCOPE_TEST(CompactionStoryTest);
}  // namespace streamscope::broker
#include "compaction_story_test.moc"
