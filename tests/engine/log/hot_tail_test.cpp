#include "hot_tail.h"

#include <QTest>

#include "batches.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::HotTail;

namespace {

/// Appends batches of `count` records as a log does.
struct Fixture {
  log::HotTailPool pool;
  HotTail tail{pool};
  base::Offset end = 0;
  uint64_t position = 0;
  base::Offset segment = 0;

  base::SharedBytes add(int count, size_t valueSize = 10) {
    const base::SharedBytes bytes(log::makeBatch({.count = count, .valueSize = valueSize, .baseOffset = end}));
    tail.add({end, end + count, segment, position, bytes});
    end += count;
    position += bytes.size();
    return bytes;
  }
  std::string read(base::Offset from, base::Offset endExclusive, size_t bytesMax = 1 << 20, bool atLeastOne = true) {
    const auto run = tail.read(from, endExclusive, bytesMax, atLeastOne);
    if (!run) return "miss";
    std::string text;
    for (size_t at = 0; at < run->bytes.size();) {
      const auto header = log::scanBatch(run->bytes.view().subspan(at), true).header;
      text += std::to_string(header.baseOffset) + "-" + std::to_string(header.lastOffset()) + " ";
      at += header.sizeInBytes;
    }
    return text + "@" + std::to_string(run->position);
  }
};

}  // namespace

class HotTailTest : public QObject {
  Q_OBJECT
 private slots:
  void oneBufferIsSharedAsItIs() {
    Fixture fixture;
    const auto bytes = fixture.add(3);
    QVERIFY(fixture.tail.read(0, 3, 1000, true)->bytes.data() == bytes.data());
    QCOMPARE(fixture.read(2, 3), std::string("0-2 @0"));
    QCOMPARE(fixture.read(3, 3), std::string("miss"));
    QCOMPARE(fixture.tail.hits(), uint64_t{2});
  }

  void severalBecomeOne() {
    Fixture fixture;
    const size_t size = fixture.add(2).size();
    fixture.add(2);
    fixture.add(2);
    const size_t held = fixture.tail.bytesHeld();
    QCOMPARE(fixture.read(0, 6), std::string("0-1 2-3 4-5 @0"));
    QVERIFY(fixture.tail.bytesHeld() < held);
    QVERIFY(fixture.tail.read(0, 6, 1 << 20, true)->bytes.data() ==
            fixture.tail.read(0, 6, 1 << 20, true)->bytes.data());
    // Parts of it are slices.
    QCOMPARE(fixture.read(3, 6), "2-3 4-5 @" + std::to_string(size));
    QCOMPARE(fixture.read(2, 4), "2-3 @" + std::to_string(size));
    QCOMPARE(fixture.read(0, 6, size * 2), std::string("0-1 2-3 @0"));
  }

  void limitsHold() {
    Fixture fixture;
    const size_t size = fixture.add(2).size();
    fixture.add(2);
    QCOMPARE(fixture.read(0, 4, size), std::string("0-1 @0"));
    QCOMPARE(fixture.read(0, 4, size - 1), std::string("0-1 @0"));
    QCOMPARE(fixture.read(0, 4, size - 1, false), std::string("@0"));
    QCOMPARE(fixture.read(0, 3), std::string("0-1 @0"));
    QCOMPARE(fixture.read(0, 1), std::string("@0"));
  }

  void aReadStaysInItsSegment() {
    Fixture fixture;
    fixture.add(2);
    fixture.segment = 2;
    fixture.position = 0;
    fixture.add(2);
    QCOMPARE(fixture.read(0, 4), std::string("0-1 @0"));
    QCOMPARE(fixture.read(2, 4), std::string("2-3 @0"));
  }

  void memoryIsBounded() {
    Fixture fixture;
    for (int i = 0; i < 300; ++i) {
      fixture.add(1, 10000);
      fixture.tail.noteReader();
      QVERIFY(fixture.tail.bytesHeld() <= HotTail::kBytesMax);
    }
    QVERIFY(fixture.tail.bytesHeld() > HotTail::kBytesMax / 2);
    QCOMPARE(fixture.read(0, 300), std::string("miss"));
    QVERIFY(fixture.read(299, 300) != "miss");
  }

  void withoutReadersNothingIsKept() {
    Fixture fixture;
    for (int i = 0; i < 300; ++i) fixture.add(1, 10000);
    QCOMPARE(fixture.tail.bytesHeld(), size_t{0});
    fixture.tail.noteReader();
    fixture.add(1);
    QVERIFY(fixture.read(300, 301) != "miss");
  }

  void logsShareThePool() {
    log::HotTailPool pool;
    std::vector<std::unique_ptr<HotTail>> tails;
    const base::SharedBytes bytes(log::makeBatch({.valueSize = 100000}));
    for (int i = 0; i < 40; ++i) {
      tails.push_back(std::make_unique<HotTail>(pool));
      for (int k = 0; k < 9; ++k) tails.back()->add({k, k + 1, 0, 0, bytes});
    }
    size_t total = 0;
    for (const auto& tail : tails) total += tail->bytesHeld();
    QVERIFY(total <= log::HotTailPool::kBytesMax);
    QVERIFY(total > log::HotTailPool::kBytesMax / 2);
    QCOMPARE(tails.front()->bytesHeld(), size_t{0});
    QVERIFY(tails.back()->bytesHeld() > 0);
    tails.erase(tails.begin() + 20, tails.end());
  }
};

STREAMSCOPE_TEST(HotTailTest);
#include "hot_tail_test.moc"
