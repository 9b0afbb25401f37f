#pragma once

#include "base/bytes.h"
#include "log/record_batch.h"
#include "storage/storage.h"

namespace streamscope::log {

/// Walks the batches of a file one after the other through a window in memory. The file must outlive it.
class BatchScanner {
 public:
  enum class Depth {
    /// Headers only; bytes of large batches are jumped over.
    Headers,
    /// Whole batches with their checksums.
    Checksums,
  };

  BatchScanner(const storage::File& file, uint64_t position, uint64_t end, Depth depth);

  bool atEnd() const { return m_next >= m_end; }
  /// The batch at `nextPosition`. After Torn or Damaged there is nothing more to read.
  storage::StorageResult<BatchScan> next();

  /// Where the batch last returned begins.
  uint64_t position() const { return m_position; }
  /// Where the next one would begin.
  uint64_t nextPosition() const { return m_next; }
  /// All bytes of the batch last returned, which was Complete; reads them when they are not in memory.
  storage::StorageResult<base::ByteView> bytes();

 private:
  /// At least `count` bytes from `position` in the window, or all there are.
  storage::StorageResult<base::ByteView> window(uint64_t position, size_t count);

  const storage::File& m_file;
  uint64_t m_position;
  uint64_t m_next;
  uint64_t m_end;
  Depth m_depth;
  size_t m_windowBytes;
  base::Bytes m_buffer;
  uint64_t m_bufferPosition = 0;
  uint32_t m_batchBytes = 0;
};

}  // namespace streamscope::log
