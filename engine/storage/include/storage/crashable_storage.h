#pragma once

#include <cstdint>
#include <memory>

#include "storage/storage.h"

namespace streamscope::storage {

/// A storage over another one, real or in memory, whose machine can lose power: it remembers how to take back what was
/// not synced since. Costs what was overwritten and removed, in memory, until the next sync.
///
/// After `losePower` the disk is one that the system may have left, chosen by the seed:
///  - names created, renamed and removed since their directory was synced are there up to some moment (a journal keeps
///    their order), none or all. A removed or replaced file of more than kRemovedBytesMax is taken for removed at once;
///  - each file with unsynced changes has none of them, all, all up to some moment (an append torn at any byte), or for
///    each page and for the size the state after some change: see MemoryStorage::crashLeavingSome.
/// What was synced is there in any case. The same calls and seed leave the same files over any storage.
class CrashableStorage final : public Storage {
 public:
  static constexpr uint64_t kRemovedBytesMax = 1024 * 1024;
  /// Of names; the oldest beyond that count as written back.
  static constexpr size_t kNameChangesMax = 4096;

  /// `inner` must outlive this object and the files opened through it.
  explicit CrashableStorage(Storage& inner);
  ~CrashableStorage() override;

  struct Loss {
    /// Changes of names taken back, files changed or gone, and by how many bytes files are shorter.
    int32_t names = 0, files = 0;
    uint64_t bytes = 0;
    bool operator==(const Loss&) const = default;
  };
  /// The machine loses power and is up again. No file opened before may be used any more. A fault of the inner storage
  /// ends it half way.
  StorageResult<Loss> losePower(uint64_t seed);

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
