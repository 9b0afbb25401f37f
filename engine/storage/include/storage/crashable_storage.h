#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "storage/storage.h"

namespace streamscope::storage {

/// A storage over another one, real or in memory, whose machine can lose power: it remembers how to take back what was
/// not synced since. Costs what was overwritten and removed, in memory, until the next sync.
///
/// Changes of names that are not synced are bounded (4096), and a removed or replaced file of more than
/// kRemovedBytesMax is not remembered: then the oldest, or all of them so far, count as written back. What is written
/// through a handle to a file whose name is gone does not come back with it. What was synced is there in any case. The
/// same calls and seed leave the same files over any storage.
class CrashableStorage : public Storage {
 public:
  static constexpr uint64_t kRemovedBytesMax = 1024 * 1024;

  /// `inner` must outlive this object and the files opened through it.
  explicit CrashableStorage(Storage& inner);
  /// As `other` is now, unsynced changes included; `copyOfInner` is a copy of its inner storage. No file is open.
  CrashableStorage(Storage& copyOfInner, const CrashableStorage& other);
  ~CrashableStorage() override;

  struct Loss {
    /// Changes of names taken back, files changed or gone, and by how many bytes files are shorter.
    int32_t names = 0, files = 0;
    uint64_t bytes = 0;
    bool operator==(const Loss&) const = default;
  };

  /// The machine loses power and is up again; files opened before for writing refuse everything. The system had begun
  /// to write its cache back, in whatever order pleased it. The seed chooses:
  ///  - per file with unsynced changes: none of them, all, all up to some moment (an append torn at any byte), or for
  ///    each page (16 to 4096 bytes) and for the size the state after some change. So a later page may be there while
  ///    an earlier one is old, or zero where the file had grown, and a size may be there without its data;
  ///  - for names created, renamed and removed since their directory was synced: none, all, all up to some moment (a
  ///    journal) or each by itself (no journal). A rename happens as a whole or not at all.
  /// A fault of the inner storage ends it half way.
  StorageResult<Loss> losePower(uint64_t seed);

  /// The worst of them: nothing that was not synced is there, except that the last append before leaves so many of its
  /// bytes, and all before it in that file.
  StorageResult<Loss> loseAllUnsynced(std::optional<uint64_t> lastAppendBytesKept = std::nullopt);

  StorageResult<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override;
  bool exists(const std::filesystem::path& path) const override;
  StorageResult<std::vector<DirectoryEntry>> list(const std::filesystem::path& directory) const override;
  StorageStatus createDirectories(const std::filesystem::path& directory) override;
  StorageStatus rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  StorageStatus remove(const std::filesystem::path& path) override;
  StorageStatus removeAll(const std::filesystem::path& path) override;
  StorageStatus syncDirectory(const std::filesystem::path& directory) override;
  StorageStatus lock(const std::filesystem::path& path) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace streamscope::storage
