#include <QTest>
#include <map>

#include "base/random.h"
#include "compacted_log.h"
#include "support/test_registry.h"

using namespace streamscope;
using log::CompactedLog;
using log::Compression;

namespace {

constexpr int64_t kDeleteRetentionMs = 100'000;

/// Everything that was ever written, as a log that never compacts would show it.
struct Written {
  std::string key;
  std::string value;
  bool isTombstone = false;
  base::TimestampMs atMs = 0;
};
using Model = std::map<base::Offset, Written>;

/// Random histories of one log; the model keeps everything, the log is cleaned again and again.
class History {
 public:
  explicit History(uint64_t seed) : m_random(seed), m_log(config()) { STREAMSCOPE_ASSERT(m_log.open().has_value()); }

  /// What is wrong, or nothing.
  std::string run(int steps) {
    for (int step = 0; step < steps; ++step) {
      const uint64_t what = m_random.below(100);
      if (what < 60)
        writeBatch();
      else if (what < 70)
        writeTransaction();
      else if (what < 80)
        m_log.nowMs += static_cast<int64_t>(m_random.below(kDeleteRetentionMs * 3 / 2));
      else if (what < 92)
        clean();
      else if (!(m_random.below(2) == 0 ? m_log.kill() : m_log.closeAndReopen()))
        return "the log does not open";
      else
        m_log.log->setHighWatermark(m_log.log->logEndOffset());
      if (std::string wrong = check(); !wrong.empty()) return "step " + std::to_string(step) + ": " + wrong;
    }
    return {};
  }

  int cleanings() const { return m_cleanings; }
  size_t recordsGone() const { return m_model.size() - m_present.size(); }

 private:
  static log::LogConfig config() {
    log::LogConfig config;
    config.segmentBytes = 700;
    config.indexIntervalBytes = 200;
    config.deleteRetentionMs = kDeleteRetentionMs;
    return config;
  }

  Compression anyCodec() { return static_cast<Compression>(m_random.below(5)); }

  log::RecordBatchBuilder::Options options() {
    log::RecordBatchBuilder::Options options;
    options.compression = anyCodec();
    return options;
  }

  void addRecords(log::RecordBatchBuilder& builder, bool isVisible) {
    base::Offset offset = m_log.log->logEndOffset();
    for (uint64_t count = 1 + m_random.below(4); count > 0; --count, ++offset) {
      Written record{"key-" + std::to_string(m_random.below(12)), std::to_string(offset), m_random.below(5) == 0,
                     m_log.nowMs};
      builder.append(m_log.nowMs, base::asBytes(record.key),
                     record.isTombstone ? std::nullopt : std::optional<base::ByteView>(base::asBytes(record.value)));
      if (isVisible) m_model[offset] = record;
    }
  }

  void writeBatch() {
    log::RecordBatchBuilder builder(options());
    addRecords(builder, true);
    STREAMSCOPE_ASSERT(m_log.appendAndReplicate(builder.build()).has_value());
  }

  void writeTransaction() {
    const int64_t producerId = static_cast<int64_t>(m_random.below(3));
    const bool isCommit = m_random.below(2) == 0;
    for (uint64_t batches = 1 + m_random.below(3); batches > 0; --batches) {
      auto with = options();
      with.producerId = producerId;
      with.producerEpoch = 0;
      with.isTransactional = true;
      with.baseSequence = m_log.nextSequence[producerId];
      log::RecordBatchBuilder builder(with);
      addRecords(builder, isCommit);
      m_log.nextSequence[producerId] += builder.recordCount();
      // Sequence numbers begin anew once the producer has expired.
      STREAMSCOPE_ASSERT(m_log.appendAndReplicate(builder.build()).has_value());
    }
    m_log.endTransaction(producerId, isCommit);
  }

  void clean() {
    // Sometimes from the start again: then due tombstones and markers go.
    if (m_random.below(3) == 0) m_log.checkpoint = m_log.log->logStartOffset();
    m_log.cleaner.dedupeBufferSize = m_random.below(4) == 0 ? 24 * 5 : 24 * 1000;
    const auto head = m_log.log->segments().back();
    const base::Bytes before = m_log.content(headName());
    STREAMSCOPE_ASSERT(m_log.clean().has_value());
    ++m_cleanings;
    if (m_log.log->segments().back().baseOffset != head.baseOffset || m_log.content(headName()) != before)
      m_wrong = "the head of the log was touched";
  }

