#pragma once

#include <cstdint>
#include <memory>

#include "storage/storage.h"

namespace streamscope::storage {

/// A disk in memory, for simulations and tests. Costs the files' bytes. What it would hold after a loss of power tells
/// a CrashableStorage over it.
class MemoryStorage final : public Storage {
 public:
  MemoryStorage();
  ~MemoryStorage() override;

  /// Another disk with the same files; none of them is open.
  std::unique_ptr<MemoryStorage> copy() const;

  /// Bytes in all files now.
  uint64_t bytesStored() const;

  /// Changes one byte of a file in place: bit rot. The position must be inside the file.
  void flipByte(const std::filesystem::path& path, uint64_t position, uint8_t mask);

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
