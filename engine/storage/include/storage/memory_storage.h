#pragma once

#include <memory>
#include <optional>

#include "storage/storage.h"

namespace streamscope::storage {

/// A disk in memory, for simulations and tests. Unlike a real one it always does its worst in a crash: bytes that were
/// not synced and names whose directory was not synced are gone. Costs the files' bytes and, until the next sync, what
/// was overwritten.
class MemoryStorage final : public Storage {
 public:
  MemoryStorage();
  ~MemoryStorage() override;

  struct CrashOptions {
    /// The last append of the time before the crash leaves this many of its bytes (and all before it in that file), as
    /// when the system had begun to write its cache back. Nothing of it when empty.
    std::optional<size_t> lastAppendBytesKept;
  };

  /// The machine loses power and is up again: what was not durable is gone, files opened before refuse everything.
  void crash(const CrashOptions& options);
  void crash() { crash(CrashOptions{}); }

  /// Bytes in all files now.
  uint64_t bytesStored() const;

  /// Changes one byte of a file in place, durably: bit rot. The position must be inside the file.
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
