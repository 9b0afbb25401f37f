#include <QTest>
#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "log_files.h"
#include "log_fixture.h"
#include "support/test_registry.h"

// A log against a model of a few lines, over random histories: appends with timestamps in any order, rolls, changed
// configs, moving high watermarks, DeleteRecords, jumps in time, restarts and kills.

using namespace streamscope;
using base::Random;
using log::kTestTime;
using log::LogConfig;
using log::LogFixture;
using log::RetentionRule;

namespace {

struct ModelSegment {
  base::Offset baseOffset = 0, endOffset = 0;
  int64_t bytes = 0;
  base::TimestampMs firstTimestamp = -1, largestTimestamp = -1;
};

/// What Kafka's documentation says of retention, without files.
struct Model {
  std::vector<ModelSegment> segments = std::vector<ModelSegment>(1);
  base::Offset logStart = 0, highWatermark = 0;
  /// Base offsets of deleted segments whose files wait, and when they go.
  std::map<base::Offset, base::TimestampMs> waiting;

  base::Offset logEnd() const { return segments.back().endOffset; }

  void append(const LogConfig& config, int64_t bytes, int32_t records, base::TimestampMs largest) {
    const ModelSegment& active = segments.back();
    const bool isFull = active.bytes + bytes > config.segmentBytes;
    const bool isOld = active.bytes > 0 && largest - active.firstTimestamp > config.segmentMs;
    if (active.bytes > 0 && (isFull || isOld)) segments.push_back({logEnd(), logEnd()});
    ModelSegment& target = segments.back();
    if (target.bytes == 0) target.firstTimestamp = largest;
    target.endOffset += records;
    target.bytes += bytes;
    target.largestTimestamp = std::max(target.largestTimestamp, largest);
  }

  std::vector<std::pair<base::Offset, RetentionRule>> deleteOld(const LogConfig& config, base::TimestampMs nowMs) {
    std::vector<std::pair<base::Offset, RetentionRule>> deleted;
    const auto deleteWhile = [&](RetentionRule rule, auto matches) {
      while (segments.front().bytes > 0 && segments.front().endOffset <= highWatermark && matches()) {
        if (segments.size() == 1) segments.push_back({logEnd(), logEnd()});
        deleted.emplace_back(segments.front().baseOffset, rule);
        waiting[segments.front().baseOffset] = nowMs + config.fileDeleteDelayMs;
        segments.erase(segments.begin());
        logStart = std::max(logStart, segments.front().baseOffset);
      }
    };
    deleteWhile(RetentionRule::LogStartOffset,
                [&] { return segments.size() > 1 && segments[1].baseOffset <= logStart; });
    if (!config.cleanupDelete) return deleted;
    if (config.retentionBytes >= 0)
      deleteWhile(RetentionRule::RetentionBytes, [&] {
        int64_t others = 0;
        for (size_t i = 1; i < segments.size(); ++i) others += segments[i].bytes;
        return others >= config.retentionBytes;
      });
    if (config.retentionMs >= 0)
      deleteWhile(RetentionRule::RetentionMs,
                  [&] { return nowMs - segments.front().largestTimestamp > config.retentionMs; });
    return deleted;
  }

  void truncate(base::Offset offset, const LogConfig& config, base::TimestampMs nowMs) {
    while (segments.back().baseOffset > offset) {
      waiting[segments.back().baseOffset] = nowMs + config.fileDeleteDelayMs;
      segments.pop_back();
    }
  }
};

class History {
 public:
  explicit History(uint64_t seed) : m_random(seed) {
    m_fixture.config.segmentBytes = 400;
    m_fixture.config.segmentMs = 60'000;
    m_fixture.config.retentionMs = 100'000;
    m_fixture.config.indexIntervalBytes = 100;
  }

  /// Empty, or what differs from the model.
  std::string run(int steps) {
    if (!m_fixture.open()) return "it does not open";
    for (int step = 0; step < steps; ++step) {
      const std::string trouble = doOneThing();
      if (!trouble.empty()) return "step " + std::to_string(step) + ", " + m_doing + ": " + trouble;
      const std::string difference = compare();
      if (!difference.empty()) return "step " + std::to_string(step) + ", after " + m_doing + ": " + difference;
    }
    return {};
  }

