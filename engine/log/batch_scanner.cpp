#include "batch_scanner.h"

#include <algorithm>

#include "batch_header.h"

namespace streamscope::log {
namespace {

constexpr size_t kHeadersWindowBytes = 16 * 1024;
constexpr size_t kChecksumsWindowBytes = 256 * 1024;

}  // namespace

BatchScanner::BatchScanner(const storage::File& file, uint64_t position, uint64_t end, Depth depth)
    : m_file(file),
      m_position(position),
      m_next(position),
      m_end(std::min(end, file.size())),
      m_depth(depth),
      m_windowBytes(depth == Depth::Headers ? kHeadersWindowBytes : kChecksumsWindowBytes) {}

storage::StorageResult<base::ByteView> BatchScanner::window(uint64_t position, size_t count) {
  const uint64_t left = m_end - std::min(position, m_end);
  count = static_cast<size_t>(std::min<uint64_t>(count, left));
  const bool isInside =
      position >= m_bufferPosition && position + count <= m_bufferPosition + m_buffer.size() && count > 0;
  if (!isInside) {
    m_buffer.resize(static_cast<size_t>(std::min<uint64_t>(std::max(count, m_windowBytes), left)));
    m_bufferPosition = position;
    const auto read = m_file.readAt(position, m_buffer);
    if (!read) return base::fail(read.error());
    m_buffer.resize(*read);
  }
  return base::ByteView(m_buffer).subspan(static_cast<size_t>(position - m_bufferPosition));
}

storage::StorageResult<BatchScan> BatchScanner::next() {
  m_position = m_next;
  const auto start = window(m_position, batch_layout::kRecords);
  if (!start) return base::fail(start.error());
  BatchScan scan = scanHeader(*start, m_end - m_position);
  if (scan.end == BatchEnd::Complete && m_depth == Depth::Checksums) {
    const auto whole = window(m_position, scan.header.sizeInBytes);
    if (!whole) return base::fail(whole.error());
    scan = scanBatch(*whole, true);
  }
  if (scan.end != BatchEnd::Complete) return scan;
  m_batchBytes = scan.header.sizeInBytes;
  m_next = m_position + m_batchBytes;
  return scan;
}

storage::StorageResult<base::ByteView> BatchScanner::bytes() {
  const auto whole = window(m_position, m_batchBytes);
  if (!whole) return base::fail(whole.error());
  return whole->first(std::min<size_t>(m_batchBytes, whole->size()));
}

}  // namespace streamscope::log
