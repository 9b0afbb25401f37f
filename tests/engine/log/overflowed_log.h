#pragma once

#include <string>

#include "base/assert.h"
#include "log/end_transaction_marker.h"
#include "log_files.h"
#include "log_fixture.h"
#include "producer_snapshot.h"

namespace streamscope::log {

/// A log whose first segment spans more offsets than 32 bits can tell, as compactions of Kafka before 1.1 could leave
/// it: four parts' worth of them, an aborted transaction in the second, and a segment behind it.
struct OverflowedLog {
  static constexpr base::Offset kSecond = 3'000'000'000, kThird = 5'500'000'000, kFourth = 9'000'000'000,
                                kNext = 12'000'000'000;
  static constexpr const char* kBatches =
      "0-1 2-2 3000000000-3000000001 3000000002-3000000002 3000000003-3000000003 5500000000-5500000002 "
      "9000000000-9000000000 12000000000-12000000001";

  static void append(LogFixture& fixture, base::Offset segment, const base::Bytes& batch) {
    const auto file =
        fixture.memory.open("orders-0/" + offsetFileName(segment, kLogSuffix), storage::OpenMode::ReadWrite);
    STREAMSCOPE_ASSERT(file.has_value() && (*file)->append(batch).has_value() && (*file)->sync().has_value());
  }

  static base::Bytes at(base::Offset offset, BatchSpec spec) {
    spec.baseOffset = offset;
    spec.leaderEpoch = 0;
    return makeBatch(spec);
  }

  static base::Bytes abortAt(base::Offset offset, int64_t producerId) {
    base::Bytes marker = buildEndTransactionMarker(producerId, 0, {false, 0, kTestTime});
    for (int i = 0; i < 8; ++i) marker[static_cast<size_t>(7 - i)] = static_cast<uint8_t>(offset >> (8 * i));
    for (size_t i = 0; i < 4; ++i) marker[batch_layout::kPartitionLeaderEpoch + i] = 0;
    return marker;
  }

  /// Everything is on stable storage.
  static void fill(LogFixture& fixture) {
    fixture.config.indexIntervalBytes = 0;
    STREAMSCOPE_ASSERT(fixture.open().has_value());
    STREAMSCOPE_ASSERT(fixture.write({.count = 2}).has_value() && fixture.write().has_value());
    STREAMSCOPE_ASSERT(fixture.log->flush().has_value());
    fixture.log.reset();
    append(fixture, 0,
           at(kSecond, {.count = 2, .producerId = 7, .producerEpoch = 0, .baseSequence = 0, .isTransactional = true}));
    append(fixture, 0, at(kSecond + 2, {.count = 1}));
    append(fixture, 0, abortAt(kSecond + 3, 7));
    append(fixture, 0, at(kThird, {.count = 3, .producerId = 8, .producerEpoch = 0, .baseSequence = 0}));
    append(fixture, 0, at(kFourth, {.count = 1}));
    append(fixture, kNext, at(kNext, {.count = 2}));
    // As Kafka writes it when it rolls a segment.
    const auto snapshot = fixture.memory.writeFileAtomically(
        "orders-0/" + offsetFileName(kNext, kSnapshotSuffix),
        formatProducerSnapshot({{.producerId = 7, .epoch = 0, .timestamp = kTestTime, .coordinatorEpoch = 0},
                                {.producerId = 8,
                                 .epoch = 0,
                                 .lastSequence = 2,
                                 .lastOffset = kThird + 2,
                                 .offsetDelta = 2,
                                 .timestamp = kTestTime}}));
    STREAMSCOPE_ASSERT(snapshot.has_value());
    STREAMSCOPE_ASSERT(fixture.memory.syncDirectory("orders-0").has_value());
  }

  static std::string segments(const PartitionLog& log) {
    std::string text;
    for (const SegmentInfo& segment : log.segments()) text += std::to_string(segment.baseOffset) + " ";
    return text;
  }

  /// What is wrong with a log that was filled by `fill` and opened since; nothing when all is there and split.
  static std::string broken(const LogFixture& fixture) {
    if (const std::string batches = fixture.batches(); batches != kBatches) return "its batches are " + batches;
    if (const std::string bases = segments(*fixture.log); bases != "0 3000000000 5500000000 9000000000 12000000000 ")
      return "its segments are " + bases;
    if (!fixture.report.cuts.empty()) return fixture.report.cuts.front().toString();
    const auto aborted = fixture.log->abortedTransactions(0, kNext);
    if (!aborted) return aborted.error().message;
    if (aborted->size() != 1 || aborted->front().firstOffset != kSecond) return "it forgot an aborted transaction";
    for (const PartitionLog::ProducerInfo& producer : fixture.log->producers())
      if (producer.producerId == 8 && producer.lastSequence == 2) return {};
    return "it forgot a producer";
  }
};

}  // namespace streamscope::log