  std::string headName() const {
    std::string digits = std::to_string(m_log.log->segments().back().baseOffset);
    return std::string(20 - digits.size(), '0') + digits + ".log";
  }

  /// Reads everything a read_committed consumer gets and compares it with the model.
  std::string check() {
    if (!m_wrong.empty()) return m_wrong;
    std::map<base::Offset, Written> present;
    base::Offset last = -1;
    base::Offset at = m_log.log->logStartOffset();
    const base::Offset end = m_log.log->logEndOffset();
    const auto aborted = m_log.log->abortedTransactions(at, end);
    while (at < end) {
      const auto read = m_log.log->read(at, end, 300, true);
      if (!read) return read.error().message;
      if (read->records.empty()) return "nothing can be read at " + std::to_string(at);
      for (base::ByteView rest = read->records.view(); !rest.empty();) {
        const log::BatchScan scan = log::scanBatch(rest, true);
        if (scan.end != log::BatchEnd::Complete) return scan.reason;
        const base::ByteView batch = rest.first(scan.header.sizeInBytes);
        rest = rest.subspan(scan.header.sizeInBytes);
        if (scan.header.baseOffset <= last) return "offsets go back at " + std::to_string(scan.header.baseOffset);
        last = scan.header.lastOffset();
        at = scan.header.nextOffset();
        bool isVisible = !scan.header.isControl();
        for (const auto& transaction : *aborted)
          if (scan.header.isTransactional() && transaction.producerId == scan.header.producerId &&
              transaction.firstOffset <= scan.header.baseOffset && scan.header.baseOffset <= transaction.lastOffset)
            isVisible = false;
        if (!isVisible) continue;
        const auto status = log::forEachRecord(batch, [&](const log::RecordView& record) {
          present[record.offset] = {std::string(base::asText(*record.key)),
                                    record.value ? std::string(base::asText(*record.value)) : "", !record.value,
                                    record.timestamp};
          return true;
        });
        if (!status) return status.error().message;
      }
    }
    m_present = present;
    return compare(present);
  }

  std::string compare(const Model& present) {
    std::map<std::string, base::Offset> latest;
    for (const auto& [offset, record] : m_model) latest[record.key] = offset;
    for (const auto& [offset, record] : present) {
      const auto known = m_model.find(offset);
      const std::string where = "the record at offset " + std::to_string(offset);
      if (known == m_model.end()) return where + " was never committed";
      if (known->second.key != record.key || known->second.isTombstone != record.isTombstone ||
          known->second.atMs != record.atMs || (!record.isTombstone && known->second.value != record.value))
        return where + " is not what was written";
    }
    for (const auto& [key, offset] : latest) {
      if (present.contains(offset)) continue;
      const Written& record = m_model.at(offset);
      if (!record.isTombstone) return "the last value of " + key + " is gone";
      if (m_log.nowMs < record.atMs + kDeleteRetentionMs) return "the tombstone of " + key + " went too early";
      // Then no older value may have come back.
      for (const auto& [other, older] : present)
        if (older.key == key) return key + " came back at offset " + std::to_string(other);
    }
    return {};
  }

  base::Random m_random;
  CompactedLog m_log;
  Model m_model;
  Model m_present;
  int m_cleanings = 0;
  std::string m_wrong;
};

}  // namespace

class CompactionPropertyTest : public QObject {
  Q_OBJECT
 private slots:
  void theLatestRecordOfEveryKeyStays() {
    int cleanings = 0;
    size_t gone = 0;
    for (uint64_t seed = 1; seed <= 30; ++seed) {
      History history(seed);
      const std::string wrong = history.run(120);
      QVERIFY2(wrong.empty(), ("seed " + std::to_string(seed) + ", " + wrong).c_str());
      cleanings += history.cleanings();
      gone += history.recordsGone();
    }
    QVERIFY(cleanings > 100);
    QVERIFY(gone > 1000);
  }
};

STREAMSCOPE_TEST(CompactionPropertyTest);
#include "compaction_property_test.moc"