  int deletions(RetentionRule rule) const { return m_deletions[static_cast<size_t>(rule)]; }

 private:
  std::string doOneThing() {
    const uint64_t dice = m_random.below(100);
    if (dice < 50) return append();
    if (dice < 60) return moveHighWatermark();
    if (dice < 75) return runRetention();
    if (dice < 80) return deleteRecords();
    if (dice < 86) return changeConfig();
    if (dice < 92) return removeFiles();
    if (dice < 95) return truncate();
    return restart(dice < 98);
  }

  std::string append() {
    m_doing = "append";
    const auto count = static_cast<int32_t>(m_random.between(1, 3));
    // Mostly now, sometimes long ago or a little in the future.
    base::TimestampMs at = m_fixture.nowMs;
    if (m_random.chance(1, 4)) at += m_random.between(-300'000, 20'000);
    const base::Bytes batch =
        log::makeBatch({.count = count, .valueSize = static_cast<size_t>(m_random.between(0, 60)), .timestamp = at});
    const auto bytes = static_cast<int64_t>(batch.size());
    if (!m_fixture.writeBytes(batch)) return "refused";
    m_model.append(m_fixture.log->config(), bytes, count, at + count - 1);
    return {};
  }

  std::string moveHighWatermark() {
    m_doing = "high watermark";
    m_model.highWatermark = m_random.between(m_model.highWatermark, m_model.logEnd());
    m_fixture.log->setHighWatermark(m_model.highWatermark);
    return {};
  }

