#include <algorithm>

#include "batch_header.h"
#include "partition_log_impl.h"
#include "record_reader.h"

namespace streamscope::log {
namespace {

/// How many of `bytes`, whole batches whose offsets are below the end, may be handed out. The first batch counts even
/// if it is not all there: then the result is its size.
struct Fitting {
  size_t bytes = 0;
  base::Offset endOffset = base::kNoOffset;
  /// The first batch is larger than what was read.
  size_t firstBatchBytes = 0;
  std::string damage;
  size_t damagedAt = 0;
};

Fitting fittingBatches(base::ByteView bytes, uint64_t bytesInSegment, base::Offset from, base::Offset endExclusive) {
  Fitting fitting;
  while (fitting.bytes < bytes.size()) {
    const base::ByteView rest = bytes.subspan(fitting.bytes);
    const BatchScan scan = scanHeader(rest, bytesInSegment - fitting.bytes);
    if (scan.end == BatchEnd::Torn && rest.size() < batch_layout::kRecords) break;
    if (scan.end != BatchEnd::Complete) {
      fitting.damage = scan.reason;
      fitting.damagedAt = fitting.bytes;
      break;
    }
    // Offsets have no checksum. A reader who is given older ones would ask for the same again and again.
    if (scan.header.lastOffset() < from || (fitting.bytes > 0 && scan.header.baseOffset < from)) {
      fitting.damage = "the offsets " + std::to_string(scan.header.baseOffset) + " to " +
                       std::to_string(scan.header.lastOffset()) + " stand where " + std::to_string(from) + " is next";
      fitting.damagedAt = fitting.bytes;
      break;
    }
    if (fitting.bytes == 0) fitting.firstBatchBytes = scan.header.sizeInBytes;
    if (scan.header.lastOffset() >= endExclusive || scan.header.sizeInBytes > rest.size()) break;
    fitting.bytes += scan.header.sizeInBytes;
    fitting.endOffset = scan.header.nextOffset();
    from = fitting.endOffset;
  }
  return fitting;
}

}  // namespace

base::Result<ReadInfo> PartitionLog::read(base::Offset from, base::Offset endExclusive, size_t bytesMax,
                                          bool atLeastOneBatch) const {
  const Impl& impl = *m_impl;
  if (from < impl.logStartOffset || from > impl.logEndOffset)
    return base::fail(base::ErrorCode::OFFSET_OUT_OF_RANGE,
                      "Offset " + std::to_string(from) + " of " + impl.name + " is not in the log, which has " +
                          std::to_string(impl.logStartOffset) + " to " + std::to_string(impl.logEndOffset) +
                          "; start from one of these.");
  endExclusive = std::min(endExclusive, impl.logEndOffset);
  if (from >= endExclusive) {
    if (from == impl.logEndOffset) m_impl->hotTail.noteReader();
    return ReadInfo{};
  }
  if (auto run = m_impl->hotTail.read(from, endExclusive, bytesMax, atLeastOneBatch))
    return ReadInfo{std::move(run->bytes), run->endOffset, run->segmentBaseOffset, run->position};
  return impl.readFromFiles(from, endExclusive, bytesMax, atLeastOneBatch);
}

base::Result<PartitionLog::Impl::Place> PartitionLog::Impl::locate(base::Offset from) const {
  for (const Cursor& cursor : cursors)
    if (cursor.offset == from) {
      const Segment& segment = *segments[segmentIndexOf(cursor.segmentBaseOffset)];
      if (cursor.position < segment.sizeInBytes()) return Place{&segment, cursor.position};
    }
  for (size_t i = segmentIndexOf(from); i < segments.size(); ++i) {
    const Segment& segment = *segments[i];
    const auto found = segment.find(from);
    if (!found) return base::fail(failed(found.error()));
    if (*found) return Place{&segment, (*found)->position};
  }
  return Place{};
}

void PartitionLog::Impl::keepOneInactiveOpen(const Segment& segment) const {
  if (&segment == &active() || &segment == openInactive) return;
  if (openInactive != nullptr && openInactive != &active()) openInactive->closeFile();
  openInactive = &segment;
}

base::Result<ReadInfo> PartitionLog::Impl::readFromFiles(base::Offset from, base::Offset endExclusive, size_t bytesMax,
                                                         bool atLeastOneBatch) const {
  const auto place = locate(from);
  if (!place) return base::fail(place.error());
  if (place->segment == nullptr) return ReadInfo{};
  const Segment& segment = *place->segment;
  keepOneInactiveOpen(segment);
  const auto file = segment.file();
  if (!file) return base::fail(failed(file.error()));

  const uint64_t available = segment.sizeInBytes() - place->position;
  // Enough for a header in any case, to learn the size of the first batch.
  size_t wanted = static_cast<size_t>(std::min<uint64_t>(available, std::max(bytesMax, batch_layout::kRecords)));
  while (true) {
    auto [into, bytes] = base::SharedBytes::makeUninitialized(wanted);
    const auto read = (*file)->readAt(place->position, {into, wanted});
    if (!read) return base::fail(failed(read.error()));
    const Fitting fitting = fittingBatches(bytes.view().first(*read), available, from, endExclusive);
    if (fitting.bytes > 0) {
      const size_t usable = fitting.bytes > bytesMax && !atLeastOneBatch ? 0 : fitting.bytes;
      cursors[nextCursor] = {fitting.endOffset, segment.baseOffset(), place->position + fitting.bytes};
      nextCursor = (nextCursor + 1) % cursors.size();
      // A small part must not keep a large buffer alive.
      const bool isSmallPart = usable < wanted / 2;
      return ReadInfo{isSmallPart ? base::SharedBytes::copyOf(bytes.view().first(usable)) : bytes.slice(0, usable),
                      usable > 0 ? fitting.endOffset : base::kNoOffset, segment.baseOffset(), place->position};
    }
    if (!fitting.damage.empty())
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                        segment.path().string() + " is damaged at byte " +
                            std::to_string(place->position + fitting.damagedAt) + ": " + fitting.damage +
                            "; delete this replica so that it is copied from another broker.");
    if (!atLeastOneBatch || fitting.firstBatchBytes <= wanted)
      return ReadInfo{{}, base::kNoOffset, segment.baseOffset(), place->position};
    wanted = fitting.firstBatchBytes;
  }
}

