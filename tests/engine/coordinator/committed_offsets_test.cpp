#include "group/committed_offsets.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using coordinator::CommittedOffsets;
using View = CommittedOffsets::View;

namespace {

const base::TopicPartition kOrders{"orders", 0};

coordinator::OffsetAndMetadata at(base::Offset offset) {
  coordinator::OffsetAndMetadata committed;
  committed.offset = offset;
  return committed;
}

}  // namespace

class CommittedOffsetsTest : public QObject {
  Q_OBJECT
 private slots:
  void whatIsOnlyWrittenIsSeenByThoseWhoWantIt() {
    CommittedOffsets offsets;
    offsets.set("g", kOrders, 0, at(5));
    QVERIFY(!offsets.find("g", kOrders, View::Replicated));
    QCOMPARE(offsets.find("g", kOrders, View::Latest)->offset, base::Offset{5});
    offsets.onReplicated(1);
    QCOMPARE(offsets.find("g", kOrders, View::Replicated)->offset, base::Offset{5});
    offsets.set("g", kOrders, 1, at(8));
    offsets.set("g", kOrders, 2, at(9));
    offsets.onReplicated(2);
    QCOMPARE(offsets.find("g", kOrders, View::Replicated)->offset, base::Offset{8});
    QCOMPARE(offsets.find("g", kOrders, View::Latest)->offset, base::Offset{9});
  }

  void aTombstoneHidesAndThenForgets() {
    CommittedOffsets offsets;
    offsets.set("g", kOrders, 0, at(5));
    offsets.onReplicated(1);
    const auto before = offsets.set("g", kOrders, 1, std::nullopt);
    QCOMPARE(before->offset, base::Offset{5});
    QVERIFY(offsets.find("g", kOrders, View::Replicated).has_value());
    QVERIFY(!offsets.hasAny("g"));
    QVERIFY(offsets.ofTopic("orders").empty());
    offsets.onReplicated(2);
    QVERIFY(offsets.ofGroup("g", View::Replicated).empty());
    // Of something that was never there.
    offsets.set("h", kOrders, 2, std::nullopt);
    offsets.onReplicated(3);
    QVERIFY(!offsets.hasAny("h"));
  }

  void aTopicsOffsetsAreFoundInEveryGroup() {
    CommittedOffsets offsets;
    offsets.set("g", {"orders", 2}, 0, at(1));
    offsets.set("g", {"orders2", 0}, 1, at(1));
    offsets.set("h", {"orders", 0}, 2, at(1));
    offsets.set("h", {"older", 0}, 3, at(1));
    const auto found = offsets.ofTopic("orders");
    QCOMPARE(found.size(), size_t{2});
    QVERIFY(found.at("g") == std::vector<base::TopicPartition>({{"orders", 2}}));
    QVERIFY(found.at("h") == std::vector<base::TopicPartition>({{"orders", 0}}));
  }
};

STREAMSCOPE_TEST(CommittedOffsetsTest);
#include "committed_offsets_test.moc"
