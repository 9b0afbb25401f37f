#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "system_file.h"

namespace streamscope::storage {
namespace {

std::error_code lastError() {
  return {errno, std::generic_category()};
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value) : m_value(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : m_value(std::exchange(other.m_value, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (m_value >= 0) ::close(m_value);
  }
  int value() const { return m_value; }
  bool isOpen() const { return m_value >= 0; }

 private:
  int m_value;
};

int syncDescriptor(int descriptor) {
#ifdef __APPLE__
  // fsync there stops at the drive's cache.
  return ::fcntl(descriptor, F_FULLFSYNC);
#else
  return ::fdatasync(descriptor);
#endif
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, std::filesystem::path path, uint64_t size, Durability durability)
      : m_descriptor(std::move(descriptor)), m_path(std::move(path)), m_size(size), m_durability(durability) {}

  uint64_t size() const override { return m_size; }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    while (!parts.empty()) {
      const size_t count = std::min(parts.size(), kPartsPerCall);
      if (auto status = appendVector(parts.first(count)); !status) return status;
      parts = parts.subspan(count);
    }
    return {};
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    size_t done = 0;
    while (done < into.size()) {
      const ssize_t count =
          ::pread(m_descriptor.value(), into.data() + done, into.size() - done, static_cast<off_t>(position + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return base::fail(systemFault("read", m_path, lastError()));
      if (count == 0) break;
      done += static_cast<size_t>(count);
    }
    return done;
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::pwrite(m_descriptor.value(), bytes.data(), bytes.size(), static_cast<off_t>(position));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return base::fail(systemFault("write to", m_path, lastError()));
      bytes = bytes.subspan(static_cast<size_t>(count));
      position += static_cast<uint64_t>(count);
      m_size = std::max(m_size, position);
    }
    return {};
  }

  StorageStatus truncate(uint64_t size) override {
    if (::ftruncate(m_descriptor.value(), static_cast<off_t>(size)) != 0)
      return base::fail(systemFault("change the size of", m_path, lastError()));
    m_size = size;
    return {};
  }

  StorageStatus sync() override {
    if (m_durability == Durability::Process) return {};
    if (syncDescriptor(m_descriptor.value()) != 0) return base::fail(systemFault("sync", m_path, lastError()));
    return {};
  }

 private:
  static constexpr size_t kPartsPerCall = 16;

  /// One pwritev, and more only where the system wrote less than asked.
  StorageStatus appendVector(std::span<const base::ByteView> parts) {
    if (parts.size() == 1) return writeAt(m_size, parts[0]);
    std::array<iovec, kPartsPerCall> vectors;
    int count = 0;
    size_t total = 0;
    for (const base::ByteView part : parts) {
      vectors[static_cast<size_t>(count++)] = {const_cast<uint8_t*>(part.data()), part.size()};
      total += part.size();
    }
    ssize_t written = 0;
    do {
      written = ::pwritev(m_descriptor.value(), vectors.data(), count, static_cast<off_t>(m_size));
    } while (written < 0 && errno == EINTR);
    if (written < 0) return base::fail(systemFault("write to", m_path, lastError()));
    m_size += static_cast<uint64_t>(written);
    if (static_cast<size_t>(written) == total) return {};
    return appendRest(parts, static_cast<size_t>(written));
  }

  StorageStatus appendRest(std::span<const base::ByteView> parts, size_t alreadyWritten) {
    for (const base::ByteView part : parts) {
      const size_t skip = std::min(alreadyWritten, part.size());
      alreadyWritten -= skip;
      if (auto status = writeAt(m_size, part.subspan(skip)); !status) return status;
    }
    return {};
  }

  Descriptor m_descriptor;
  std::filesystem::path m_path;
  uint64_t m_size;
  Durability m_durability;
};

class PosixLock final : public SystemLock {
 public:
  explicit PosixLock(Descriptor descriptor) : m_descriptor(std::move(descriptor)) {}

 private:
  Descriptor m_descriptor;
};

int openFlags(OpenMode mode) {
  switch (mode) {
    case OpenMode::ReadOnly:
      return O_RDONLY | O_CLOEXEC;
    case OpenMode::ReadWrite:
      return O_RDWR | O_CREAT | O_CLOEXEC;
    case OpenMode::CreateNew:
      return O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

}  // namespace

StorageResult<std::unique_ptr<File>> openSystemFile(const std::filesystem::path& path, OpenMode mode,
                                                    Durability durability) {
  Descriptor descriptor(::open(path.c_str(), openFlags(mode), 0644));
  if (!descriptor.isOpen()) return base::fail(systemFault("open", path, lastError()));
  struct stat status {};
  if (::fstat(descriptor.value(), &status) != 0) return base::fail(systemFault("open", path, lastError()));
  if (S_ISDIR(status.st_mode))
    return base::fail(systemFault("open", path, std::make_error_code(std::errc::is_a_directory)));
  return std::make_unique<PosixFile>(std::move(descriptor), path, static_cast<uint64_t>(status.st_size), durability);
}

std::error_code renameSystemFile(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  return error;
}

std::error_code removeSystemFile(const std::filesystem::path& path) {
  std::error_code error;
  const bool removed = std::filesystem::remove(path, error);
  if (!error && !removed) error = std::make_error_code(std::errc::no_such_file_or_directory);
  return error;
}

StorageStatus syncSystemDirectory(const std::filesystem::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.isOpen() || ::fsync(descriptor.value()) != 0)
    return base::fail(systemFault("sync", path, lastError()));
  return {};
}

StorageResult<std::unique_ptr<SystemLock>> lockSystemFile(const std::filesystem::path& path) {
  Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!descriptor.isOpen()) return base::fail(systemFault("open", path, lastError()));
  // flock, not fcntl: it also keeps two owners in one process apart.
  if (::flock(descriptor.value(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return base::fail(Fault{FaultKind::Locked, path.string() +
                                                     " is locked by another running program; stop that one or choose "
                                                     "another data directory"});
    return base::fail(systemFault("lock", path, lastError()));
  }
  return std::make_unique<PosixLock>(std::move(descriptor));
}

}  // namespace streamscope::storage
