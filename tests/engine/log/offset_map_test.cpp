#include "offset_map.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using log::OffsetMap;

class OffsetMapTest : public QObject {
  Q_OBJECT

  static base::Offset get(const OffsetMap& map, const std::string& key) { return map.get(base::asBytes(key)); }

 private slots:
  void theLastOffsetOfAKeyCounts() {
    OffsetMap map(24 * 10);
    QCOMPARE(map.slotCount(), size_t{10});
    QCOMPARE(map.latestOffset(), base::kNoOffset);
    map.put(base::asBytes("a"), 0);
    map.put(base::asBytes("b"), 1);
    map.put(base::asBytes(""), 2);
    map.put(base::asBytes("a"), 7);
    QCOMPARE(map.size(), size_t{3});
    QCOMPARE(map.latestOffset(), 7);
    QCOMPARE(get(map, "a"), 7);
    QCOMPARE(get(map, "b"), 1);
    QCOMPARE(get(map, ""), 2);
    QCOMPARE(get(map, "c"), base::kNoOffset);
    QCOMPARE(map.utilization(), 0.3);
    map.clear();
    QCOMPARE(get(map, "a"), base::kNoOffset);
    QCOMPARE(map.size(), size_t{0});
    QCOMPARE(map.latestOffset(), base::kNoOffset);
  }

  /// 20000 keys make the table grow several times and, with as many slots, become completely full.
  void aFullMapStillFindsEveryKey() {
    constexpr int kKeys = 20'000;
    OffsetMap map(24 * kKeys);
    for (int i = 0; i < kKeys; ++i) map.put(base::asBytes("key-" + std::to_string(i)), i);
    QCOMPARE(map.size(), map.slotCount());
    for (int i = 0; i < kKeys; i += 3) map.put(base::asBytes("key-" + std::to_string(i)), kKeys + i);
    QCOMPARE(map.size(), map.slotCount());
    for (int i = 0; i < kKeys; ++i) QCOMPARE(get(map, "key-" + std::to_string(i)), i % 3 == 0 ? kKeys + i : i);
    for (int i = 0; i < 100; ++i) QCOMPARE(get(map, "other-" + std::to_string(i)), base::kNoOffset);
  }

  void memoryIsLimitedAsInKafka() {
    QCOMPARE(OffsetMap(134'217'728).slotCount(), size_t{5'592'405});
    QCOMPARE(OffsetMap(uint64_t{1} << 40).slotCount(), size_t{INT32_MAX / 24});
    QCOMPARE(OffsetMap(47).slotCount(), size_t{1});
  }
};

STREAMSCOPE_TEST(OffsetMapTest);
#include "offset_map_test.moc"
