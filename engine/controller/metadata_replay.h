#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

/// Called for each record with its offset, before the image has it.
using RecordVisitor = std::function<void(const protocol::MetadataRecord& record, base::Offset offset)>;

/// Applies batches of the metadata log to `image`, as they come from a log or from Fetch, and moves its position to the
/// last offset and epoch applied. Records at or below the image's offset are skipped, so that a fetch may begin inside
/// a batch; control batches only move the position; a partial last batch is left for the next time. CORRUPT_MESSAGE and
/// what decodeMetadataRecord refuses with; the batches before have been applied then.
base::Status replayBatches(MetadataImage& image, const base::SharedBytes& batches, const RecordVisitor& visit = {});

}  // namespace streamscope::controller
