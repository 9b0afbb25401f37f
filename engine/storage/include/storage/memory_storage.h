#pragma once

#include <memory>
#include <optional>

#include "storage/storage.h"

namespace streamscope::storage {

/// A disk in memory, for simulations and tests. `crash` always does its worst: bytes that were not synced and names
/// whose directory was not synced are gone. `crashLeavingSome` does what a real system might have done by then. Costs
/// the files' bytes and, until the next sync, what was overwritten.
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

  /// As crash, but the system had begun to write its cache back, in whatever order pleased it. The seed chooses:
  ///  - per file with unsynced changes: none of them, all, all up to some moment (an append torn at any byte), or for
  ///    each page (16 to 4096 bytes) and for the size the state after some change. So a later page may be there while
  ///    an earlier one is old, or zero where the file had grown, and a size may be there without its data;
  ///  - for names created, renamed and removed since their directory was synced: none, all, all up to some moment (a
  ///    journal) or each by itself (no journal). A rename happens as a whole or not at all.
  /// What was synced is there in any case. The same changes and seed leave the same disk.
  void crashLeavingSome(uint64_t seed);

  /// Another disk in the same state, unsynced changes included; no file of it is open.
  std::unique_ptr<MemoryStorage> copy() const;

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
