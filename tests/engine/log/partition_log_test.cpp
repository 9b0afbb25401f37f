#include "log/partition_log.h"

#include <QTemporaryDir>
#include <QTest>

#include "log_fixture.h"
#include "offset_index.h"
#include "storage/posix_storage.h"
#include "support/test_registry.h"
#include "time_index.h"

using namespace streamscope;
using base::ErrorCode;
using log::BatchSpec;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;

class PartitionLogTest : public QObject {
  Q_OBJECT
 private slots:
  void aNewLogIsEmptyAndHasItsTopicId() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.log->logStartOffset(), 0);
    QCOMPARE(fixture.log->logEndOffset(), 0);
    QCOMPARE(fixture.log->latestEpoch(), base::kNoEpoch);
    QCOMPARE(std::string(base::asText(fixture.content("partition.metadata"))),
             "version: 0\ntopic_id: " + fixture.topicId.toString());
    QVERIFY(fixture.memory.exists("orders-0/00000000000000000000.log"));
    QVERIFY(fixture.log->read(0, 0, 100, true)->records.empty());
    QCOMPARE(fixture.log->read(1, 10, 100, true).error().code, ErrorCode::OFFSET_OUT_OF_RANGE);
  }

  void aLeaderGivesOffsetsAndItsEpoch() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    const auto first = fixture.write({.count = 3}, 4);
    QCOMPARE(first->firstOffset, 0);
    QCOMPARE(first->lastOffset, 2);
    QCOMPARE(first->maxTimestamp, kTestTime + 2);
    QCOMPARE(first->logAppendTime, -1);
    QVERIFY(!first->duplicate);
    const auto second = fixture.write({.count = 2}, 5);
    QCOMPARE(second->firstOffset, 3);
    QCOMPARE(fixture.batches(), std::string("@e4 0-2 @e5 3-4"));
    QCOMPARE(std::string(base::asText(fixture.content("leader-epoch-checkpoint"))), std::string("0\n2\n4 0\n5 3\n"));
    QCOMPARE(fixture.log->sizeInBytes(), fixture.content("00000000000000000000.log").size());
  }

  /// Only base offset and epoch change in the client's bytes.
  void theLeaderWritesTheClientsBytes() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({}).has_value());
    base::Bytes batch = log::makeBatch({.count = 2});
    QVERIFY(fixture.writeBytes(batch, 7).has_value());
    base::Bytes written = fixture.content("00000000000000000000.log");
    written.erase(written.begin(), written.end() - static_cast<std::ptrdiff_t>(batch.size()));
    batch[7] = 1;
    std::fill_n(batch.begin() + log::batch_layout::kPartitionLeaderEpoch, 3, uint8_t{0});
    batch[15] = 7;
    QCOMPARE(base::toHex(written), base::toHex(batch));
  }

  void theHighWatermarkStaysInsideTheLog() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 6; ++i) QVERIFY(fixture.write().has_value());
    QCOMPARE(fixture.log->highWatermark(), 0);
    fixture.log->setHighWatermark(9);
    QCOMPARE(fixture.log->highWatermark(), 6);
    fixture.log->setHighWatermark(4);
    QVERIFY(fixture.log->truncateTo(5, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->highWatermark(), 4);
    QVERIFY(fixture.log->truncateTo(3, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->highWatermark(), 3);
    fixture.log->setHighWatermark(1);
    QVERIFY(!fixture.log->incrementLogStartOffset(2).has_value());
    QVERIFY(fixture.log->incrementLogStartOffset(1).has_value());
    fixture.log->setHighWatermark(0);
    QCOMPARE(fixture.log->highWatermark(), 1);
    QVERIFY(fixture.log->truncateFullyAndStartAt(20, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->highWatermark(), 20);
    // Only the checkpoint knows it after a restart.
    QVERIFY(fixture.closeAndReopen().has_value());
    QCOMPARE(fixture.log->highWatermark(), fixture.log->logStartOffset());
  }

  void logAppendTimeOverwritesTheTimestamp() {
    LogConfig config;
    config.logAppendTime = true;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    const auto info = fixture.write({.count = 2, .timestamp = 5});
    QCOMPARE(info->logAppendTime, fixture.nowMs);
    const auto read = fixture.log->read(0, 2, 1000, true);
    const log::BatchScan scan = log::scanBatch(read->records.view(), true);
    QVERIFY(scan.end == log::BatchEnd::Complete);
    QVERIFY(scan.header.isLogAppendTime());
    QCOMPARE(scan.header.maxTimestamp, fixture.nowMs);
    QCOMPARE(fixture.log->offsetForTime(6, 2)->offset, 0);
    QCOMPARE(fixture.log->offsetForTime(6, 2)->timestamp, fixture.nowMs);
  }

  void aFollowerTakesTheLeadersBytes() {
    LogFixture leader;
    LogFixture follower;
    QVERIFY(leader.open().has_value());
    QVERIFY(follower.open().has_value());
    for (int i = 0; i < 5; ++i) QVERIFY(leader.write({.count = i + 1}, i / 2).has_value());
    const auto read = leader.log->read(0, leader.log->logEndOffset(), 1 << 20, true);
    // A partial last batch, as a fetch may bring one.
    const auto info = follower.log->appendAsFollower(read->records.slice(0, read->records.size() - 1), leader.nowMs);
    QCOMPARE(info->lastOffset, 9);
    const auto rest = leader.log->read(10, leader.log->logEndOffset(), 1 << 20, true);
    QVERIFY(follower.log->appendAsFollower(rest->records, leader.nowMs).has_value());
    QVERIFY(leader.content("00000000000000000000.log") == follower.content("00000000000000000000.log"));
    QVERIFY(leader.content("leader-epoch-checkpoint") == follower.content("leader-epoch-checkpoint"));
    QCOMPARE(follower.log->appendAsFollower({}, leader.nowMs)->firstOffset, base::kNoOffset);
  }

  void aFollowerRefusesWhatDoesNotFit() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 3}).has_value());
    const uint64_t size = fixture.log->sizeInBytes();
    QCOMPARE(fixture.log->appendAsFollower(log::makeBatch({.baseOffset = 2}), 0).error().code,
             ErrorCode::OFFSET_OUT_OF_RANGE);
    base::Bytes damaged = log::makeBatch({.baseOffset = 3});
    damaged.back() ^= 1;
    QCOMPARE(fixture.log->appendAsFollower(damaged, 0).error().code, ErrorCode::CORRUPT_MESSAGE);
    QCOMPARE(fixture.log->logEndOffset(), 3);
    QCOMPARE(fixture.log->sizeInBytes(), size);
  }

  void theControllerMayWriteControlBatches() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    base::Bytes both = log::makeBatch({.count = 1, .isControl = true});
    const base::Bytes data = log::makeBatch({.count = 2});
    both.insert(both.end(), data.begin(), data.end());
    QCOMPARE(fixture.log->appendAsLeader(both, 1, fixture.nowMs).error().code, ErrorCode::INVALID_RECORD);
    const auto info = fixture.log->appendAsLeader(both, 1, fixture.nowMs, log::AppendOrigin::RaftLeader);
    QCOMPARE(info->firstOffset, 0);
    QCOMPARE(info->lastOffset, 2);
    QCOMPARE(fixture.batches(), std::string("@e1 0-0 1-2"));
  }

  // Rolling and indexes.

  void aSegmentNeverExceedsSegmentBytes() {
    LogConfig config;
    config.segmentBytes = 1000;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.writeBytes(log::makeBatchOfSize(500)).has_value());
    QCOMPARE(fixture.writeBytes(log::makeBatchOfSize(500))->rolledTo, base::kNoOffset);
    QCOMPARE(fixture.writeBytes(log::makeBatchOfSize(100))->rolledTo, 2);
    QCOMPARE(fixture.writeBytes(log::makeBatchOfSize(901))->rolledTo, 3);
    QCOMPARE(fixture.writeBytes(log::makeBatchOfSize(1000))->rolledTo, 4);
    QCOMPARE(fixture.writeBytes(log::makeBatchOfSize(1001)).error().code, ErrorCode::RECORD_LIST_TOO_LARGE);
    QCOMPARE(fixture.batches(), std::string("0-0 1-1 2-2 3-3 4-4"));
    const auto segments = fixture.log->segments();
    QCOMPARE(segments.size(), size_t{4});
    QCOMPARE(segments[0].endOffset, 2);
    QCOMPARE(segments[0].bytes, uint64_t{1000});
    QCOMPARE(segments[3].baseOffset, 4);
    QCOMPARE(segments[3].endOffset, 5);
    // The producers' state follows when everything before it is on stable storage.
    QVERIFY(!fixture.memory.exists("orders-0/00000000000000000002.snapshot"));
    QVERIFY(fixture.log->flushEndedSegments().has_value());
    for (const char* name : {"00000000000000000002.snapshot", "00000000000000000003.snapshot"})
      QVERIFY2(fixture.memory.exists(std::string("orders-0/") + name), name);
    // The roll leaves the largest timestamp in the time index.
    QCOMPARE(fixture.content("00000000000000000000.timeindex").size(), size_t{12});
  }

  void aSegmentRollsAfterSegmentMs() {
    LogConfig config;
    config.segmentMs = 100;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.timestamp = kTestTime}).has_value());
    QCOMPARE(fixture.write({.timestamp = kTestTime + 100})->rolledTo, base::kNoOffset);
    QCOMPARE(fixture.write({.timestamp = kTestTime + 101})->rolledTo, 2);
    // Without timestamps the broker's clock decides.
    QCOMPARE(fixture.write({.timestamp = -1})->rolledTo, base::kNoOffset);
    fixture.nowMs += 500;
    QCOMPARE(fixture.write({.timestamp = kTestTime + 350})->rolledTo, 4);
  }

  void aFullIndexRolls() {
    LogConfig config;
    config.segmentIndexBytes = 36;
    config.indexIntervalBytes = 0;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    // Three time entries fit, one slot is kept.
    std::string rolls;
    for (int i = 0; i < 8; ++i) {
      const auto info = fixture.write({.timestamp = kTestTime + i});
      if (info->rolledTo != base::kNoOffset) rolls += std::to_string(info->rolledTo) + " ";
    }
    QCOMPARE(rolls, std::string("3 6 "));
  }

  /// Kafka 4: per batch; an entry when more than index.interval.bytes came since the last one, never for the first.
  void indexEntriesComeAfterTheInterval() {
    LogConfig config;
    config.indexIntervalBytes = 200;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 6; ++i) QVERIFY(fixture.writeBytes(log::makeBatchOfSize(100, kTestTime + 5 * i)).has_value());
    QVERIFY(fixture.log->flush().has_value());
    // 100 and 200 bytes are not above 200; the fourth batch (offset 3) gets the first entry.
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.index")), std::string("00000003"
                                                                                     "0000012c"));
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.timeindex")), std::string("0000018bcfe5680f"
                                                                                         "00000003"));
    for (int i = 6; i < 8; ++i) QVERIFY(fixture.writeBytes(log::makeBatchOfSize(100, kTestTime)).has_value());
    QVERIFY(fixture.log->flush().has_value());
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.index")), std::string("00000003"
                                                                                     "0000012c"
                                                                                     "00000006"
                                                                                     "00000258"));
    QCOMPARE(base::toHex(fixture.content("00000000000000000000.timeindex")), std::string("0000018bcfe5680f"
                                                                                         "00000003"
                                                                                         "0000018bcfe56819"
                                                                                         "00000005"));
  }

  void aMultiBatchAppendIsIndexedPerBatch() {
    LogConfig config;
    config.indexIntervalBytes = 150;
    LogFixture leader;
    LogFixture follower(config);
    QVERIFY(leader.open().has_value());
    QVERIFY(follower.open().has_value());
    for (int i = 0; i < 6; ++i) QVERIFY(leader.writeBytes(log::makeBatchOfSize(100)).has_value());
    const auto read = leader.log->read(0, 6, 1 << 20, true);
    QCOMPARE(read->records.size(), size_t{600});
    QVERIFY(follower.log->appendAsFollower(read->records, 0).has_value());
    QVERIFY(follower.log->flush().has_value());
    QCOMPARE(base::toHex(follower.content("00000000000000000000.index")), std::string("00000002"
                                                                                      "000000c8"
                                                                                      "00000004"
                                                                                      "00000190"));
  }

  // Reading.

  void readsFromEveryOffsetInEverySize() {
    LogConfig config;
    config.segmentBytes = 3000;
    config.indexIntervalBytes = 300;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    base::Offset end = 0;
    for (int i = 0; i < 40; ++i)
      end = fixture.write({.count = 1 + i % 4, .valueSize = size_t(10 + 7 * i)})->lastOffset + 1;
    const auto checkAll = [&] {
      for (base::Offset from = 0; from < end; ++from)
        for (const size_t bytesMax : {size_t{0}, size_t{100}, size_t{900}, size_t{100000}}) {
          const auto read = fixture.log->read(from, end, bytesMax, true);
          QVERIFY(read.has_value());
          const log::BatchScan scan = log::scanBatch(read->records.view(), true);
          QVERIFY(scan.end == log::BatchEnd::Complete);
          QVERIFY(scan.header.baseOffset <= from && from <= scan.header.lastOffset());
          QVERIFY(read->records.size() <= std::max<size_t>(bytesMax, scan.header.sizeInBytes));
          const auto exact = fixture.log->read(from, end, bytesMax, false);
          QCOMPARE(exact->records.empty(), scan.header.sizeInBytes > bytesMax);
          // Only whole batches below the end.
          const auto upTo = fixture.log->read(from, scan.header.lastOffset(), 100000, true);
          QVERIFY(upTo->records.empty());
        }
    };
    checkAll();
    QVERIFY(fixture.log->readsFromMemory() > 0);
    QVERIFY(fixture.closeAndReopen().has_value());
    checkAll();
    QCOMPARE(fixture.log->readsFromMemory(), uint64_t{0});
    QCOMPARE(fixture.log->logEndOffset(), end);
  }

  void readersAtTheEndShareTheLeadersBuffer() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 3}).has_value());
    const auto first = fixture.log->read(0, 3, 1000, true);
    const auto second = fixture.log->read(0, 3, 1000, true);
    QCOMPARE(fixture.log->readsFromMemory(), uint64_t{2});
    QVERIFY(first->records.data() == second->records.data());
    // Several buffers become one, shared from then on.
    QVERIFY(fixture.write({.count = 2}).has_value());
    QVERIFY(fixture.write({.count = 2}).has_value());
    const auto gathered = fixture.log->read(3, 7, 10000, true);
    const auto again = fixture.log->read(3, 7, 10000, true);
    QVERIFY(gathered->records.data() == again->records.data());
    QVERIFY(gathered->records == again->records);
    QCOMPARE(gathered->position, uint64_t{first->records.size()});
  }

  // Time.

  void findsOffsetsByTime() {
    LogConfig config;
    config.segmentBytes = 1000;
    config.indexIntervalBytes = 100;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 30; ++i) QVERIFY(fixture.write({.count = 2, .timestamp = kTestTime + 10 * i}).has_value());
    const auto checkAll = [&] {
      for (int i = 0; i < 30; ++i) {
        QCOMPARE(fixture.log->offsetForTime(kTestTime + 10 * i, 60)->offset, 2 * i);
        QCOMPARE(fixture.log->offsetForTime(kTestTime + 10 * i + 1, 60)->offset, 2 * i + 1);
        QCOMPARE(fixture.log->offsetForTime(kTestTime + 10 * i - 5, 60)->offset, 2 * i);
      }
      QCOMPARE(fixture.log->offsetForTime(0, 60)->offset, 0);
      QCOMPARE(fixture.log->offsetForTime(0, 60)->leaderEpoch, 0);
      QCOMPARE(fixture.log->offsetForTime(kTestTime + 292, 60)->offset, base::kNoOffset);
      QCOMPARE(fixture.log->offsetForTime(kTestTime + 100, 20)->offset, base::kNoOffset);
      QCOMPARE(fixture.log->offsetForTime(kTestTime + 100, 21)->offset, 20);
      QCOMPARE(fixture.log->offsetOfMaxTimestamp()->offset, 59);
      QCOMPARE(fixture.log->offsetOfMaxTimestamp()->timestamp, kTestTime + 291);
    };
    checkAll();
    QVERIFY(fixture.closeAndReopen().has_value());
    checkAll();
    QVERIFY(fixture.kill().has_value());
    checkAll();
  }

  void theLargestTimestampMayBeAnywhere() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.log->offsetOfMaxTimestamp()->offset, base::kNoOffset);
    for (const int delta : {0, 500, 100, 500, 7}) QVERIFY(fixture.write({.timestamp = kTestTime + delta}).has_value());
    QCOMPARE(fixture.log->offsetOfMaxTimestamp()->offset, 1);
    QCOMPARE(fixture.log->offsetForTime(kTestTime + 1, 5)->offset, 1);
  }

  // Epochs and truncation.

  void epochEndsAnswerAsKafka() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.log->assignEpochStart(2, 0).has_value());
    QVERIFY(fixture.write({.count = 4}, 2).has_value());
    QVERIFY(fixture.write({.count = 4}, 5).has_value());
    const auto end = [&](int epoch) {
      const auto found = fixture.log->endOffsetForEpoch(epoch);
      return std::to_string(found.epoch) + ":" + std::to_string(found.endOffset);
    };
    QCOMPARE(end(-1), std::string("-1:-1"));
    QCOMPARE(end(1), std::string("1:0"));
    QCOMPARE(end(2), std::string("2:4"));
    QCOMPARE(end(3), std::string("2:4"));
    QCOMPARE(end(5), std::string("5:8"));
    QCOMPARE(end(6), std::string("-1:-1"));
    QCOMPARE(fixture.log->epochForOffset(3), 2);
    QCOMPARE(fixture.log->epochForOffset(4), 5);
  }

  void truncationCutsSegmentsIndexesAndEpochs() {
    for (base::Offset target = 0; target < 30; ++target) {
      LogConfig config;
      config.segmentBytes = 600;
      config.indexIntervalBytes = 100;
      LogFixture fixture(config);
      QVERIFY(fixture.open().has_value());
      for (int i = 0; i < 15; ++i) QVERIFY(fixture.write({.count = 2, .timestamp = kTestTime + i}, i / 4).has_value());
      QVERIFY(fixture.log->truncateTo(target, fixture.nowMs).has_value());
      // A batch cannot be cut in half: it goes as a whole.
      const base::Offset end = std::min<base::Offset>(target - target % 2, 30);
      QCOMPARE(fixture.log->logEndOffset(), end);
      for (const auto& entry : fixture.log->epochs()) QVERIFY(entry.startOffset < end);
      if (end > 0) QCOMPARE(fixture.log->offsetOfMaxTimestamp()->timestamp, kTestTime + end / 2);
      QCOMPARE(fixture.write({.count = 1, .timestamp = kTestTime}, 9)->firstOffset, end);
      QVERIFY(fixture.crash().has_value());
      for (const auto& cut : fixture.report.cuts)
        QFAIL((std::to_string(target) + ": " + cut.file + " " + std::to_string(cut.atByte) + " " + cut.reason).c_str());
      QCOMPARE(fixture.log->logEndOffset(), end);
    }
  }

  /// Compaction left gaps. What is appended into one after a cut was not synced yet.
  void truncationIntoAGapTakesTheRecoveryPointBackToTheEnd() {
    for (const int32_t segmentBytes : {100, 1'000'000})
      for (const base::Offset target : {1, 3, 4, 5, 6, 8}) {
        LogConfig config;
        config.segmentBytes = segmentBytes;
        LogFixture fixture(config);
        QVERIFY(fixture.open().has_value());
        for (const base::Offset offset : {0, 1, 5, 9})
          QVERIFY(fixture.log->appendAsFollower(log::makeBatch({.baseOffset = offset}), 0).has_value());
        QVERIFY(fixture.log->flush().has_value());
        QVERIFY(fixture.log->truncateTo(target, fixture.nowMs).has_value());
        QVERIFY(fixture.log->logEndOffset() <= target);
        QCOMPARE(fixture.log->recoveryPoint(), fixture.log->logEndOffset());
      }
  }

  /// A leader of epoch 5 that was replaced before it appended anything: its epoch must not stay, or the next leader
  /// finds a divergence in every fetch.
  void truncationToTheEndTakesAnEmptyEpochBack() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 3, .timestamp = kTestTime}, 4).has_value());
    QVERIFY(fixture.log->assignEpochStart(5, 3).has_value());
    QCOMPARE(fixture.log->latestEpoch(), 5);
    QVERIFY(fixture.log->truncateTo(3, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->latestEpoch(), 4);
    QCOMPARE(fixture.log->logEndOffset(), base::Offset{3});
  }

  void startingAnewDropsEverything() {
    LogConfig config;
    config.segmentBytes = 600;
    LogFixture fixture(config);
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 15; ++i)
      QVERIFY(fixture.write({.count = 2, .producerId = 1, .producerEpoch = 0, .baseSequence = 2 * i}).has_value());
    QVERIFY(fixture.log->truncateFullyAndStartAt(100, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->logStartOffset(), 100);
    QCOMPARE(fixture.log->logEndOffset(), 100);
    QVERIFY(fixture.log->producers().empty());
    QVERIFY(fixture.log->epochs().empty());
    QCOMPARE(fixture.write({})->firstOffset, 100);
    QVERIFY(fixture.kill().has_value());
    QCOMPARE(fixture.batches(), std::string("100-100"));
  }

  void theStartOffsetHidesWhatIsBelow() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    QVERIFY(fixture.write({.count = 5}, 1).has_value());
    QVERIFY(fixture.write({.count = 5}, 2).has_value());
    fixture.log->setHighWatermark(10);
    QVERIFY(fixture.log->incrementLogStartOffset(6).has_value());
    QCOMPARE(fixture.log->read(5, 10, 100, true).error().code, ErrorCode::OFFSET_OUT_OF_RANGE);
    QCOMPARE(fixture.log->epochs().size(), size_t{1});
    QCOMPARE(fixture.log->epochs()[0].startOffset, 6);
    QCOMPARE(fixture.log->offsetForTime(0, 10)->offset, 6);
  }

  // Producers.

  void aResentBatchIsAnsweredWithItsFirstOffsets() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    const auto send = [&](int sequence, int16_t epoch = 0) {
      return fixture.write({.count = 2, .producerId = 9, .producerEpoch = epoch, .baseSequence = sequence});
    };
    for (int i = 0; i < 7; ++i) QVERIFY(send(2 * i).has_value());
    const auto checkAll = [&](int first) {
      for (int i = first; i < 7; ++i) {
        const auto again = send(2 * i);
        QVERIFY(again->duplicate);
        QCOMPARE(again->firstOffset, 2 * i);
        QCOMPARE(again->lastOffset, 2 * i + 1);
      }
      QCOMPARE(fixture.log->logEndOffset(), 14);
      // Older than the five remembered ones, and a gap.
      QCOMPARE(send(0).error().code, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
      QCOMPARE(send(16).error().code, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    };
    checkAll(2);
    // One comes back, from the snapshot that recovery took or a clean close.
    QVERIFY(fixture.kill().has_value());
    checkAll(6);
    QCOMPARE(send(10).error().code, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    QVERIFY(fixture.closeAndReopen().has_value());
    checkAll(6);
    QVERIFY(send(14).has_value());
    QCOMPARE(send(3, 1).error().code, ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
    QVERIFY(send(0, 1).has_value());
    QCOMPARE(send(16, 0).error().code, ErrorCode::INVALID_PRODUCER_EPOCH);
    QCOMPARE(fixture.log->producers().size(), size_t{1});
    QCOMPARE(fixture.log->producers()[0].epoch, int16_t{1});
    QCOMPARE(fixture.log->producers()[0].lastSequence, 1);
  }

  void truncationTakesProducersBack() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    for (int i = 0; i < 4; ++i)
      QVERIFY(fixture.write({.producerId = 9, .producerEpoch = 0, .baseSequence = i}).has_value());
    QVERIFY(fixture.log->truncateTo(2, fixture.nowMs).has_value());
    QCOMPARE(fixture.log->producers()[0].lastSequence, 1);
    const auto again = fixture.write({.producerId = 9, .producerEpoch = 0, .baseSequence = 2});
    QVERIFY(!again->duplicate);
    QCOMPARE(again->firstOffset, 2);
  }

  // Identity.

  void anotherTopicsReplicaIsRefused() {
    LogFixture fixture;
    QVERIFY(fixture.open().has_value());
    fixture.topicId = {7, 7};
    QCOMPARE(fixture.open().error().code, ErrorCode::INCONSISTENT_TOPIC_ID);
    fixture.topicId = base::kZeroUuid;
    QVERIFY(fixture.open().has_value());
    QCOMPARE(fixture.log->topicId(), (base::Uuid{1, 2}));
    QCOMPARE(fixture.log->assignTopicId({7, 7}).error().code, ErrorCode::INCONSISTENT_TOPIC_ID);
  }

  // The same on real files.

  void worksOnRealFiles() {
    const QTemporaryDir directory;
    storage::PosixStorage disk(directory.path().toStdString());
    log::PartitionLog::OpenOptions options;
    options.partition = {"orders", 1};
    options.config.segmentBytes = 20000;
    options.topicId = {3, 4};
    options.nowMs = kTestTime;
    base::Offset end = 0;
    {
      log::RecoveryReport report;
      const auto log = log::PartitionLog::open(disk, "orders-1", options, report).value();
      for (int i = 0; i < 100; ++i)
        end = log->appendAsLeader(log::makeBatch({.count = 3, .valueSize = 300, .timestamp = kTestTime + i}), 0,
                                  kTestTime)
                  ->lastOffset +
              1;
      QVERIFY(log->close().has_value());
    }
    options.cleanShutdown = true;
    log::RecoveryReport report;
    const auto log = log::PartitionLog::open(disk, "orders-1", options, report).value();
    QVERIFY(report.cuts.empty());
    QCOMPARE(report.segmentsRecovered, 0);
    QCOMPARE(log->logEndOffset(), end);
    base::Offset at = 0;
    while (at < end) {
      const auto read = log->read(at, end, 5000, true);
      QVERIFY(read.has_value() && !read->records.empty());
      for (size_t position = 0; position < read->records.size();) {
        const log::BatchScan scan = log::scanBatch(read->records.view().subspan(position), true);
        QVERIFY(scan.end == log::BatchEnd::Complete);
        QCOMPARE(scan.header.baseOffset, at);
        at = scan.header.nextOffset();
        position += scan.header.sizeInBytes;
      }
    }
    QVERIFY(log->segments().size() > 4);
  }
};

STREAMSCOPE_TEST(PartitionLogTest);
#include "partition_log_test.moc"
