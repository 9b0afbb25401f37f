#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "file_changes.h"

namespace streamscope::storage {

/// A file or directory of a disk that can lose power, whatever it is called.
struct DiskNode {
  bool isDirectory = false;

  /// Of a file: what was done to it since its last sync, by all its handles.
  std::vector<FileChange> changes;
  /// Of a file without a name: what was in it when the last one went.
  std::optional<base::Bytes> removedBytes;

  /// Of a directory: the names that were looked up so far. Of others the disk knows, and they are durable.
  std::map<std::string, std::shared_ptr<DiskNode>> entries;
  std::map<std::string, std::shared_ptr<DiskNode>> durableEntries;
};

/// The names of one disk that came and went since their directory was synced, in order. Bounded: when there are more
/// than kChangesMax the oldest count as written back.
class NameChanges {
 public:
  static constexpr size_t kChangesMax = 4096;

  /// `node` null: the name is gone.
  struct Assignment {
    std::shared_ptr<DiskNode> directory;
    std::string name;
    std::shared_ptr<DiskNode> node;
  };

  /// Takes place at once; the parts of one change (the two names of a rename) survive a crash together or not at all.
  void add(std::vector<Assignment> change);
  /// Everything that was done to this directory is durable.
  void sync(const DiskNode& directory);
  void syncAll();
  /// These return how many changes were lost.
  size_t loseAll();
  size_t loseSome(base::Random& random);

  /// The same changes in a copy of the disk; `copyOf` gives a node's copy.
  template <class CopyOf>
  NameChanges copied(CopyOf copyOf) const {
    NameChanges result;
    for (const auto& change : m_changes) {
      auto& copy = result.m_changes.emplace_back();
      for (const Assignment& assignment : change)
        copy.push_back({copyOf(assignment.directory), assignment.name, copyOf(assignment.node)});
    }
    return result;
  }

 private:
  static void makeDurable(const std::vector<Assignment>& change);

  std::vector<std::vector<Assignment>> m_changes;
};

}  // namespace streamscope::storage
