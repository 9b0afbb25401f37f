#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "storage/storage.h"

namespace streamscope::storage {

/// A storage whose top directories can fail one by one, as when each is a disk of its own: every operation in a failing
/// one, on open files too, refuses with an input/output error.
class FailingDirectories final : public Storage {
 public:
  /// `inner` must outlive this object and the files opened through it.
  explicit FailingDirectories(Storage& inner) : m_inner(inner) {}

  void setFailing(const std::string& directory, bool fails);
  bool isFailing(const std::string& directory) const { return m_failing->contains(directory); }

  StorageResult<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override;
  bool exists(const std::filesystem::path& path) const override { return m_inner.exists(path); }
  StorageResult<std::vector<DirectoryEntry>> list(const std::filesystem::path& directory) const override;
  StorageStatus createDirectories(const std::filesystem::path& directory) override;
  StorageStatus rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  StorageStatus remove(const std::filesystem::path& path) override;
  StorageStatus removeAll(const std::filesystem::path& path) override;
  StorageStatus syncDirectory(const std::filesystem::path& directory) override;
  StorageStatus lock(const std::filesystem::path& path) override;

 private:
  using Names = std::set<std::string>;
  class GuardedFile;

  static StorageStatus check(const Names& failing, const std::filesystem::path& path);

  Storage& m_inner;
  /// Shared with the open files.
  std::shared_ptr<Names> m_failing = std::make_shared<Names>();
};

}  // namespace streamscope::storage
