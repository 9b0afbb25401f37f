#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "log/end_transaction_marker.h"
#include "log/log_to_clean.h"
#include "log_fixture.h"

namespace streamscope::log {

/// A log with cleanup.policy=compact in small segments, in the words a test of the cleaner uses.
struct CompactedLog : LogFixture {
  CleanerConfig cleaner;
  std::optional<base::Offset> checkpoint;
  std::map<int64_t, int32_t> nextSequence;

  explicit CompactedLog(LogConfig withConfig = {}) : LogFixture(small(withConfig)) {}

  static LogConfig small(LogConfig config) {
    config.cleanupCompact = true;
    config.cleanupDelete = false;
    return config;
  }

  /// A letter each: "a b A" are values for the keys a, b and a again (upper case is the second value of a key), "-a" is
  /// the tombstone of a. The values are the offsets, so that no two are the same. One batch.
  base::Result<AppendInfo> put(const std::string& letters, Compression compression = Compression::None) {
    RecordBatchBuilder::Options options;
    options.compression = compression;
    RecordBatchBuilder builder(options);
    base::Offset offset = log->logEndOffset();
    bool isTombstone = false;
    for (const char letter : letters) {
      if (letter == ' ') continue;
      if (letter == '-') {
        isTombstone = true;
        continue;
      }
      const std::string key(1, letter);
      const std::string value = std::to_string(offset++);
      builder.append(nowMs, base::asBytes(key),
                     isTombstone ? std::nullopt : std::optional<base::ByteView>(base::asBytes(value)));
      isTombstone = false;
    }
    return appendAndReplicate(builder.build());
  }

  /// A batch of an open transaction; keys as in `put`.
  void send(int64_t producerId, const std::string& letters) {
    RecordBatchBuilder::Options options;
    options.producerId = producerId;
    options.producerEpoch = 0;
    options.baseSequence = nextSequence[producerId];
    options.isTransactional = true;
    RecordBatchBuilder builder(options);
    for (const char letter : letters)
      if (letter != ' ') builder.append(nowMs, base::asBytes(std::string(1, letter)), base::asBytes("t"));
    nextSequence[producerId] += builder.recordCount();
    STREAMSCOPE_ASSERT(appendAndReplicate(builder.build()).has_value());
  }
  void endTransaction(int64_t producerId, bool isCommit) {
    STREAMSCOPE_ASSERT(
        appendAndReplicate(buildEndTransactionMarker(producerId, 0, {isCommit, 0, nowMs}), AppendOrigin::Coordinator)
            .has_value());
  }

  base::Result<AppendInfo> appendAndReplicate(base::Bytes batch, AppendOrigin origin = AppendOrigin::Client) {
    auto info = log->appendAsLeader(std::move(batch), 0, nowMs, origin);
    log->setHighWatermark(log->logEndOffset());
    return info;
  }

  /// As `put`, into a new segment, as if segment.ms were over.
  base::Result<AppendInfo> putIntoNewSegment(const std::string& letters) {
    const LogConfig before = log->config();
    LogConfig over = before;
    over.segmentMs = -1;
    log->setConfig(over);
    auto info = put(letters);
    log->setConfig(before);
    return info;
  }

  base::Result<CleanerStats> clean() {
    const auto range = log->examineForCleaning(checkpoint, nowMs);
    if (!range) return base::fail(range.error());
    if (range->cleanableBytes == 0) return CleanerStats{};
    auto stats = log->clean(*range, cleaner, nowMs);
    if (stats) checkpoint = stats->endOffset;
    return stats;
  }

  /// "0:a 2:b 3:-a" over all batches, those without records as "[5-6]".
  std::string records() const {
    std::string text;
    base::Offset at = log->logStartOffset();
    while (at < log->logEndOffset()) {
      const auto read = log->read(at, log->logEndOffset(), 1 << 20, true);
      if (!read) return text + "refused: " + read.error().message;
      if (read->records.empty()) break;
      for (size_t position = 0; position < read->records.size();) {
        const base::ByteView rest = read->records.view().subspan(position);
        const BatchScan scan = scanBatch(rest, true);
        if (scan.end != BatchEnd::Complete) return text + "not a batch: " + scan.reason;
        const base::ByteView batch = rest.first(scan.header.sizeInBytes);
        if (scan.header.recordCount == 0)
          text += "[" + std::to_string(scan.header.baseOffset) + "-" + std::to_string(scan.header.lastOffset()) + "] ";
        const auto status = forEachRecord(batch, [&](const RecordView& record) {
          text += std::to_string(record.offset) + ":";
          if (scan.header.isControl())
            text += "marker";
          else
            text += (record.value ? "" : "-") + (record.key ? std::string(base::asText(*record.key)) : "null");
          text += " ";
          return true;
        });
        if (!status) return text + status.error().message;
        position += scan.header.sizeInBytes;
        at = scan.header.nextOffset();
      }
    }
    if (!text.empty()) text.pop_back();
    return text;
  }

  std::string segmentBases() const {
    std::string text;
    for (const SegmentInfo& segment : log->segments()) text += std::to_string(segment.baseOffset) + " ";
    return text;
  }

  /// Names in the log's directory that end so, without their zeros.
  std::vector<std::string> filesWith(const std::string& suffix) {
    std::vector<std::string> names;
    const auto entries = memory.list("orders-0");
    for (const auto& entry : *entries)
      if (entry.name.ends_with(suffix)) names.push_back(entry.name.substr(entry.name.find_first_not_of('0')));
    return names;
  }
};

}  // namespace streamscope::log
