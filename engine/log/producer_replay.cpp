#include "producer_replay.h"

#include <algorithm>

namespace streamscope::log {

base::Result<std::optional<AbortedTransaction>> noteBatch(BatchScanner& scanner, const BatchHeader& header,
                                                          ProducerStateManager& state) {
  if (header.producerId < 0 || !header.isControl()) return state.update(header, {});
  const auto bytes = scanner.bytes();
  if (!bytes) return base::fail(storage::toError(bytes.error()));
  // A file that shrank behind our back gives fewer bytes; then the marker is unknown.
  const bool isWhole = scanBatch(*bytes, false).end == BatchEnd::Complete;
  return state.update(header, isWhole ? *bytes : base::ByteView());
}

base::Status replayProducers(std::span<const std::unique_ptr<Segment>> segments, base::Offset until,
                             ProducerStateManager& state) {
  for (size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = *segments[i];
    if (segment.baseOffset() >= until) break;
    const bool isBefore = i + 1 < segments.size() && segments[i + 1]->baseOffset() <= state.endOffset();
    if (isBefore || state.endOffset() >= until) continue;
    const auto found = segment.find(std::max(state.endOffset(), segment.baseOffset()));
    if (!found) return base::fail(found.error());
    if (!*found) continue;
    const auto file = segment.file();
    if (!file) return base::fail(storage::toError(file.error()));
    BatchScanner scanner(**file, (*found)->position, segment.sizeInBytes(), BatchScanner::Depth::Headers);
    while (!scanner.atEnd()) {
      const auto scan = scanner.next();
      if (!scan) return base::fail(storage::toError(scan.error()));
      if (scan->end != BatchEnd::Complete || scan->header.baseOffset >= until) break;
      if (const auto noted = noteBatch(scanner, scan->header, state); !noted) return base::fail(noted.error());
    }
  }
  state.setEndOffset(until);
  return {};
}

}  // namespace streamscope::log
