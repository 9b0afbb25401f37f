#pragma once

#include "storage/storage.h"

namespace streamscope::world {

/// What a node without a directory has as its storage: touching it is a bug of that node.
class NoStorage final : public storage::Storage {
 public:
  storage::StorageResult<std::unique_ptr<storage::File>> open(const std::filesystem::path& path,
                                                              storage::OpenMode mode) override;
  bool exists(const std::filesystem::path& path) const override;
  storage::StorageResult<std::vector<storage::DirectoryEntry>> list(
      const std::filesystem::path& directory) const override;
  storage::StorageStatus createDirectories(const std::filesystem::path& directory) override;
  storage::StorageStatus rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  storage::StorageStatus remove(const std::filesystem::path& path) override;
  storage::StorageStatus removeAll(const std::filesystem::path& path) override;
  storage::StorageStatus syncDirectory(const std::filesystem::path& directory) override;
  storage::StorageStatus lock(const std::filesystem::path& path) override;
};

}  // namespace streamscope::world
