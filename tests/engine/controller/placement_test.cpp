#include "placement.h"

#include <QTest>
#include <map>
#include <set>

#include "support/test_registry.h"

using namespace streamscope;
using controller::StripedReplicaPlacer;
using controller::UsableBroker;

namespace {

using Replicas = std::vector<base::BrokerId>;

std::vector<UsableBroker> brokersWithoutRack(int count) {
  std::vector<UsableBroker> brokers;
  for (base::BrokerId id = 0; id < count; ++id) brokers.push_back({id, std::nullopt, false});
  return brokers;
}

std::vector<UsableBroker> threeRacks() {
  std::vector<UsableBroker> brokers;
  for (base::BrokerId id = 0; id < 9; ++id)
    brokers.push_back({id, std::string(1, static_cast<char>('A' + id / 3)), false});
  return brokers;
}

}  // namespace

class PlacementTest : public QObject {
  Q_OBJECT
 private slots:
  void racksAreStriped() {
    base::Random random(1);
    StripedReplicaPlacer placer(threeRacks(), random);
    placer.resetOffsets();
    QCOMPARE(placer.place(3).value(), (Replicas{0, 3, 6}));
    QCOMPARE(placer.place(3).value(), (Replicas{4, 7, 1}));
    QCOMPARE(placer.place(3).value(), (Replicas{8, 2, 5}));
    QCOMPARE(placer.place(3).value(), (Replicas{0, 3, 6}));
  }

  void brokersWithoutRacksAreStriped() {
    base::Random random(1);
    StripedReplicaPlacer placer(brokersWithoutRack(3), random);
    placer.resetOffsets();
    QCOMPARE(placer.place(2).value(), (Replicas{0, 1}));
    QCOMPARE(placer.place(2).value(), (Replicas{1, 2}));
    QCOMPARE(placer.place(2).value(), (Replicas{2, 0}));
  }

  void fencedBrokersComeLast() {
    base::Random random(1);
    StripedReplicaPlacer placer({{1, std::nullopt, true}, {2, std::nullopt, false}, {3, std::nullopt, false}}, random);
    placer.resetOffsets();
    QCOMPARE(placer.place(3).value(), (Replicas{2, 3, 1}));
    QCOMPARE(placer.place(3).value(), (Replicas{3, 2, 1}));
  }

  void aRackOfFencedBrokersGivesNoLeader() {
    base::Random random(1);
    StripedReplicaPlacer placer({{10, "1", false}, {11, "1", false}, {20, "2", true}, {21, "2", true}}, random);
    placer.resetOffsets();
    for (int i = 0; i < 20; ++i) {
      const Replicas replicas = placer.place(4).value();
      QVERIFY(replicas.front() == 10 || replicas.front() == 11);
      QCOMPARE(std::set<base::BrokerId>(replicas.begin(), replicas.end()).size(), size_t{4});
    }
  }

  void oneUnfencedBrokerTakesEveryPartition() {
    base::Random random(1);
    StripedReplicaPlacer placer({{0, std::nullopt, false}, {1, std::nullopt, true}}, random);
    for (int i = 0; i < 5; ++i) QCOMPARE(placer.place(1).value(), Replicas{0});
  }

  void leadersAreSpreadEvenlyAndNoReplicaIsGivenTwice() {
    base::Random random(7);
    StripedReplicaPlacer placer(brokersWithoutRack(4), random);
    std::map<base::BrokerId, int> leaders;
    for (int i = 0; i < 200; ++i) {
      const Replicas replicas = placer.place(3).value();
      QCOMPARE(std::set<base::BrokerId>(replicas.begin(), replicas.end()).size(), size_t{3});
      ++leaders[replicas.front()];
    }
    for (const auto& [broker, count] : leaders) QCOMPARE(count, 50);
  }

  void sameSeedSamePlaces() {
    const auto placeAll = [] {
      base::Random random(42);
      StripedReplicaPlacer placer(threeRacks(), random);
      std::vector<Replicas> all;
      for (int i = 0; i < 30; ++i) all.push_back(placer.place(3).value());
      return all;
    };
    QVERIFY(placeAll() == placeAll());
  }

  void impossibleFactorsAreRefusedWithKafkasSentences() {
    base::Random random(1);
    StripedReplicaPlacer two(brokersWithoutRack(2), random);
    QVERIFY(two.place(3).error().code == base::ErrorCode::INVALID_REPLICATION_FACTOR);
    QCOMPARE(
        two.place(3).error().message,
        std::string("The target replication factor of 3 cannot be reached because only 2 broker(s) are registered."));
    QCOMPARE(two.place(0).error().message,
             std::string("Invalid replication factor 0: the replication factor must be positive."));
    StripedReplicaPlacer fenced({{1, std::nullopt, true}}, random);
    QCOMPARE(fenced.place(1).error().message, std::string("All brokers are currently fenced."));
    StripedReplicaPlacer nobody({}, random);
    QCOMPARE(nobody.place(1).error().message, std::string("All brokers are currently fenced."));
  }
};

STREAMSCOPE_TEST(PlacementTest);
#include "placement_test.moc"
