#include <QTest>

#include "compacted_log.h"
#include "support/test_registry.h"

using namespace streamscope;
using base::ErrorCode;
using log::CompactedLog;
using log::Compression;
using log::LogConfig;

namespace {

constexpr int64_t kDayMs = 86'400'000;

}  // namespace

class CleanerTest : public QObject {
  Q_OBJECT
 private slots:
  void onlyTheLastRecordOfAKeyStays() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a b c").has_value());
    QVERIFY(log.put("a d").has_value());
    QVERIFY(log.putIntoNewSegment("b a").has_value());
    QVERIFY(log.putIntoNewSegment("c").has_value());
    QCOMPARE(log.segmentBases(), std::string("0 5 7 "));
    const auto stats = log.clean();
    QVERIFY2(stats.has_value(), stats ? "" : stats.error().message.c_str());
    // The head of the log is untouched: c is there twice.
    QCOMPARE(log.records(), std::string("2:c 4:d 5:b 6:a 7:c"));
    QCOMPARE(log.segmentBases(), std::string("0 7 "));
    QCOMPARE(stats->endOffset, 7);
    QCOMPARE(stats->keys, uint64_t{4});
    QCOMPARE(stats->mapMessagesRead, uint64_t{7});
    QCOMPARE(stats->messagesRead, uint64_t{7});
    QCOMPARE(stats->messagesWritten, uint64_t{4});
    QVERIFY(stats->bytesWritten < stats->bytesRead);
    QCOMPARE(stats->segmentsBefore, uint64_t{3});
    QCOMPARE(stats->segmentsAfter, uint64_t{2});
    QCOMPARE(log.log->logEndOffset(), 8);
    QCOMPARE(log.log->logStartOffset(), 0);
  }

  void whatWasCleanedIsReadAgainAfterARestart() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    for (int i = 0; i < 20; ++i)
      QVERIFY(log.putIntoNewSegment(std::string(1, static_cast<char>('a' + i % 3)) + " b").has_value());
    QVERIFY(log.clean().has_value());
    const std::string records = log.records();
    QCOMPARE(records, std::string("34:c 36:a 37:b 38:b 39:b"));
    QVERIFY(log.kill().has_value());
    QVERIFY(log.report.cuts.empty());
    QCOMPARE(log.records(), records);
    QVERIFY(log.closeAndReopen().has_value());
    QCOMPARE(log.records(), records);
    QCOMPARE(log.log->logEndOffset(), 40);
  }

  void theSourcesBecomeDeletedFiles() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a").has_value());
    QVERIFY(log.putIntoNewSegment("a").has_value());
    QVERIFY(log.putIntoNewSegment("b").has_value());
    QVERIFY(log.clean().has_value());
    const auto deleted = log.filesWith(".deleted");
    QVERIFY(std::find(deleted.begin(), deleted.end(), ".log.deleted") != deleted.end());
    QVERIFY(std::find(deleted.begin(), deleted.end(), "1.log.deleted") != deleted.end());
    QVERIFY(std::find(deleted.begin(), deleted.end(), "1.snapshot.deleted") != deleted.end());
    QVERIFY(log.filesWith(".cleaned").empty());
    QVERIFY(log.filesWith(".swap").empty());
    log.nowMs += log.config.fileDeleteDelayMs;
    QVERIFY(log.log->removeDeletedFiles(log.nowMs).has_value());
    QVERIFY(log.filesWith(".deleted").empty());
    QCOMPARE(log.records(), std::string("1:a 2:b"));
  }

  /// The first round stamps the tombstone with its horizon, one after the horizon takes it out.
  void tombstonesStayForDeleteRetention() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a b").has_value());
    QVERIFY(log.put("-a").has_value());
    QVERIFY(log.putIntoNewSegment("c").has_value());
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("1:b 2:-a 3:c"));
    log.nowMs += kDayMs - 1;
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("1:b 2:-a 3:c"));
    log.nowMs += 1;
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    // The last batch of the round stays, without its record.
    QCOMPARE(log.records(), std::string("1:b [2-2] 3:c"));
    QVERIFY(log.putIntoNewSegment("d").has_value());
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("1:b 3:c 4:d"));
  }

  void everyCodecIsCleaned() {
    for (const Compression codec : {Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd}) {
      CompactedLog log;
      QVERIFY(log.open().has_value());
      QVERIFY(log.put("a b c a", codec).has_value());
      QVERIFY(log.put("b", codec).has_value());
      QVERIFY(log.putIntoNewSegment("d").has_value());
      QVERIFY(log.clean().has_value());
      QCOMPARE(log.records(), std::string("2:c 3:a 4:b 5:d"));
      const auto read = log.log->read(0, 4, 1000, true);
      QVERIFY(log::scanBatch(read->records.view(), true).header.compression() == codec);
    }
  }

  /// A map for three keys at load factor 0.9 takes two; what lies behind waits for the next round.
  void aFullMapEndsTheRoundEarly() {
    CompactedLog log;
    log.cleaner.dedupeBufferSize = 24 * 3;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a b").has_value());
    QVERIFY(log.put("a").has_value());
    QVERIFY(log.put("c a").has_value());
    QVERIFY(log.put("b").has_value());
    QVERIFY(log.putIntoNewSegment("d").has_value());
    // Kafka asks for room before it looks whether the key is known.
    QCOMPARE(log.clean()->endOffset, 2);
    QCOMPARE(log.records(), std::string("0:a 1:b 2:a 3:c 4:a 5:b 6:d"));
    QCOMPARE(log.clean()->endOffset, 4);
    QCOMPARE(log.records(), std::string("1:b 2:a 3:c 4:a 5:b 6:d"));
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("3:c 4:a 5:b 6:d"));
    QCOMPARE(log.checkpoint.value(), 6);
  }

  void smallSegmentsAreJoinedUpToTheSize() {
    LogConfig config;
    config.segmentBytes = 300;
    CompactedLog log(config);
    QVERIFY(log.open().has_value());
    for (int i = 0; i < 12; ++i) QVERIFY(log.put(std::string(1, static_cast<char>('a' + i))).has_value());
    const size_t before = log.log->segments().size();
    QVERIFY(before > 2);
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.log->segments().size(), before);
    config = log.log->config();
    config.segmentBytes = 100'000;
    log.log->setConfig(config);
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.log->segments().size(), size_t{2});
    QCOMPARE(log.records(), std::string("0:a 1:b 2:c 3:d 4:e 5:f 6:g 7:h 8:i 9:j 10:k 11:l"));
  }

  /// Its sequence number must be known after a restart, though its records are gone.
  void theLastBatchOfAProducerStaysEmpty() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    log::BatchSpec spec{.count = 2, .producerId = 7, .producerEpoch = 1, .baseSequence = 0};
    QVERIFY(log.appendAndReplicate(log::makeBatch(spec)).has_value());
    spec.baseSequence = 2;
    QVERIFY(log.appendAndReplicate(log::makeBatch(spec)).has_value());
    QVERIFY(log.appendAndReplicate(log::makeBatch({.count = 2})).has_value());
    QVERIFY(log.putIntoNewSegment("x").has_value());
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("[2-3] 4:k0 5:k1 6:x"));
    // Also when the snapshots are lost and only the log can tell.
    for (const auto& name : {"5", "6", "7"}) {
      const std::string path = std::string("orders-0/0000000000000000000") + name + ".snapshot";
      if (log.memory.exists(path)) QVERIFY(log.memory.remove(path).has_value());
    }
    QVERIFY(log.kill().has_value());
    QCOMPARE(log.log->producers().size(), size_t{1});
    QCOMPARE(log.log->producers().front().lastSequence, 3);
    spec.baseSequence = 4;
    QVERIFY(log.appendAndReplicate(log::makeBatch(spec)).has_value());
    // When it writes on, the empty batch is of no use any more.
    QVERIFY(log.putIntoNewSegment("y").has_value());
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("6:x 7:k0 8:k1 9:y"));
  }

  void recordsWithoutAKeyGo() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    log::RecordBatchBuilder builder({});
    builder.append(log.nowMs, std::nullopt, base::asBytes("v"));
    // As in a topic that was not compacted before.
    LogConfig config = log.log->config();
    config.cleanupCompact = false;
    log.log->setConfig(config);
    QVERIFY(log.appendAndReplicate(builder.build()).has_value());
    config.cleanupCompact = true;
    log.log->setConfig(config);
    QVERIFY(log.put("a").has_value());
    QVERIFY(log.putIntoNewSegment("b").has_value());
    const auto stats = log.clean();
    QCOMPARE(stats->invalidMessagesRead, uint64_t{1});
    QCOMPARE(log.records(), std::string("1:a 2:b"));
  }

  /// Everything of the first segments went: readers find the way to what is left.
  void aSegmentMayEndUpEmpty() {
    LogConfig config;
    config.segmentBytes = 150;
    CompactedLog log(config);
    QVERIFY(log.open().has_value());
    for (int i = 0; i < 8; ++i) QVERIFY(log.put("a").has_value());
    QVERIFY(log.clean().has_value());
    QVERIFY(log.kill().has_value());
    QCOMPARE(log.records(), log.log->segments().size() > 0 ? log.records() : std::string());
    QVERIFY(log.log->read(0, 8, 1000, true)->records.size() > 0);
    QCOMPARE(log.log->logEndOffset(), 8);
    QCOMPARE(log.log->offsetForTime(0, 8)->offset, log.log->offsetForTime(log.nowMs, 8)->offset);
  }

  void aDamagedBatchIsNamedAndNothingChanges() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a b").has_value());
    QVERIFY(log.putIntoNewSegment("a").has_value());
    const std::string path = "orders-0/00000000000000000000.log";
    base::Bytes bytes = log.content("00000000000000000000.log");
    bytes.back() ^= 1;
    QVERIFY((*log.memory.open(path, storage::OpenMode::ReadWrite))->writeAt(0, bytes).has_value());
    const auto stats = log.clean();
    QCOMPARE(stats.error().code, ErrorCode::CORRUPT_MESSAGE);
    QVERIFY(QString::fromStdString(stats.error().message).contains("00000000000000000000.log is damaged at byte 0"));
    QVERIFY(log.filesWith(".cleaned").empty());
    QVERIFY(log.content("00000000000000000000.log") == bytes);
  }

  // Transactions.

  /// The data of an aborted transaction goes in the first round, its marker gets a horizon in the second, when nothing
  /// of the transaction is left, and goes after delete.retention.ms.
  void abortedTransactionsGoBeforeTheirMarkers() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a").has_value());
    log.send(7, "a b");
    log.endTransaction(7, false);
    log.send(8, "c");
    log.endTransaction(8, true);
    QVERIFY(log.putIntoNewSegment("x").has_value());
    QVERIFY(log.clean().has_value());
    // What was aborted overwrites nothing: a of offset 0 stays. The last data batch of a producer stays without
    // records.
    QCOMPARE(log.records(), std::string("0:a [1-2] 3:marker 4:c 5:marker 6:x"));
    QCOMPARE(log.log->abortedTransactions(0, 7)->size(), size_t{1});
    // The producers are forgotten, and with them the reason to keep their last batches.
    log.nowMs += 2 * kDayMs;
    QVERIFY(log.putIntoNewSegment("y").has_value());
    log.log->removeExpiredProducers(log.nowMs);
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("0:a 3:marker 4:c 5:marker 6:x 7:y"));
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("0:a 3:marker 4:c 5:marker 6:x 7:y"));
    QCOMPARE(log.log->abortedTransactions(0, 7)->size(), size_t{0});
    log.nowMs += kDayMs;
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("0:a 4:c 5:marker 6:x 7:y"));
  }

  void theMarkerOfAnOverwrittenTransactionGoesToo() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    log.send(7, "a");
    log.endTransaction(7, true);
    log.send(7, "a");
    log.endTransaction(7, true);
    QVERIFY(log.putIntoNewSegment("x").has_value());
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("1:marker 2:a 3:marker 4:x"));
    log.nowMs += kDayMs;
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("1:marker 2:a 3:marker 4:x"));
    log.nowMs += kDayMs;
    log.checkpoint = 0;
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("2:a 3:marker 4:x"));
  }

  /// An open transaction holds the last stable offset, and with it the cleaner.
  void anOpenTransactionIsNotTouched() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a").has_value());
    QVERIFY(log.putIntoNewSegment("a").has_value());
    log.send(7, "a");
    QVERIFY(log.putIntoNewSegment("a").has_value());
    QVERIFY(log.putIntoNewSegment("a").has_value());
    QCOMPARE(log.log->examineForCleaning(std::nullopt, log.nowMs)->firstUncleanableOffset, 1);
    log.endTransaction(7, true);
    QVERIFY(log.clean().has_value());
    QCOMPARE(log.records(), std::string("[2-2] 3:a 4:a 5:marker"));
  }

  // How much may be cleaned.

  void theDirtyPartIsFoundAsInKafka() {
    CompactedLog log;
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a").has_value());
    QVERIFY(log.putIntoNewSegment("b").has_value());
    QVERIFY(log.putIntoNewSegment("c").has_value());
    auto range = log.log->examineForCleaning(std::nullopt, log.nowMs);
    QCOMPARE(range->firstDirtyOffset, 0);
    QCOMPARE(range->firstUncleanableOffset, 2);
    QCOMPARE(range->cleanableRatio(), 1.0);
    range = log.log->examineForCleaning(1, log.nowMs);
    QCOMPARE(range->cleanBytes, log.log->segments()[0].bytes);
    QCOMPARE(range->cleanableBytes, log.log->segments()[1].bytes);
    QCOMPARE(range->cleanableRatio(), 0.5);
    range = log.log->examineForCleaning(99, log.nowMs);
    QVERIFY(range->isCheckpointInvalid);
    QCOMPARE(range->firstDirtyOffset, 0);
    // Not beyond what is replicated.
    log.log->setHighWatermark(1);
    range = log.log->examineForCleaning(std::nullopt, log.nowMs);
    QCOMPARE(range->firstUncleanableOffset, 1);
    log.log->setHighWatermark(0);
    range = log.log->examineForCleaning(std::nullopt, log.nowMs);
    QCOMPARE(range->cleanableBytes, uint64_t{0});
  }

  void lagsDelayAndForce() {
    LogConfig config;
    config.minCompactionLagMs = 10'000;
    config.maxCompactionLagMs = 60'000;
    CompactedLog log(config);
    QVERIFY(log.open().has_value());
    QVERIFY(log.put("a").has_value());
    log.nowMs += 5'000;
    QVERIFY(log.putIntoNewSegment("b").has_value());
    QVERIFY(log.putIntoNewSegment("c").has_value());
    const auto examine = [&] { return *log.log->examineForCleaning(std::nullopt, log.nowMs); };
    QCOMPARE(examine().firstUncleanableOffset, 0);
    log.nowMs += 5'000;
    QCOMPARE(examine().firstUncleanableOffset, 1);
    log.nowMs += 5'000;
    QCOMPARE(examine().firstUncleanableOffset, 2);
    QVERIFY(!examine().needsCompactionNow);
    log.nowMs += 45'000;
    QVERIFY(!examine().needsCompactionNow);
    log.nowMs += 1;
    QVERIFY(examine().needsCompactionNow);
  }
};

STREAMSCOPE_TEST(CleanerTest);
#include "cleaner_test.moc"
