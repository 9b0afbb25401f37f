#pragma once

#include <cstdint>

#include "storage/storage.h"

namespace streamscope::log {

/// Whole batches behind a place in a segment that is none.
struct SurvivingBatches {
  uint64_t batches = 0;
  uint64_t records = 0;
};

/// Counts the batches with good checksums from `position` on, searching wherever there is none, so that a torn tail can
/// be told from damage in the middle. As far as `findBatch` goes.
storage::StorageResult<SurvivingBatches> findSurvivingBatches(const storage::File& file, uint64_t position);

}  // namespace streamscope::log