base::Result<PartitionLog::OffsetAtTime> PartitionLog::Impl::firstRecordInBatch(const Segment& segment,
                                                                                const Segment::Found& found,
                                                                                base::TimestampMs timestamp,
                                                                                base::Offset from, bool exactly) const {
  const auto bytes = segment.readBatch(found);
  if (!bytes) return base::fail(failed(bytes.error()));
  auto reader = RecordReader::open(*bytes, found.header);
  if (!reader) return base::fail(std::move(reader).error());
  RecordView record;
  while (reader->hasNext()) {
    if (auto status = reader->next(record, false); !status) return base::fail(std::move(status).error());
    const bool matches = exactly ? record.timestamp == timestamp : record.timestamp >= timestamp;
    if (matches && record.offset >= from)
      return OffsetAtTime{record.offset, record.timestamp, found.header.partitionLeaderEpoch};
  }
  return OffsetAtTime{};
}

base::Result<PartitionLog::OffsetAtTime> PartitionLog::offsetForTime(base::TimestampMs timestamp,
                                                                     base::Offset endExclusive) const {
  const Impl& impl = *m_impl;
  for (size_t i = impl.segmentIndexOf(impl.logStartOffset); i < impl.segments.size(); ++i) {
    const Segment& segment = *impl.segments[i];
    const auto largest = segment.maxTimestamp();
    if (!largest) return base::fail(impl.failed(largest.error()));
    if (largest->timestamp < timestamp) continue;
    base::Offset from = std::max(impl.logStartOffset, segment.baseOffset());
    while (true) {
      const auto found = segment.findTimestamp(timestamp, from);
      if (!found) return base::fail(impl.failed(found.error()));
      if (!*found || (*found)->header.baseOffset >= endExclusive) break;
      const auto record = impl.firstRecordInBatch(segment, **found, timestamp, impl.logStartOffset, false);
      if (!record) return record;
      if (record->offset != base::kNoOffset) return record->offset < endExclusive ? *record : OffsetAtTime{};
      from = (*found)->header.nextOffset();
    }
  }
  return OffsetAtTime{};
}

base::Result<PartitionLog::OffsetAtTime> PartitionLog::offsetOfMaxTimestamp() const {
  const Impl& impl = *m_impl;
  const Segment* latest = nullptr;
  TimeIndex::Entry largest;
  for (const auto& segment : impl.segments) {
    const auto entry = segment->maxTimestamp();
    if (!entry) return base::fail(impl.failed(entry.error()));
    if (latest != nullptr && entry->timestamp <= largest.timestamp) continue;
    latest = segment.get();
    largest = *entry;
  }
  if (largest.timestamp < 0) return OffsetAtTime{};
  const auto found = latest->find(largest.offset);
  if (!found) return base::fail(impl.failed(found.error()));
  if (!*found) return OffsetAtTime{};
  return impl.firstRecordInBatch(*latest, **found, (*found)->header.maxTimestamp, 0, true);
}

}  // namespace streamscope::log
