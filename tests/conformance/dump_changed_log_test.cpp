#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "base/assert.h"
#include "kafka_program.h"
#include "log/end_transaction_marker.h"
#include "log/partition_log.h"
#include "log/record_batch.h"
#include "storage/posix_storage.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::conformance;

namespace {

constexpr base::TimestampMs kFirstTimestamp = 1'700'000'000'000;
constexpr log::Compression kCodecs[] = {log::Compression::None, log::Compression::Gzip, log::Compression::Snappy,
                                        log::Compression::Lz4, log::Compression::Zstd};

/// A log in real files with small segments, in the words this test uses.
class FiledLog {
 public:
  explicit FiledLog(const log::LogConfig& config) : m_storage(m_directory.path().toStdString()) {
    log::PartitionLog::OpenOptions options;
    options.partition = {"orders", 0};
    options.config = config;
    options.config.segmentBytes = 4000;
    options.config.indexIntervalBytes = 300;
    options.topicId = {1, 2};
    options.nowMs = m_nowMs;
    log::RecoveryReport report;
    auto opened = log::PartitionLog::open(m_storage, "orders-0", options, report);
    STREAMSCOPE_ASSERT(opened.has_value());
    m_log = std::move(*opened);
  }

  log::PartitionLog& log() { return *m_log; }
  base::TimestampMs now() const { return m_nowMs; }
  QStringList files(const char* pattern) const { return filesUnder(m_directory.filePath("orders-0"), pattern); }

  /// A batch of records of which the keys come again and again; each third has no value.
  void put(int32_t count, log::Compression codec, int64_t producerId = -1, bool isTransactional = false) {
    log::RecordBatchBuilder::Options options;
    options.compression = codec;
    if (producerId >= 0) {
      options.producerId = producerId;
      options.producerEpoch = 0;
      options.baseSequence = m_sequences[producerId];
      m_sequences[producerId] += count;
    }
    options.isTransactional = isTransactional;
    log::RecordBatchBuilder builder(options);
    for (int32_t i = 0; i < count; ++i, ++m_written) {
      const std::string key = "key " + std::to_string(m_written % 53);
      const std::string value = std::to_string(m_written * 7'919) + " and more " + std::to_string(m_written);
      builder.append(++m_nowMs, base::asBytes(key),
                     m_written % 3 == 2 ? std::nullopt : std::optional<base::ByteView>(base::asBytes(value)));
    }
    append(builder.build(), log::AppendOrigin::Client);
  }
  void end(int64_t producerId, bool isCommit) {
    append(log::buildEndTransactionMarker(producerId, 0, {isCommit, 3, ++m_nowMs}), log::AppendOrigin::Coordinator);
  }

  void clean() {
    const auto range = m_log->examineForCleaning(m_cleanedTo, m_nowMs);
    STREAMSCOPE_ASSERT(range.has_value());
    const auto stats = m_log->clean(*range, {}, m_nowMs);
    STREAMSCOPE_ASSERT(stats.has_value());
    m_cleanedTo = stats->endOffset;
  }

  /// The records' offsets from the log start on.
  QStringList offsets() const {
    QStringList found;
    for (base::Offset at = m_log->logStartOffset(); at < m_log->logEndOffset();) {
      const auto read = m_log->read(at, m_log->logEndOffset(), 1 << 20, true);
      STREAMSCOPE_ASSERT(read.has_value() && !read->records.empty());
      base::ByteView rest = read->records.view();
      while (!rest.empty()) {
        const log::BatchScan scan = log::scanBatch(rest, true);
        STREAMSCOPE_ASSERT(scan.end == log::BatchEnd::Complete);
        const auto visited =
            log::forEachRecord(rest.first(scan.header.sizeInBytes), [&](const log::RecordView& record) {
              if (record.offset >= m_log->logStartOffset()) found << QString::number(record.offset);
              return true;
            });
        STREAMSCOPE_ASSERT(visited.has_value());
        m_hasEmptyBatch = m_hasEmptyBatch || scan.header.recordCount == 0;
        at = scan.header.nextOffset();
        rest = rest.subspan(scan.header.sizeInBytes);
      }
    }
    return found;
  }
  bool hasEmptyBatch() const { return m_hasEmptyBatch; }

 private:
  void append(base::Bytes batch, log::AppendOrigin origin) {
    const auto appended = m_log->appendAsLeader(std::move(batch), 0, m_nowMs, origin);
    STREAMSCOPE_ASSERT(appended.has_value());
    m_log->setHighWatermark(m_log->logEndOffset());
  }

  QTemporaryDir m_directory;
  storage::PosixStorage m_storage;
  base::TimestampMs m_nowMs = kFirstTimestamp;
  int m_written = 0;
  std::map<int64_t, int32_t> m_sequences;
  std::optional<base::Offset> m_cleanedTo;
  std::unique_ptr<log::PartitionLog> m_log;
  mutable bool m_hasEmptyBatch = false;
};

QStringList dumpedOffsets(const ProcessOutcome& dumped, base::Offset from) {
  static const QRegularExpression record(R"(^\| offset: (\d+) )", QRegularExpression::MultilineOption);
  QStringList offsets;
  auto matches = record.globalMatch(QString::fromUtf8(dumped.output));
  while (matches.hasNext()) {
    const QString offset = matches.next().captured(1);
    if (offset.toLongLong() >= from) offsets << offset;
  }
  return offsets;
}

}  // namespace

/// Kafka's dump-log tool reads logs of which something went again: by retention, by DeleteRecords, by compaction; and
/// logs with transactions, which end with markers.
class DumpChangedLogTest : public QObject {
  Q_OBJECT
 private slots:
  void afterRetention() {
    log::LogConfig config;
    config.retentionBytes = 12'000;
    FiledLog filed(config);
    for (int i = 0; i < 120; ++i) filed.put(1 + i % 9, kCodecs[i % 5], 7);
    const auto outcome = filed.log().deleteOldSegments(filed.now());
    QVERIFY(outcome && outcome->deleted.size() > 1);
    QVERIFY(filed.log().logStartOffset() > 0);
    theToolReadsIt(filed);
  }

