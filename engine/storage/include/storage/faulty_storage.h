#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "storage/storage.h"

namespace streamscope::storage {

/// A storage that passes everything on to another one and fails on demand. Its faults are data: a scenario or a test
/// sets them, nothing is left to chance. Every call of Storage and File that reaches a disk counts as one operation
/// (`exists` and `size` do not).
class FaultyStorage final : public Storage {
 public:
  /// `inner` must outlive this object and the files opened through it.
  explicit FaultyStorage(Storage& inner);
  ~FaultyStorage() override;

  /// A full disk: appends, growing writes and new files refuse with NoSpace until it is switched off.
  void setFull(bool full);
  /// The disk takes this many more bytes; the append that crosses the limit writes what fits and refuses.
  void setBytesUntilFull(std::optional<uint64_t> bytes);
  /// Every sync refuses, of files and directories.
  void setSyncFails(bool fails);
  /// Every sync says that it is done and does nothing, as disks with a careless cache do: the loss of power shows it.
  void setLosesSyncs(bool loses);
  /// The next append writes only this many bytes, then refuses with an I/O error.
  void tearNextAppend(size_t bytesWritten);
  /// Operation number `operation` (the first is 0) refuses with an I/O error, and nothing of it happens.
  void failOperation(uint64_t operation);
  /// As failOperation, and everything after it refuses too: the machine or its disk died just before that operation.
  /// Empty: works again.
  void stopAtOperation(std::optional<uint64_t> operation);

  /// Called before each operation with its number, while nothing of it has happened: the place to look at the disk, or
  /// to let time pass. Empty: nobody.
  void setObserver(std::function<void(uint64_t operation)> observer);
  /// Operations so far.
  uint64_t operationCount() const;

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
  struct Faults;
  class FaultyFile;

  Storage& m_inner;
  std::shared_ptr<Faults> m_faults;
};

}  // namespace streamscope::storage
