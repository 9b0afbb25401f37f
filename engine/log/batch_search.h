#pragma once

#include <cstdint>
#include <optional>

#include "storage/storage.h"

namespace streamscope::log {

/// The first place at or behind `from` where a whole batch with a good checksum begins: how reading goes on behind
/// damage. None when there is none, or when the bytes look so much like batches that the search would take too long.
storage::StorageResult<std::optional<uint64_t>> findBatch(const storage::File& file, uint64_t from);

/// True when there are only zeros from `from` to the end of the file.
storage::StorageResult<bool> isZeroFrom(const storage::File& file, uint64_t from);

}  // namespace streamscope::log
