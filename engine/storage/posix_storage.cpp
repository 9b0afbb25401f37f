#include "storage/posix_storage.h"

#include <algorithm>
#include <utility>

#include "system_file.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

FaultKind faultKind(const std::error_code& error) {
  if (error == std::errc::no_such_file_or_directory) return FaultKind::NotFound;
  if (error == std::errc::file_exists || error == std::errc::directory_not_empty) return FaultKind::AlreadyExists;
  if (error == std::errc::no_space_on_device || error == std::errc::file_too_large) return FaultKind::NoSpace;
  if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted ||
      error == std::errc::read_only_file_system)
    return FaultKind::PermissionDenied;
  if (error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system)
    return FaultKind::TooManyOpenFiles;
  return FaultKind::InputOutput;
}

const char* remedy(FaultKind kind) {
  switch (kind) {
    case FaultKind::NotFound:
      return "check the path";
    case FaultKind::AlreadyExists:
      return "remove it or choose another directory";
    case FaultKind::NoSpace:
      return "free some space on this disk and start again";
    case FaultKind::PermissionDenied:
      return "change its permissions or choose another directory";
    case FaultKind::InputOutput:
      return "check the disk";
    case FaultKind::Locked:
      return "stop the other program";
    case FaultKind::TooManyOpenFiles:
      return "raise the limit of open files (ulimit -n)";
  }
  return "check the disk";
}

}  // namespace

Fault systemFault(const char* action, const fs::path& path, const std::error_code& error) {
  const FaultKind kind = faultKind(error);
  return Fault{kind,
               std::string("cannot ") + action + ' ' + path.string() + ": " + error.message() + "; " + remedy(kind)};
}

PosixStorage::PosixStorage(fs::path root, Durability durability) : m_root(std::move(root)), m_durability(durability) {
  // A root that cannot be made shows in the first call that needs it, with its path.
  std::error_code ignored;
  fs::create_directories(m_root, ignored);
}

PosixStorage::~PosixStorage() = default;

StorageResult<std::unique_ptr<File>> PosixStorage::open(const fs::path& path, OpenMode mode) {
  return openSystemFile(m_root / path, mode, m_durability);
}

bool PosixStorage::exists(const fs::path& path) const {
  std::error_code ignored;
  return fs::exists(m_root / path, ignored);
}

StorageResult<std::vector<DirectoryEntry>> PosixStorage::list(const fs::path& directory) const {
  const fs::path full = m_root / directory;
  std::vector<DirectoryEntry> entries;
  std::error_code error;
  for (fs::directory_iterator it(full, error), end; !error && it != end; it.increment(error)) {
    DirectoryEntry entry;
    entry.name = it->path().filename().string();
    std::error_code vanished;
    entry.isDirectory = it->is_directory(vanished);
    if (!entry.isDirectory) {
      const auto size = it->file_size(vanished);
      entry.size = vanished ? 0 : static_cast<uint64_t>(size);
    }
    entries.push_back(std::move(entry));
  }
  if (error) return base::fail(systemFault("list", full, error));
  std::sort(entries.begin(), entries.end(),
            [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
  return entries;
}

StorageStatus PosixStorage::createDirectories(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(m_root / directory, error);
  if (error) return base::fail(systemFault("create", m_root / directory, error));
  return {};
}

StorageStatus PosixStorage::rename(const fs::path& from, const fs::path& to) {
  if (const std::error_code error = renameSystemFile(m_root / from, m_root / to))
    return base::fail(systemFault("rename", m_root / from, error));
  return {};
}

StorageStatus PosixStorage::remove(const fs::path& path) {
  if (const std::error_code error = removeSystemFile(m_root / path))
    return base::fail(systemFault("remove", m_root / path, error));
  return {};
}

StorageStatus PosixStorage::removeAll(const fs::path& path) {
  std::error_code error;
  fs::remove_all(m_root / path, error);
  if (error) return base::fail(systemFault("remove", m_root / path, error));
  return {};
}

StorageStatus PosixStorage::syncDirectory(const fs::path& directory) {
  return syncSystemDirectory(m_root / directory);
}

StorageStatus PosixStorage::lock(const fs::path& path) {
  if (m_locks.contains(path)) return {};
  auto held = lockSystemFile(m_root / path);
  if (!held) return base::fail(held.error());
  m_locks.emplace(path, std::move(*held));
  return {};
}

}  // namespace streamscope::storage
