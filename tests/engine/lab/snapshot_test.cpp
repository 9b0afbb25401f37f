#include "lab/snapshot.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::lab;

class SnapshotTest : public QObject {
  Q_OBJECT
 private slots:
  void bootstrapServersListTheListeners() {
    Snapshot snapshot;
    QCOMPARE(snapshot.bootstrapServers(), std::string());
    for (base::BrokerId id = 1; id <= 3; ++id) {
      BrokerState broker;
      broker.id = id;
      broker.port = id == 2 ? uint16_t{0} : static_cast<uint16_t>(9091 + id);
      snapshot.brokers.push_back(broker);
    }
    QCOMPARE(snapshot.bootstrapServers(), std::string("localhost:9092,localhost:9094"));
  }

  void lagIsNeverNegative() {
    ConsumerPartitionState state{{"orders", 0}, 10, 7};
    QCOMPARE(state.lag(), int64_t{0});
    state.highWatermark = 25;
    QCOMPARE(state.lag(), int64_t{15});
  }
};

STREAMSCOPE_TEST(SnapshotTest);
#include "snapshot_test.moc"
