#pragma once

#include "storage/storage.h"

namespace streamscope::storage {

/// One directory of another storage as a storage of its own: every path is relative to it. The directory must be there
/// before anything is written.
class SubdirectoryStorage final : public Storage {
 public:
  /// `inner` must outlive this object and the files opened through it.
  SubdirectoryStorage(Storage& inner, std::filesystem::path directory)
      : m_inner(inner), m_directory(std::move(directory)) {}

  StorageResult<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override {
    return m_inner.open(at(path), mode);
  }
  bool exists(const std::filesystem::path& path) const override { return m_inner.exists(at(path)); }
  StorageResult<std::vector<DirectoryEntry>> list(const std::filesystem::path& directory) const override {
    return m_inner.list(at(directory));
  }
  StorageStatus createDirectories(const std::filesystem::path& directory) override {
    return m_inner.createDirectories(at(directory));
  }
  StorageStatus rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return m_inner.rename(at(from), at(to));
  }
  StorageStatus remove(const std::filesystem::path& path) override { return m_inner.remove(at(path)); }
  StorageStatus removeAll(const std::filesystem::path& path) override { return m_inner.removeAll(at(path)); }
  StorageStatus syncDirectory(const std::filesystem::path& directory) override {
    return m_inner.syncDirectory(at(directory));
  }
  StorageStatus lock(const std::filesystem::path& path) override { return m_inner.lock(at(path)); }

 private:
  /// The empty path is the directory itself; a path that ended in a separator would name nothing in some storages.
  std::filesystem::path at(const std::filesystem::path& path) const {
    return path.empty() ? m_directory : m_directory / path;
  }

  Storage& m_inner;
  const std::filesystem::path m_directory;
};

}  // namespace streamscope::storage
