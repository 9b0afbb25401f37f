#include "segment.h"

#include <QTest>

#include "batches.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::kTestTime;
using log::RollReason;
using log::Segment;

namespace {

constexpr base::Offset kBase = 1000;
constexpr int32_t kIndexInterval = 150;

/// Segment 1000 and what a test asks it.
struct Fixture {
  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};
  log::LogFiles files{disk, ""};
  std::unique_ptr<Segment> segment = *Segment::create(files, kBase, kTestTime);
  base::Offset end = kBase;

  /// One batch of `count` records; batch number i has the timestamps from kTestTime + 10 * i on.
  storage::StorageStatus append(int32_t count, base::TimestampMs timestamp) {
    const base::Bytes batch = log::makeBatch({.count = count, .timestamp = timestamp, .baseOffset = end});
    const log::BatchHeader header = log::scanBatch(batch, false).header;
    if (auto status = segment->append(batch, {&header, 1}, kIndexInterval); !status) return status;
    end += count;
    return {};
  }
  void fill(int batches) {
    for (int i = 0; i < batches; ++i) QVERIFY(append(2, kTestTime + 10 * i).has_value());
  }
  void reopen() {
    const Segment::Sizes sizes = segment->sizes();
    QVERIFY(segment->finish().has_value());
    segment = std::make_unique<Segment>(files, kBase, kTestTime, sizes);
  }
  std::string find(base::Offset offset) const {
    const auto found = segment->find(offset);
    if (!found) return found.error().message;
    return *found ? std::to_string((*found)->header.baseOffset) : "none";
  }
  std::string findTimestamp(base::TimestampMs timestamp, base::Offset from = 0) const {
    const auto found = segment->findTimestamp(timestamp, from);
    if (!found) return found.error().message;
    return *found ? std::to_string((*found)->header.baseOffset) : "none";
  }
  std::string rolls(const log::LogConfig& config, const Segment::Append& append) const {
    const auto reason = segment->shouldRoll(config, append);
    return !reason ? reason.error().message : *reason ? std::to_string(static_cast<int>(**reason)) : "no";
  }
};

std::string text(RollReason reason) {
  return std::to_string(static_cast<int>(reason));
}

}  // namespace

class SegmentTest : public QObject {
  Q_OBJECT
 private slots:
  void findsTheBatchThatHasAnOffset() {
    Fixture fixture;
    QCOMPARE(fixture.find(kBase), std::string("none"));
    fixture.fill(20);
    QVERIFY(fixture.segment->offsetIndex().count() > 3);
    for (int round = 0; round < 2; ++round) {
      for (base::Offset offset = kBase; offset < fixture.end; ++offset)
        QCOMPARE(fixture.find(offset), std::to_string(offset - offset % 2));
      QCOMPARE(fixture.find(0), std::to_string(kBase));
      QCOMPARE(fixture.find(fixture.end), std::string("none"));
      QCOMPARE(**fixture.segment->readEndOffset(), fixture.end);
      fixture.reopen();
    }
    const auto found = fixture.segment->find(kBase + 3);
    const auto batch = fixture.segment->readBatch(**found);
    QVERIFY(*batch == log::makeBatch({.count = 2, .timestamp = kTestTime + 10, .baseOffset = kBase + 2}));
  }

  void findsTheFirstBatchAtATime() {
    Fixture fixture;
    fixture.fill(20);
    QCOMPARE(fixture.findTimestamp(0), std::to_string(kBase));
    // The second record of batch 3 is the latest there.
    QCOMPARE(fixture.findTimestamp(kTestTime + 31), std::to_string(kBase + 6));
    QCOMPARE(fixture.findTimestamp(kTestTime + 32), std::to_string(kBase + 8));
    QCOMPARE(fixture.findTimestamp(kTestTime + 32, kBase + 20), std::to_string(kBase + 20));
    QCOMPARE(fixture.findTimestamp(kTestTime + 192), std::string("none"));
    QCOMPARE(fixture.segment->maxTimestamp()->timestamp, kTestTime + 191);
    QCOMPARE(*fixture.segment->firstBatchTimestamp(), kTestTime + 1);
  }

  void truncationTakesBatchesIndexEntriesAndTimestamps() {
    Fixture fixture;
    QVERIFY(fixture.append(2, kTestTime + 5000).has_value());
    fixture.fill(20);
    QCOMPARE(*fixture.segment->truncateTo(kBase + 100), kBase + 100);
    // Inside a batch: all of it goes.
    QCOMPARE(*fixture.segment->truncateTo(kBase + 13), kBase + 12);
    QCOMPARE(fixture.find(kBase + 11), std::to_string(kBase + 10));
    QCOMPARE(fixture.find(kBase + 12), std::string("none"));
    QCOMPARE(**fixture.segment->readEndOffset(), kBase + 12);
    QCOMPARE((**fixture.segment->file()).size(), fixture.segment->sizeInBytes());
    QVERIFY((*fixture.segment->offsetIndex().lastEntry())->offset < kBase + 12);
    QCOMPARE(fixture.segment->maxTimestamp()->timestamp, kTestTime + 5001);
    QCOMPARE(*fixture.segment->truncateTo(kBase), kBase);
    QCOMPARE(fixture.segment->sizeInBytes(), uint64_t{0});
    QCOMPARE(fixture.segment->maxTimestamp()->timestamp, base::TimestampMs{-1});
    fixture.end = kBase;
    fixture.fill(3);
    QCOMPARE(fixture.find(kBase + 5), std::to_string(kBase + 4));
  }

