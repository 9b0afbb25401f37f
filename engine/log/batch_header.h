#pragma once

#include "base/bytes.h"
#include "log/record_batch.h"

namespace streamscope::log {

/// As scanBatch without the checksum, for a caller that has only the first bytes of a batch in memory: 61 are enough.
/// `bytesAvailable` is how many there are in the whole place the batch stands in.
BatchScan scanHeader(base::ByteView bytes, uint64_t bytesAvailable);

/// A batch with `header`'s fields around `records`, which are compressed as its attributes say; size and checksum are
/// made anew.
base::Bytes encodeBatch(const BatchHeader& header, base::ByteView records);

}  // namespace streamscope::log
