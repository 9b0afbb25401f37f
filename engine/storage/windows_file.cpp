#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "system_file.h"

namespace streamscope::storage {
namespace {

std::error_code lastError() {
  return {static_cast<int>(::GetLastError()), std::system_category()};
}

class Handle {
 public:
  explicit Handle(HANDLE value) : m_value(value) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : m_value(std::exchange(other.m_value, INVALID_HANDLE_VALUE)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (m_value != INVALID_HANDLE_VALUE) ::CloseHandle(m_value);
  }
  HANDLE value() const { return m_value; }
  bool isOpen() const { return m_value != INVALID_HANDLE_VALUE; }

 private:
  HANDLE m_value;
};

OVERLAPPED at(uint64_t position) {
  OVERLAPPED overlapped{};
  overlapped.Offset = static_cast<DWORD>(position);
  overlapped.OffsetHigh = static_cast<DWORD>(position >> 32);
  return overlapped;
}

constexpr size_t kBytesPerCall = size_t{1} << 30;

class WindowsFile final : public File {
 public:
  WindowsFile(Handle handle, std::filesystem::path path, uint64_t size, Durability durability)
      : m_handle(std::move(handle)), m_path(std::move(path)), m_size(size), m_durability(durability) {}

  uint64_t size() const override { return m_size; }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    for (const base::ByteView part : parts)
      if (auto status = writeAt(m_size, part); !status) return status;
    return {};
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    size_t done = 0;
    while (done < into.size()) {
      OVERLAPPED overlapped = at(position + done);
      DWORD count = 0;
      const auto wanted = static_cast<DWORD>(std::min(into.size() - done, kBytesPerCall));
      if (!::ReadFile(m_handle.value(), into.data() + done, wanted, &count, &overlapped)) {
        if (::GetLastError() == ERROR_HANDLE_EOF) break;
        return base::fail(systemFault("read", m_path, lastError()));
      }
      if (count == 0) break;
      done += count;
    }
    return done;
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    while (!bytes.empty()) {
      OVERLAPPED overlapped = at(position);
      DWORD count = 0;
      const auto wanted = static_cast<DWORD>(std::min(bytes.size(), kBytesPerCall));
      if (!::WriteFile(m_handle.value(), bytes.data(), wanted, &count, &overlapped))
        return base::fail(systemFault("write to", m_path, lastError()));
      bytes = bytes.subspan(count);
      position += count;
      m_size = std::max(m_size, position);
    }
    return {};
  }

  StorageStatus truncate(uint64_t size) override {
    LARGE_INTEGER end;
    end.QuadPart = static_cast<LONGLONG>(size);
    if (!::SetFilePointerEx(m_handle.value(), end, nullptr, FILE_BEGIN) || !::SetEndOfFile(m_handle.value()))
      return base::fail(systemFault("change the size of", m_path, lastError()));
    m_size = size;
    return {};
  }

  StorageStatus sync() override {
    if (m_durability == Durability::Process) return {};
    if (!::FlushFileBuffers(m_handle.value())) return base::fail(systemFault("sync", m_path, lastError()));
    return {};
  }

 private:
  Handle m_handle;
  std::filesystem::path m_path;
  uint64_t m_size;
  Durability m_durability;
};

class WindowsLock final : public SystemLock {
 public:
  explicit WindowsLock(Handle handle) : m_handle(std::move(handle)) {}

