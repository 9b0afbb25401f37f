#pragma once

#include <map>

#include "base/bytes.h"
#include "log/partition_log.h"

namespace streamscope::lab {

/// The last record of a key in a log.
struct LatestRecord {
  base::Offset offset = base::kNoOffset;
  bool isTombstone = false;
};
using CompactedView = std::map<base::Bytes, LatestRecord>;

/// What compaction must leave of [from, end): the last record of every key, without those of aborted transactions.
CompactedView compactedView(const log::PartitionLog& log, base::Offset from, base::Offset end);

/// The first key of `view` with a value whose record, or a later one, is missing in `other`; none when all are there.
const base::Bytes* firstMissingIn(const CompactedView& other, const CompactedView& view);

}  // namespace streamscope::lab
