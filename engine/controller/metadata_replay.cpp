#include "metadata_replay.h"

#include <optional>

#include "log/record_batch.h"

namespace streamscope::controller {

namespace {

base::Status damagedAt(base::Offset offset, const std::string& reason) {
  return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                    "__cluster_metadata-0 at offset " + std::to_string(offset) + ": " + reason);
}

base::SharedBytes copyOf(const std::optional<base::ByteView>& bytes) {
  return base::SharedBytes::copyOf(bytes.value_or(base::ByteView()));
}

base::Status replayRecord(MetadataImage& image, const log::RecordView& view, const ReplayListener& listener) {
  const auto record = protocol::decodeMetadataRecord(copyOf(view.value));
  if (!record && record.error().code == base::ErrorCode::UNSUPPORTED_VERSION) {
    if (listener.onSkipped) listener.onSkipped(view.offset, record.error().message);
    return {};
  }
  if (!record) return damagedAt(view.offset, record.error().message);
  if (listener.onRecord) listener.onRecord(*record, view.offset);
  const base::Status replayed = image.tryReplay(*record);
  return replayed ? base::Status() : damagedAt(view.offset, replayed.error().message);
}

base::Status replayRecords(MetadataImage& image, base::ByteView batch, const ReplayListener& listener) {
  base::Status outcome;
  const base::Status walked = log::forEachRecord(batch, [&](const log::RecordView& view) {
    if (view.offset > image.offset()) outcome = replayRecord(image, view, listener);
    return outcome.has_value();
  });
  return outcome ? walked : outcome;
}

void visitControlRecords(base::ByteView batch, const ControlVisitor& visit) {
  // A batch that cannot be walked says nothing about voters, and moves the position all the same.
  static_cast<void>(log::forEachRecord(batch, [&](const log::RecordView& view) {
    const auto record = protocol::decodeControlRecord(copyOf(view.key), copyOf(view.value));
    if (record) visit(*record);
    return true;
  }));
}

}  // namespace

base::Offset visitControlBatches(const base::SharedBytes& batches, const ControlVisitor& visit) {
  base::Offset next = -1;
  for (size_t position = 0; position < batches.size();) {
    const base::ByteView rest = batches.view().subspan(position);
    const log::BatchScan scan = log::scanBatch(rest, /*checkCrc=*/false);
    if (scan.end != log::BatchEnd::Complete) break;
    if (scan.header.isControl()) visitControlRecords(rest.first(scan.header.sizeInBytes), visit);
    next = scan.header.nextOffset();
    position += scan.header.sizeInBytes;
  }
  return next;
}

base::Status replayBatches(MetadataImage& image, const base::SharedBytes& batches, const ReplayListener& listener) {
  size_t position = 0;
  while (position < batches.size()) {
    const base::ByteView rest = batches.view().subspan(position);
    const log::BatchScan scan = log::scanBatch(rest, true);
    if (scan.end == log::BatchEnd::Torn) return {};
    if (scan.end == log::BatchEnd::Damaged) return damagedAt(image.offset() + 1, scan.reason);
    const base::ByteView batch = rest.first(scan.header.sizeInBytes);
    if (!scan.header.isControl()) {
      if (const base::Status replayed = replayRecords(image, batch, listener); !replayed) return replayed;
    }
    if (scan.header.lastOffset() > image.offset())
      image.setPosition(scan.header.lastOffset(), scan.header.partitionLeaderEpoch);
    if (listener.onBatch) listener.onBatch(scan.header.sizeInBytes);
    position += scan.header.sizeInBytes;
  }
  return {};
}

}  // namespace streamscope::controller
