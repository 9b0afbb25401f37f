#pragma once

#include <memory>
#include <string>

#include "base/assert.h"
#include "batches.h"
#include "log/partition_log.h"
#include "storage/faulty_storage.h"
#include "support/crashable_memory.h"

namespace streamscope::log {

/// One log on a disk in memory, in the words a test uses.
struct LogFixture {
  test::CrashableMemory memory;
  storage::FaultyStorage disk{memory};
  LogConfig config;
  base::TimestampMs nowMs = kTestTime + 1000;
  base::Offset recoveryPoint = 0;
  base::Offset logStartOffset = 0;
  base::Uuid topicId{1, 2};
  RecoveryReport report;
  std::unique_ptr<PartitionLog> log;

  explicit LogFixture(const LogConfig& withConfig = {}) : config(withConfig) {}

  base::Status open(bool cleanShutdown = false) {
    PartitionLog::OpenOptions options;
    options.partition = {"orders", 0};
    options.config = config;
    options.recoveryPoint = recoveryPoint;
    options.logStartOffset = logStartOffset;
    options.cleanShutdown = cleanShutdown;
    options.nowMs = nowMs;
    options.topicId = topicId;
    report = {};
    log.reset();
    auto opened = PartitionLog::open(disk, "orders-0", options, report);
    if (!opened) return base::fail(opened.error());
    log = std::move(*opened);
    return {};
  }

  /// The process ends without a word, the machine goes on.
  base::Status kill() {
    if (log) recoveryPoint = std::min(recoveryPoint, log->recoveryPoint());
    log.reset();
    return open();
  }

  /// The machine loses what was not synced.
  base::Status crash(std::optional<uint64_t> lastAppendBytesKept = std::nullopt) {
    log.reset();
    memory.crash(lastAppendBytesKept);
    return open();
  }

  base::Status closeAndReopen() {
    if (auto status = log->close(); !status) return status;
    recoveryPoint = log->logEndOffset();
    return open(true);
  }

  base::Result<AppendInfo> write(const BatchSpec& spec = {}, base::LeaderEpoch epoch = 0) {
    return log->appendAsLeader(makeBatch(spec), epoch, nowMs);
  }
  base::Result<AppendInfo> writeBytes(base::Bytes batch, base::LeaderEpoch epoch = 0) {
    return log->appendAsLeader(std::move(batch), epoch, nowMs);
  }

  /// "0-1 2-2 @e1 3-5" : first to last offset of every batch, epochs where they change; or the refusal.
  std::string batches(size_t bytesMax = 1 << 20) const {
    std::string text;
    base::LeaderEpoch epoch = 0;
    base::Offset at = log->logStartOffset();
    while (at < log->logEndOffset()) {
      const auto read = log->read(at, log->logEndOffset(), bytesMax, true);
      if (!read) return text + "refused: " + read.error().message;
      if (read->records.empty()) return text + "nothing at " + std::to_string(at);
      for (size_t position = 0; position < read->records.size();) {
        const BatchScan scan = scanBatch(read->records.view().subspan(position), true);
        if (scan.end != BatchEnd::Complete) return text + "not a batch: " + scan.reason;
        if (scan.header.partitionLeaderEpoch != epoch) {
          epoch = scan.header.partitionLeaderEpoch;
          text += "@e" + std::to_string(epoch) + " ";
        }
        text += std::to_string(scan.header.baseOffset) + "-" + std::to_string(scan.header.lastOffset()) + " ";
        position += scan.header.sizeInBytes;
        at = scan.header.nextOffset();
      }
    }
    if (!text.empty()) text.pop_back();
    return text;
  }

  base::Bytes content(const std::string& name) {
    auto bytes = memory.readFile("orders-0/" + name);
    return bytes ? *bytes : base::Bytes{};
  }
};

}  // namespace streamscope::log