  /// LogSegment.shouldRoll
  void rollsForEachOfKafkasReasons() {
    Fixture fixture;
    log::LogConfig config;
    config.segmentBytes = 1000;
    config.segmentMs = 60'000;
    Segment::Append next{100, kTestTime, kBase + 5, kTestTime, 0};
    QCOMPARE(fixture.rolls(config, next), std::string("no"));
    fixture.fill(5);
    QCOMPARE(fixture.rolls(config, next), std::string("no"));
    next.bytes = 1000 - fixture.segment->sizeInBytes();
    QCOMPARE(fixture.rolls(config, next), std::string("no"));
    ++next.bytes;
    QCOMPARE(fixture.rolls(config, next), text(RollReason::SegmentBytes));
    next.bytes = 10;
    next.lastOffset = kBase + INT32_MAX;
    QCOMPARE(fixture.rolls(config, next), std::string("no"));
    ++next.lastOffset;
    QCOMPARE(fixture.rolls(config, next), text(RollReason::OffsetRange));
    next.lastOffset = kBase + 20;
    // Counted from the largest timestamp of the first batch.
    next.maxTimestamp = kTestTime + 1 + 60'000;
    QCOMPARE(fixture.rolls(config, next), std::string("no"));
    ++next.maxTimestamp;
    QCOMPARE(fixture.rolls(config, next), text(RollReason::SegmentMs));
    --next.maxTimestamp;
    next.rollJitterMs = 1;
    QCOMPARE(fixture.rolls(config, next), text(RollReason::SegmentMs));
    next.rollJitterMs = 0;
    config.segmentIndexBytes = static_cast<int32_t>(fixture.segment->offsetIndex().sizeInBytes());
    QCOMPARE(fixture.rolls(config, next), text(RollReason::IndexFull));
  }

  void aTornAppendIsTakenBack() {
    Fixture fixture;
    fixture.fill(3);
    const uint64_t size = fixture.segment->sizeInBytes();
    fixture.disk.tearNextAppend(30);
    QVERIFY(!fixture.append(2, kTestTime).has_value());
    QCOMPARE((**fixture.segment->file()).size(), size);
    QVERIFY(fixture.append(2, kTestTime).has_value());
    QCOMPARE(fixture.find(kBase + 7), std::to_string(kBase + 6));
  }

  void flushPutsEverythingOnStableStorage() {
    Fixture fixture;
    fixture.fill(10);
    QVERIFY(fixture.segment->flush().has_value());
    QVERIFY(fixture.memory.syncDirectory("").has_value());
    const Segment::Sizes sizes = fixture.segment->sizes();
    fixture.fill(1);
    fixture.memory.crash();
    fixture.segment = std::make_unique<Segment>(fixture.files, kBase, kTestTime, sizes);
    QCOMPARE((**fixture.segment->file()).size(), sizes.log);
    QCOMPARE(**fixture.segment->readEndOffset(), kBase + 20);
    QCOMPARE(fixture.find(kBase + 19), std::to_string(kBase + 18));
    fixture.disk.setSyncFails(true);
    fixture.segment->markUnsynced();
    QVERIFY(!fixture.segment->flush().has_value());
  }

  void aDamagedIndexOnlyMakesTheWayLonger() {
    Fixture fixture;
    fixture.fill(20);
    fixture.reopen();
    for (const uint64_t at : {4U, 5U, 6U, 7U, 12U, 13U, 14U, 15U})
      fixture.memory.flipByte("00000000000000001000.index", at, 0x55);
    for (base::Offset offset = kBase; offset < fixture.end; ++offset)
      QCOMPARE(fixture.find(offset), std::to_string(offset - offset % 2));
  }

  void damageIsRefusedWithItsPlace() {
    Fixture fixture;
    fixture.fill(3);
    fixture.memory.flipByte("00000000000000001000.log", log::batch_layout::kMagic, 0x10);
    const std::string refusal = fixture.find(kBase + 2);
    QVERIFY2(refusal.find("00000000000000001000.log is damaged at byte 0") != std::string::npos, refusal.c_str());
    QCOMPARE(**fixture.segment->readEndOffset(), kBase + 6);
    const uint64_t last = (*fixture.segment->find(kBase + 5))->position;
    fixture.memory.flipByte("00000000000000001000.log", last + log::batch_layout::kMagic, 0x10);
    QVERIFY(!fixture.segment->readEndOffset()->has_value());
  }
};

STREAMSCOPE_TEST(SegmentTest);
#include "segment_test.moc"
