#include "replica_selector.h"

#include <QtTest>

#include "support/test_registry.h"

namespace streamscope::broker {

using namespace std::chrono_literals;

class ReplicaSelectorTest : public QObject {
  Q_OBJECT

 private slots:
  void theMostCaughtUpOfTheRackIsChosen() {
    const SelectableReplica leader{1, "a", 10, 0s};
    const auto chosen = [&](const std::string& rack, const std::vector<SelectableReplica>& followers) {
      return selectReadReplica(ReplicaSelector::RackAware, rack, leader, followers);
    };
    QCOMPARE(chosen("b", {{2, "b", 8, 0s}, {3, "b", 9, 5s}}), 3);
    QCOMPARE(chosen("b", {{2, "b", 9, 0s}, {3, "b", 9, 5s}}), 2);
    QCOMPARE(chosen("b", {{3, "b", 9, 1s}, {2, "b", 9, 1s}}), 3);
    QCOMPARE(chosen("b", {{2, "c", 9, 0s}, {3, std::nullopt, 9, 0s}}), base::kNoBroker);
    QCOMPARE(chosen("a", {{2, "a", 10, 0s}}), base::kNoBroker);
    QCOMPARE(chosen("", {{2, "", 10, 0s}}), base::kNoBroker);
  }

  void withoutTheRackAwareSelectorItIsTheLeader() {
    const SelectableReplica leader{1, "a", 10, 0s};
    for (const auto selector : {ReplicaSelector::None, ReplicaSelector::Leader})
      QCOMPARE(selectReadReplica(selector, "b", leader, {{2, "b", 10, 0s}}), base::kNoBroker);
  }
};

STREAMSCOPE_TEST(ReplicaSelectorTest);

}  // namespace streamscope::broker

#include "replica_selector_test.moc"
