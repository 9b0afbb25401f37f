#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "storage/storage.h"

namespace streamscope::storage {

class SystemLock;

/// What the files of a PosixStorage survive.
enum class Durability {
  /// Power failure: a sync reaches the disk, which costs 0.3 ms and more each.
  Disk,
  /// The end of the process only: syncs do nothing. For directories that are thrown away, such as a lab's temporary
  /// one.
  Process,
};

/// Real files under one root directory, which is created when missing. An append is one write call (pwritev for several
/// parts), a read one pread. On Windows files are opened shared for reading, writing and deletion and always binary, so
/// that an open segment can be renamed as on other systems.
class PosixStorage final : public Storage {
 public:
  explicit PosixStorage(std::filesystem::path root, Durability durability = Durability::Disk);
  ~PosixStorage() override;

  const std::filesystem::path& root() const { return m_root; }

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
  std::filesystem::path m_root;
  Durability m_durability;
  std::map<std::filesystem::path, std::unique_ptr<SystemLock>> m_locks;
};

}  // namespace streamscope::storage
