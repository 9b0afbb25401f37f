#include "metadata_replay.h"

#include <optional>

#include "log/record_batch.h"
#include "protocol/record_codec.h"

namespace streamscope::controller {

namespace {

base::Status replayRecords(MetadataImage& image, base::ByteView batch, const RecordVisitor& visit) {
  std::optional<base::Error> failure;
  const base::Status walked = log::forEachRecord(batch, [&](const log::RecordView& view) {
    if (view.offset <= image.offset()) return true;
    const auto record =
        protocol::decodeMetadataRecord(base::SharedBytes::copyOf(view.value.value_or(base::ByteView())));
    if (!record) {
      failure = base::Error{record.error().code, "__cluster_metadata-0 at offset " + std::to_string(view.offset) +
                                                     ": " + record.error().message};
      return false;
    }
    if (visit) visit(*record, view.offset);
    image.replay(*record);
    return true;
  });
  if (failure) return base::fail(*failure);
  return walked;
}

}  // namespace

base::Status replayBatches(MetadataImage& image, const base::SharedBytes& batches, const RecordVisitor& visit) {
  size_t position = 0;
  while (position < batches.size()) {
    const base::ByteView rest = batches.view().subspan(position);
    const log::BatchScan scan = log::scanBatch(rest, true);
    if (scan.end == log::BatchEnd::Torn) return {};
    if (scan.end == log::BatchEnd::Damaged) {
      return base::fail(base::ErrorCode::CORRUPT_MESSAGE,
                        "__cluster_metadata-0 after offset " + std::to_string(image.offset()) + ": " + scan.reason);
    }
    if (!scan.header.isControl()) {
      const base::Status replayed = replayRecords(image, rest.first(scan.header.sizeInBytes), visit);
      if (!replayed) return replayed;
    }
    if (scan.header.lastOffset() > image.offset())
      image.setPosition(scan.header.lastOffset(), scan.header.partitionLeaderEpoch);
    position += scan.header.sizeInBytes;
  }
  return {};
}

}  // namespace streamscope::controller
