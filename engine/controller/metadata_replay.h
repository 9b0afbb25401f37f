#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "controller/metadata_image.h"
#include "protocol/record_codec.h"

namespace streamscope::controller {

/// Who wants to hear of a replay; each may be empty.
struct ReplayListener {
  /// Each record with its offset, before the image has it.
  std::function<void(const protocol::MetadataRecord& record, base::Offset offset)> onRecord;
  /// A record of a type or version this program does not know, which the image goes without.
  std::function<void(base::Offset offset, const std::string& reason)> onSkipped;
  /// The bytes of a batch that was applied.
  std::function<void(uint64_t bytes)> onBatch;
  /// A snapshot that cannot be used.
  std::function<void(const std::string& reason)> onDamagedSnapshot;
};

/// Called for each control record that can be read.
using ControlVisitor = std::function<void(const protocol::ControlRecord& record)>;

/// Applies batches of the metadata log to `image`, as they come from a log or from Fetch, and moves its position to the
/// last offset and epoch applied. Records at or below the image's offset are skipped, so that a fetch may begin inside
/// a batch; control batches only move the position; a partial last batch is left for the next time. CORRUPT_MESSAGE,
/// which names the offset; the batches before have been applied then.
base::Status replayBatches(MetadataImage& image, const base::SharedBytes& batches, const ReplayListener& listener = {});

/// Visits the control records in whole batches; gives the offset after the last of those batches, -1 without one.
base::Offset visitControlBatches(const base::SharedBytes& batches, const ControlVisitor& visit);

}  // namespace streamscope::controller
