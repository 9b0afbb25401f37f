#include "storage/failing_directories.h"

#include <utility>

namespace streamscope::storage {

namespace fs = std::filesystem;

StorageStatus FailingDirectories::check(const Names& failing, const fs::path& path) {
  if (failing.empty() || path.empty() || !failing.contains(path.begin()->string())) return {};
  return base::fail(
      Fault{FaultKind::InputOutput, "cannot use " + path.string() + ": input/output error; check the disk"});
}

class FailingDirectories::GuardedFile final : public File {
 public:
  GuardedFile(std::unique_ptr<File> inner, std::shared_ptr<const Names> failing, fs::path path)
      : m_inner(std::move(inner)), m_failing(std::move(failing)), m_path(std::move(path)) {}

  uint64_t size() const override { return m_inner->size(); }
  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = check(*m_failing, m_path); !status) return status;
    return m_inner->append(parts);
  }
  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (auto status = check(*m_failing, m_path); !status) return base::fail(std::move(status).error());
    return m_inner->readAt(position, into);
  }
  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = check(*m_failing, m_path); !status) return status;
    return m_inner->writeAt(position, bytes);
  }
  StorageStatus truncate(uint64_t size) override {
    if (auto status = check(*m_failing, m_path); !status) return status;
    return m_inner->truncate(size);
  }
  StorageStatus sync() override {
    if (auto status = check(*m_failing, m_path); !status) return status;
    return m_inner->sync();
  }

 private:
  std::unique_ptr<File> m_inner;
  std::shared_ptr<const Names> m_failing;
  const fs::path m_path;
};

void FailingDirectories::setFailing(const std::string& directory, bool fails) {
  if (fails)
    m_failing->insert(directory);
  else
    m_failing->erase(directory);
}

StorageResult<std::unique_ptr<File>> FailingDirectories::open(const fs::path& path, OpenMode mode) {
  if (auto status = check(*m_failing, path); !status) return base::fail(std::move(status).error());
  auto file = m_inner.open(path, mode);
  if (!file) return file;
  return std::make_unique<GuardedFile>(std::move(*file), m_failing, path);
}

StorageResult<std::vector<DirectoryEntry>> FailingDirectories::list(const fs::path& directory) const {
  if (auto status = check(*m_failing, directory); !status) return base::fail(std::move(status).error());
  return m_inner.list(directory);
}

StorageStatus FailingDirectories::createDirectories(const fs::path& directory) {
  if (auto status = check(*m_failing, directory); !status) return status;
  return m_inner.createDirectories(directory);
}

StorageStatus FailingDirectories::rename(const fs::path& from, const fs::path& to) {
  if (auto status = check(*m_failing, from); !status) return status;
  if (auto status = check(*m_failing, to); !status) return status;
  return m_inner.rename(from, to);
}

StorageStatus FailingDirectories::remove(const fs::path& path) {
  if (auto status = check(*m_failing, path); !status) return status;
  return m_inner.remove(path);
}

StorageStatus FailingDirectories::removeAll(const fs::path& path) {
  if (auto status = check(*m_failing, path); !status) return status;
  return m_inner.removeAll(path);
}

StorageStatus FailingDirectories::syncDirectory(const fs::path& directory) {
  if (auto status = check(*m_failing, directory); !status) return status;
  return m_inner.syncDirectory(directory);
}

StorageStatus FailingDirectories::lock(const fs::path& path) {
  if (auto status = check(*m_failing, path); !status) return status;
  return m_inner.lock(path);
}

}  // namespace streamscope::storage