 private:
  Handle m_handle;
};

/// Shared for everything, deletion and renaming included, as POSIX systems allow it.
Handle openHandle(const std::filesystem::path& path, OpenMode mode, DWORD share) {
  const DWORD access = mode == OpenMode::ReadOnly ? GENERIC_READ : GENERIC_READ | GENERIC_WRITE;
  DWORD disposition = OPEN_EXISTING;
  if (mode == OpenMode::ReadWrite) disposition = OPEN_ALWAYS;
  if (mode == OpenMode::CreateNew) disposition = CREATE_NEW;
  return Handle(::CreateFileW(path.c_str(), access, share, nullptr, disposition, FILE_ATTRIBUTE_NORMAL, nullptr));
}

/// Windows 10 can rename and delete as POSIX systems do: the old name is free at once though the file is open. These
/// are the flags of its SDK; older headers do not have them.
constexpr auto kFileDispositionInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
constexpr auto kFileRenameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
constexpr DWORD kDelete = 0x1;
constexpr DWORD kDeleteAsPosix = 0x2;
constexpr DWORD kRenameReplacing = 0x1;
constexpr DWORD kRenameAsPosix = 0x2;

Handle openToChangeName(const std::filesystem::path& path) {
  constexpr DWORD kShare = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  constexpr DWORD kFlags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
  return Handle(::CreateFileW(path.c_str(), DELETE | SYNCHRONIZE, kShare, nullptr, OPEN_EXISTING, kFlags, nullptr));
}

bool renamedAsPosix(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Handle handle = openToChangeName(from);
  if (!handle.isOpen()) return false;
  const std::wstring target = std::filesystem::absolute(to).wstring();
  const size_t nameBytes = target.size() * sizeof(wchar_t);
  std::vector<uint8_t> buffer(sizeof(FILE_RENAME_INFO) + nameBytes);
  FILE_RENAME_INFO info{};
  const DWORD flags = kRenameReplacing | kRenameAsPosix;
  // The flags share their place with the older ReplaceIfExists.
  std::memcpy(&info, &flags, sizeof flags);
  info.FileNameLength = static_cast<DWORD>(nameBytes);
  std::memcpy(buffer.data(), &info, sizeof info);
  std::memcpy(buffer.data() + offsetof(FILE_RENAME_INFO, FileName), target.data(), nameBytes);
  return ::SetFileInformationByHandle(handle.value(), kFileRenameInfoEx, buffer.data(),
                                      static_cast<DWORD>(buffer.size())) != 0;
}

bool removedAsPosix(const std::filesystem::path& path) {
  const Handle handle = openToChangeName(path);
  DWORD flags = kDelete | kDeleteAsPosix;
  return handle.isOpen() &&
         ::SetFileInformationByHandle(handle.value(), kFileDispositionInfoEx, &flags, sizeof flags) != 0;
}

}  // namespace

std::error_code renameSystemFile(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (renamedAsPosix(from, to)) return {};
  // File systems other than NTFS, and older systems.
  if (::MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING)) return {};
  return lastError();
}

std::error_code removeSystemFile(const std::filesystem::path& path) {
  if (removedAsPosix(path)) return {};
  const DWORD attributes = ::GetFileAttributesW(path.c_str());
  if (attributes == INVALID_FILE_ATTRIBUTES) return lastError();
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
    return ::RemoveDirectoryW(path.c_str()) ? std::error_code{} : lastError();
  // Where a deleted file keeps its name until the last handle is closed, the file gets another one first.
  static std::atomic<unsigned> count{0};
  std::filesystem::path aside = path;
  aside += L"." + std::to_wstring(::GetCurrentProcessId()) + L"-" + std::to_wstring(count++) + L".removed";
  const bool isAside = ::MoveFileExW(path.c_str(), aside.c_str(), 0) != 0;
  return ::DeleteFileW(isAside ? aside.c_str() : path.c_str()) ? std::error_code{} : lastError();
}

StorageResult<std::unique_ptr<File>> openSystemFile(const std::filesystem::path& path, OpenMode mode,
                                                    Durability durability) {
  Handle handle = openHandle(path, mode, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
  if (!handle.isOpen()) return base::fail(systemFault("open", path, lastError()));
  LARGE_INTEGER size;
  if (!::GetFileSizeEx(handle.value(), &size)) return base::fail(systemFault("open", path, lastError()));
  return std::make_unique<WindowsFile>(std::move(handle), path, static_cast<uint64_t>(size.QuadPart), durability);
}

/// NTFS journals names by itself; there is no call for one directory.
StorageStatus syncSystemDirectory(const std::filesystem::path&) {
  return {};
}

StorageResult<std::unique_ptr<SystemLock>> lockSystemFile(const std::filesystem::path& path) {
  Handle handle = openHandle(path, OpenMode::ReadWrite, 0);
  if (handle.isOpen()) return std::make_unique<WindowsLock>(std::move(handle));
  if (::GetLastError() == ERROR_SHARING_VIOLATION)
    return base::fail(Fault{FaultKind::Locked, path.string() +
                                                   " is locked by another running program; stop that one or choose "
                                                   "another data directory"});
  return base::fail(systemFault("lock", path, lastError()));
}

}  // namespace streamscope::storage
