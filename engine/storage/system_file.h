#pragma once

#include <filesystem>
#include <memory>
#include <system_error>

#include "storage/posix_storage.h"
#include "storage/storage.h"

namespace streamscope::storage {

/// The calls in which POSIX systems and Windows differ; posix_file.cpp and windows_file.cpp each provide them all.

/// Held as long as it lives.
class SystemLock {
 public:
  virtual ~SystemLock() = default;
};

StorageResult<std::unique_ptr<File>> openSystemFile(const std::filesystem::path& path, OpenMode mode,
                                                    Durability durability);
/// Replaces an existing file in one step. Not every Windows can replace one that is open.
std::error_code renameSystemFile(const std::filesystem::path& from, const std::filesystem::path& to);
/// A file or an empty directory; an open file's name is free at once.
std::error_code removeSystemFile(const std::filesystem::path& path);
StorageStatus syncSystemDirectory(const std::filesystem::path& path);
StorageResult<std::unique_ptr<SystemLock>> lockSystemFile(const std::filesystem::path& path);

/// The fault for a failed system call on a path: "cannot write to /data/x: No space left on device; free some space".
Fault systemFault(const char* action, const std::filesystem::path& path, const std::error_code& error);

}  // namespace streamscope::storage
