#include "surviving_batches.h"

#include <algorithm>

#include "batch_scanner.h"
#include "batch_search.h"

namespace streamscope::log {

storage::StorageResult<SurvivingBatches> findSurvivingBatches(const storage::File& file, uint64_t position) {
  SurvivingBatches found;
  while (position < file.size()) {
    const auto next = findBatch(file, position);
    if (!next) return base::fail(next.error());
    if (!*next) break;
    BatchScanner scanner(file, **next, file.size(), BatchScanner::Depth::Checksums);
    while (!scanner.atEnd()) {
      const auto scan = scanner.next();
      if (!scan) return base::fail(scan.error());
      if (scan->end != BatchEnd::Complete) break;
      ++found.batches;
      found.records += static_cast<uint64_t>(std::max(scan->header.recordCount, 0));
    }
    position = std::max(scanner.nextPosition(), **next + 1);
  }
  return found;
}

}  // namespace streamscope::log