  std::string runRetention() {
    m_doing = "retention";
    if (m_random.chance(1, 2)) m_fixture.nowMs += m_random.between(0, 90'000);
    const auto outcome = m_fixture.log->deleteOldSegments(m_fixture.nowMs);
    if (!outcome) return outcome.error().message;
    const auto expected = m_model.deleteOld(m_fixture.log->config(), m_fixture.nowMs);
    if (outcome->deleted.size() != expected.size())
      return std::to_string(outcome->deleted.size()) + " segments deleted instead of " +
             std::to_string(expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      if (outcome->deleted[i].baseOffset != expected[i].first) return "another segment deleted";
      if (outcome->deleted[i].rule != expected[i].second) return "another rule named";
      ++m_deletions[static_cast<size_t>(expected[i].second)];
    }
    return {};
  }

  std::string deleteRecords() {
    m_doing = "delete records";
    const base::Offset target = m_random.between(0, m_model.logEnd());
    const auto moved = m_fixture.log->incrementLogStartOffset(target);
    if (target > m_model.highWatermark) return moved ? "allowed above the high watermark" : std::string();
    if (!moved) return moved.error().message;
    if (*moved != (target > m_model.logStart)) return "it says another thing about moving";
    m_model.logStart = std::max(m_model.logStart, target);
    return {};
  }

  std::string changeConfig() {
    m_doing = "config";
    LogConfig config = m_fixture.log->config();
    config.retentionMs = m_random.chance(1, 4) ? -1 : m_random.between(0, 300'000);
    config.retentionBytes = m_random.chance(1, 2) ? -1 : m_random.between(0, 3000);
    config.cleanupDelete = m_random.chance(3, 4);
    config.cleanupCompact = !config.cleanupDelete;
    config.segmentMs = m_random.between(1000, 200'000);
    config.segmentBytes = static_cast<int32_t>(m_random.between(300, 1500));
    config.fileDeleteDelayMs = m_random.between(0, 60'000);
    m_fixture.config = config;
    m_fixture.log->setConfig(config);
    return {};
  }

  std::string removeFiles() {
    m_doing = "file removal";
    m_fixture.nowMs += m_random.between(0, 60'000);
    if (!m_fixture.log->removeDeletedFiles(m_fixture.nowMs)) return "refused";
    std::erase_if(m_model.waiting, [&](const auto& entry) { return entry.second <= m_fixture.nowMs; });
    return {};
  }

  /// To the start of a whole segment above the high watermark, so that no batch is cut in half.
  std::string truncate() {
    m_doing = "truncation";
    std::vector<base::Offset> targets;
    for (const ModelSegment& segment : m_model.segments)
      if (segment.baseOffset > std::max(m_model.highWatermark, m_model.segments.front().baseOffset))
        targets.push_back(segment.baseOffset);
    if (targets.empty()) return {};
    const base::Offset target = targets[m_random.below(targets.size())];
    if (!m_fixture.log->truncateTo(target, m_fixture.nowMs)) return "refused";
    m_model.truncate(target, m_fixture.log->config(), m_fixture.nowMs);
    // The segment that begins at the target stays, empty.
    m_model.segments.back() = {target, target};
    return {};
  }

  std::string restart(bool isClean) {
    m_doing = isClean ? "restart" : "kill";
    m_fixture.logStartOffset = m_model.logStart;
    const auto status = isClean ? m_fixture.closeAndReopen() : m_fixture.kill();
    if (!status) return status.error().message;
    if (!m_fixture.report.cuts.empty()) return m_fixture.report.cuts[0].reason;
    m_fixture.log->setHighWatermark(m_model.highWatermark);
    m_model.waiting.clear();
    return {};
  }

  std::string compare() {
    const log::PartitionLog& log = *m_fixture.log;
    if (log.logStartOffset() != m_model.logStart)
      return "the log starts at " + std::to_string(log.logStartOffset()) + ", not " + std::to_string(m_model.logStart);
    if (log.logEndOffset() != m_model.logEnd()) return "another end";
    if (log.highWatermark() != m_model.highWatermark) return "another high watermark";
    const auto segments = log.segments();
    if (segments.size() != m_model.segments.size()) return "another number of segments";
    for (size_t i = 0; i < segments.size(); ++i) {
      const ModelSegment& expected = m_model.segments[i];
      if (segments[i].baseOffset != expected.baseOffset || segments[i].endOffset != expected.endOffset ||
          static_cast<int64_t>(segments[i].bytes) != expected.bytes)
        return "another segment at " + std::to_string(expected.baseOffset);
    }
    return compareFiles();
  }

  std::string compareFiles() {
    std::set<base::Offset> logs;
    std::set<base::Offset> deleted;
    const auto entries = m_fixture.memory.list("orders-0");
    for (const auto& entry : *entries) {
      if (const auto live = log::offsetOfFileName(entry.name, ".log")) logs.insert(*live);
      if (const auto gone = log::offsetOfFileName(entry.name, ".log.deleted")) deleted.insert(*gone);
    }
    std::set<base::Offset> expected;
    for (const ModelSegment& segment : m_model.segments) expected.insert(segment.baseOffset);
    if (logs != expected) return "other .log files";
    expected.clear();
    for (const auto& [baseOffset, removeAtMs] : m_model.waiting) expected.insert(baseOffset);
    if (deleted != expected) return "other .log.deleted files";
    return {};
  }

  Random m_random;
  LogFixture m_fixture;
  Model m_model;
  std::string m_doing;
  std::array<int, 3> m_deletions{};
};

}  // namespace

class RetentionPropertyTest : public QObject {
  Q_OBJECT
 private slots:
  void aLogDoesWhatTheModelSays() {
    std::array<int, 3> deletions{};
    for (uint64_t seed = 1; seed <= 300; ++seed) {
      History history(seed);
      const std::string trouble = history.run(300);
      QVERIFY2(trouble.empty(), ("seed " + std::to_string(seed) + ", " + trouble).c_str());
      for (size_t rule = 0; rule < 3; ++rule) deletions[rule] += history.deletions(static_cast<RetentionRule>(rule));
    }
    // Each rule had something to do.
    for (const int count : deletions) QVERIFY(count > 300);
  }
};

STREAMSCOPE_TEST(RetentionPropertyTest);
#include "retention_property_test.moc"
