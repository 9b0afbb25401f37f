#include "viable_core.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;

namespace {

/// Three brokers; one partition on all of them with these in sync.
lab::Snapshot snapshotWith(std::vector<base::BrokerId> isr, int32_t minInsyncReplicas) {
  lab::Snapshot snapshot;
  for (base::BrokerId id = 1; id <= 3; ++id) snapshot.brokers.emplace_back().id = id;
  lab::TopicState topic;
  topic.minInsyncReplicas = minInsyncReplicas;
  topic.partitions.emplace_back();
  topic.partitions.back().replicas = {1, 2, 3};
  topic.partitions.back().isr = std::move(isr);
  snapshot.topics = {topic};
  return snapshot;
}

}  // namespace

class ViableCoreTest : public QObject {
  Q_OBJECT
 private slots:
  void aMemberOfTheIsrIsNeeded() {
    QVERIFY(!simulation::isViable(snapshotWith({3}, 1), {1, 2}));
    QVERIFY(simulation::isViable(snapshotWith({3}, 1), {3}));
    QVERIFY(!simulation::isViable(snapshotWith({3}, 1), {}));
  }

  void enoughReplicasAreNeeded() {
    QVERIFY(!simulation::isViable(snapshotWith({1, 2, 3}, 2), {3}));
    QVERIFY(simulation::isViable(snapshotWith({1, 2, 3}, 2), {2, 3}));
  }

  void everyDrawIsViableAndSomeLeaveBrokersOut() {
    const lab::Snapshot snapshot = snapshotWith({2, 3}, 2);
    bool isSmaller = false;
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      base::Random random(seed);
      const auto core = simulation::drawViableCore(snapshot, random);
      QVERIFY(simulation::isViable(snapshot, core));
      isSmaller = isSmaller || core.size() < 3;
    }
    QVERIFY(isSmaller);
  }

  void aMajorityOfTheControllersIsEnough() {
    lab::Snapshot snapshot;
    for (int32_t id = 100; id < 105; ++id) snapshot.controllers.emplace_back().id = id;
    std::set<size_t> sizes;
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      base::Random random(seed);
      sizes.insert(simulation::drawMajority(snapshot, random).size());
    }
    QVERIFY(sizes == std::set<size_t>({3, 5}));
  }

  void aCoreGrowsWhenTheIsrHasMoved() {
    std::set<base::BrokerId> core = {1, 2};
    simulation::growUntilViable(snapshotWith({3}, 2), core);
    QVERIFY(core == std::set<base::BrokerId>({1, 2, 3}));
  }
};

STREAMSCOPE_TEST(ViableCoreTest);
#include "viable_core_test.moc"