  void afterDeleteRecords() {
    FiledLog filed({});
    for (int i = 0; i < 120; ++i) filed.put(1 + i % 9, kCodecs[i % 5], 7);
    // Into the middle of a batch.
    const base::Offset start = filed.log().segments().at(2).baseOffset + 13;
    QVERIFY(filed.log().incrementLogStartOffset(start).has_value());
    const auto outcome = filed.log().deleteOldSegments(filed.now());
    QVERIFY(outcome && outcome->deleted.size() == 2);
    QCOMPARE(filed.log().logStartOffset(), start);
    theToolReadsIt(filed);
  }

  void afterCompaction() {
    log::LogConfig config;
    config.cleanupCompact = true;
    config.cleanupDelete = false;
    config.deleteRetentionMs = 0;
    FiledLog filed(config);
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 60; ++i) filed.put(1 + i % 9, kCodecs[i % 5]);
      // What an idempotent producer wrote last stays as an empty batch.
      filed.put(1, log::Compression::None, 40 + round);
      filed.put(3, log::Compression::Zstd, 50 + round, true);
      filed.end(50 + round, round % 2 == 0);
      for (int i = 0; i < 60; ++i) filed.put(1 + i % 9, kCodecs[i % 5]);
      filed.clean();
    }
    const QStringList offsets = filed.offsets();
    QVERIFY(filed.hasEmptyBatch());
    QVERIFY(offsets.size() < filed.log().logEndOffset() / 2);
    theToolReadsIt(filed);
  }

  void withTransactions() {
    FiledLog filed({});
    for (int round = 0; round < 12; ++round) {
      for (const int64_t producer : {1, 2, 3}) {
        filed.put(4 + round, kCodecs[round % 5], producer, true);
        filed.put(3, log::Compression::None, 9);
      }
      for (const int64_t producer : {2, 3, 1}) filed.end(producer, (round + producer) % 2 == 0);
    }
    filed.put(4, log::Compression::None, 2, true);
    const auto aborted = filed.log().abortedTransactions(0, filed.log().logEndOffset());
    QVERIFY(aborted && aborted->size() == 18);
    QStringList wanted;
    for (const log::AbortedTransaction& transaction : *aborted)
      wanted << QString("version: 0 producerId: %1 firstOffset: %2 lastOffset: %3 lastStableOffset: %4")
                    .arg(transaction.producerId)
                    .arg(transaction.firstOffset)
                    .arg(transaction.lastOffset)
                    .arg(transaction.lastStableOffset);
    const ProcessOutcome dumped = theToolReadsIt(filed);
    const QString text = QString::fromUtf8(dumped.output);
    QCOMPARE(text.count("endTxnMarker: COMMIT coordinatorEpoch: 3"), 18);
    QCOMPARE(text.count("endTxnMarker: ABORT coordinatorEpoch: 3"), 18);
    QVERIFY(filed.files("*.txnindex").size() > 2);
    const ProcessOutcome indexes = dumpLog(filed.files("*.txnindex"), {});
    QVERIFY2(complaintIn(indexes).isEmpty(), qPrintable(complaintIn(indexes)));
    QCOMPARE(QString::fromUtf8(indexes.output).split('\n').filter("version: "), wanted);
  }

 private:
  /// Closes the log; what the tool printed of its records.
  static ProcessOutcome theToolReadsIt(FiledLog& filed) {
    const base::Offset start = filed.log().logStartOffset();
    const QStringList offsets = filed.offsets();
    const auto closed = filed.log().close();
    STREAMSCOPE_ASSERT(closed.has_value());
    const ProcessOutcome dumped = dumpLog(filed.files("*.log"), {"--deep-iteration", "--print-data-log"});
    const ProcessOutcome entries = dumpLog(filed.files("*.index") + filed.files("*.timeindex"), {"--deep-iteration"});
    const ProcessOutcome verified =
        dumpLog(filed.files("*.index") + filed.files("*.timeindex"), {"--deep-iteration", "--verify-index-only"});
    const ProcessOutcome sanity =
        dumpLog(filed.files("*.index") + filed.files("*.timeindex"), {"--index-sanity-check"});
    const ProcessOutcome producers = dumpLog(filed.files("*.snapshot"), {});
    for (const ProcessOutcome* outcome : {&dumped, &entries, &verified, &sanity, &producers})
      if (const QString complaint = complaintIn(*outcome); !complaint.isEmpty())
        QTest::qFail(qPrintable(complaint), __FILE__, __LINE__);
    check(dumpedOffsets(dumped, start) == offsets, "the tool shows other offsets than a reader gets");
    check(filed.files("*.log").size() > 2, "the test wants several segments");
    check(entries.output.count("offset: ") > 10, "the test wants index entries");
    check(sanity.output.count("passed sanity check") >= filed.files("*.index").size(), "an index is not sane");
    check(producers.output.contains("producerId: "), "the test wants producers");
    return dumped;
  }
  static void check(bool isTrue, const char* sentence) {
    if (!isTrue) QTest::qFail(sentence, __FILE__, __LINE__);
  }
};

STREAMSCOPE_TEST(DumpChangedLogTest);
#include "dump_changed_log_test.moc"
