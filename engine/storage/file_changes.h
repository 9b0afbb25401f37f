#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace streamscope::storage {

/// How to take back something that was done to a file. An append keeps nothing but the size before; neighbouring ones
/// are one change.
struct FileChange {
  uint64_t sizeBefore = 0;
  uint64_t position = 0;
  base::Bytes overwritten;
};

/// The bytes of a file, or of the part of it that changed, and its changes since the last sync, oldest first.
class ChangedBytes {
 public:
  ChangedBytes(base::Bytes bytes, std::vector<FileChange> changes)
      : m_bytes(std::move(bytes)), m_changes(std::move(changes)) {}

  const base::Bytes& bytes() const { return m_bytes; }

  /// Back to the last sync, except that bytes appended since then stay up to `keepEnd`.
  void loseAll(uint64_t keepEnd);
  /// What a system that was writing back its cache may leave: see CrashableStorage::losePower.
  void loseSome(base::Random& random);

 private:
  void undoLast();
  void keepPrefix(base::Random& random);
  void keepPages(base::Random& random);

  base::Bytes m_bytes;
  std::vector<FileChange> m_changes;
};

}  // namespace streamscope::storage
