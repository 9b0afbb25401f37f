#include "partition_reassignment.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using Brokers = std::vector<base::BrokerId>;

class PartitionReassignmentTest : public QObject {
  Q_OBJECT
 private slots:
  void whoStaysBehindComesLastAndSorted() {
    controller::PartitionRegistration partition;
    partition.replicas = {3, 1, 2};
    const auto reassignment = controller::reassignmentTo(partition, {5, 4, 2});
    QVERIFY(reassignment.replicas == (Brokers{5, 4, 2, 1, 3}));
    QVERIFY(reassignment.adding == (Brokers{4, 5}));
    QVERIFY(reassignment.removing == (Brokers{1, 3}));
    QVERIFY(!controller::reassignmentTo(partition, {1, 2, 3}).isInProgress());
  }

  void isCompleteWhenEverybodyWhoStaysIsInSync() {
    const controller::PartitionReassignment moving{{4, 2, 1}, {4}, {1}};
    QVERIFY(!controller::completedReassignment(moving, {1, 2}));
    QVERIFY(!controller::completedReassignment(moving, {1, 4}));
    const auto completed = controller::completedReassignment(moving, {1, 2, 4});
    QVERIFY(completed.has_value());
    QVERIFY(completed->replicas == (Brokers{4, 2}));
    QVERIFY(completed->isr == (Brokers{2, 4}));
    QVERIFY(!controller::completedReassignment({{1, 2}, {}, {}}, {1, 2}));
    // Nobody of those who stay: it waits.
    QVERIFY(!controller::completedReassignment({{1, 2}, {}, {2}}, {2}));
  }

  void goingBackKeepsWhoWasThere() {
    controller::PartitionRegistration partition;
    partition.replicas = {4, 2, 1};
    partition.addingReplicas = {4};
    partition.removingReplicas = {1};
    partition.isr = {1, 4};
    const auto reverted = controller::revertedReassignment(partition);
    QVERIFY(reverted.replicas == (Brokers{2, 1}));
    QVERIFY(reverted.isr == Brokers{1});
    QVERIFY(!reverted.isUnclean);
    partition.isr = {4};
    QVERIFY(controller::revertedReassignment(partition).isUnclean);
    QVERIFY(controller::revertedReassignment(partition).isr == Brokers{2});
  }
};

STREAMSCOPE_TEST(PartitionReassignmentTest);
#include "partition_reassignment_test.moc"
