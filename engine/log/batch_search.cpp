#include "batch_search.h"

#include <algorithm>

#include "base/bytes.h"
#include "batch_header.h"
#include "log/record_batch.h"

namespace streamscope::log {
namespace {

constexpr size_t kWindowBytes = 256 * 1024;
/// Bytes of false candidates whose checksums are computed before the search gives up.
constexpr uint64_t kChecksummedBytesMax = 256 * 1024 * 1024;

storage::StorageResult<base::Bytes> readFrom(const storage::File& file, uint64_t position, uint64_t count) {
  base::Bytes bytes(static_cast<size_t>(std::min(count, file.size() - std::min(position, file.size()))));
  const auto read = file.readAt(position, bytes);
  if (!read) return base::fail(read.error());
  bytes.resize(*read);
  return bytes;
}

}  // namespace

storage::StorageResult<std::optional<uint64_t>> findBatch(const storage::File& file, uint64_t from) {
  uint64_t checksummed = 0;
  for (uint64_t start = from; start < file.size(); start += kWindowBytes) {
    // Headers that begin in this window may end behind it.
    const auto window = readFrom(file, start, kWindowBytes + batch_layout::kRecords);
    if (!window) return base::fail(window.error());
    const size_t starts = std::min(window->size(), kWindowBytes);
    for (size_t at = 0; at < starts; ++at) {
      const base::ByteView here = base::ByteView(*window).subspan(at);
      if (here.size() < batch_layout::kRecords) return std::optional<uint64_t>();
      if (here[batch_layout::kMagic] != 2) continue;
      const BatchScan header = scanHeader(here, file.size() - start - at);
      if (header.end != BatchEnd::Complete) continue;
      checksummed += header.header.sizeInBytes;
      if (checksummed > kChecksummedBytesMax) return std::optional<uint64_t>();
      const auto batch = readFrom(file, start + at, header.header.sizeInBytes);
      if (!batch) return base::fail(batch.error());
      if (scanBatch(*batch, true).end == BatchEnd::Complete) return std::optional(start + at);
    }
  }
  return std::optional<uint64_t>();
}

storage::StorageResult<bool> isZeroFrom(const storage::File& file, uint64_t from) {
  for (uint64_t at = from; at < file.size(); at += kWindowBytes) {
    const auto bytes = readFrom(file, at, kWindowBytes);
    if (!bytes) return base::fail(bytes.error());
    if (std::any_of(bytes->begin(), bytes->end(), [](uint8_t byte) { return byte != 0; })) return false;
  }
  return true;
}

}  // namespace streamscope::log
