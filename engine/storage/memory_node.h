#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace streamscope::storage {

/// The bytes of a file in memory and how to take back, newest first, what was done to them since the last sync.
class MemoryFileContent {
 public:
  /// An append keeps nothing but the size before; neighbouring ones are one change.
  struct Change {
    uint64_t sizeBefore = 0;
    uint64_t position = 0;
    base::Bytes overwritten;
  };

  MemoryFileContent() = default;
  /// As after these changes.
  MemoryFileContent(base::Bytes bytes, std::vector<Change> changes)
      : m_bytes(std::move(bytes)), m_changes(std::move(changes)) {}

  const base::Bytes& bytes() const { return m_bytes; }
  base::Bytes& bytesForRot() { return m_bytes; }

  void append(base::ByteView bytes);
  void writeAt(uint64_t position, base::ByteView bytes);
  void truncate(uint64_t size);
  void sync() { m_changes.clear(); }

  /// Back to the last sync, except that bytes appended since then stay up to `keepEnd`.
  void loseChanges(uint64_t keepEnd);
  /// What a system that was writing back its cache may leave: see MemoryStorage::crashLeavingSome.
  void loseSomeChanges(base::Random& random);

 private:
  void change(uint64_t position, uint64_t end);
  void undoLast();
  void keepPrefix(base::Random& random);
  void keepPages(base::Random& random);

  base::Bytes m_bytes;
  std::vector<Change> m_changes;
};

/// A name's file or directory. Exactly one of `file` and the entries is in use.
struct MemoryNode {
  std::shared_ptr<MemoryFileContent> file;
  std::map<std::string, std::shared_ptr<MemoryNode>> entries;
  std::map<std::string, std::shared_ptr<MemoryNode>> durableEntries;

  bool isDirectory() const { return file == nullptr; }
};

/// The names of one disk that came and went since their directory was synced, in order. Bounded: when there are more
/// than kChangesMax the oldest count as written back.
class NameChanges {
 public:
  static constexpr size_t kChangesMax = 4096;

  /// `node` null: the name is gone.
  struct Assignment {
    std::shared_ptr<MemoryNode> directory;
    std::string name;
    std::shared_ptr<MemoryNode> node;
  };

  /// Takes place at once; the parts of one change (the two names of a rename) survive a crash together or not at all.
  void add(std::vector<Assignment> change);
  /// Everything that was done to this directory is durable.
  void sync(const MemoryNode& directory);
  void loseAll() { m_changes.clear(); }
  void loseSome(base::Random& random);

  const std::vector<std::vector<Assignment>>& changes() const { return m_changes; }
  /// For the copy of a disk, whose entries are there already.
  void addCopied(std::vector<Assignment> change) { m_changes.push_back(std::move(change)); }

 private:
  static void makeDurable(const std::vector<Assignment>& change);

  std::vector<std::vector<Assignment>> m_changes;
};

}  // namespace streamscope::storage
