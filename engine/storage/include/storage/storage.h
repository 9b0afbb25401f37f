#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace streamscope::storage {

enum class FaultKind {
  NotFound,
  AlreadyExists,
  NoSpace,
  PermissionDenied,
  InputOutput,
  Locked,
  TooManyOpenFiles,
};

/// What went wrong with a file: the kind for code, the sentence (what, which path, what to do) for a person.
struct Fault {
  FaultKind kind = FaultKind::InputOutput;
  std::string message;
};

template <class T>
using StorageResult = tl::expected<T, Fault>;
using StorageStatus = StorageResult<void>;

/// The one place where a storage fault becomes a code on Kafka's wire: KAFKA_STORAGE_ERROR with the fault's sentence.
base::Error toError(const Fault& fault);

/// An open file of one writer. Positions and sizes are bytes from the start. Not thread-safe.
///
/// Durability: what was written is in the file for every reader at once, but survives a crash of the machine only after
/// a successful `sync`. After a failed `sync` nobody knows what the disk holds: the log directory must go offline.
class File {
 public:
  virtual ~File() = default;

  /// Bytes in the file now.
  virtual uint64_t size() const = 0;

  /// Appends all parts in order, as one write where the system can. On a fault the file may hold any prefix of them;
  /// the caller truncates back to the size it knows.
  virtual StorageStatus append(std::span<const base::ByteView> parts) = 0;
  StorageStatus append(base::ByteView bytes) { return append(std::span(&bytes, 1)); }

  /// Reads exactly `into.size()` bytes unless the file ends before; returns how many were read.
  virtual StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const = 0;

  /// Overwrites in place (index files); the file grows when needed, a gap reads as zero.
  virtual StorageStatus writeAt(uint64_t position, base::ByteView bytes) = 0;

  /// Cuts or, when `size` is larger, extends with zeros.
  virtual StorageStatus truncate(uint64_t size) = 0;

  /// Data and size on stable storage.
  virtual StorageStatus sync() = 0;
};

enum class OpenMode {
  /// The file must exist.
  ReadOnly,
  /// Created when missing.
  ReadWrite,
  /// Must not exist yet.
  CreateNew,
};

struct DirectoryEntry {
  std::string name;
  bool isDirectory = false;
  uint64_t size = 0;
};

/// The file system as one node sees it: every path is relative to the node's root. The only way from the engine to a
/// disk. Implementations: PosixStorage (real files, any system through std::filesystem and the system's read and write
/// calls), MemoryStorage (the simulation's disk), FaultyStorage (a wrapper that fails on demand).
class Storage {
 public:
  virtual ~Storage() = default;

  virtual StorageResult<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) = 0;
  virtual bool exists(const std::filesystem::path& path) const = 0;
  /// Sorted by name, so that no order leaks in from the system.
  virtual StorageResult<std::vector<DirectoryEntry>> list(const std::filesystem::path& directory) const = 0;
  virtual StorageStatus createDirectories(const std::filesystem::path& directory) = 0;
  /// Replaces an existing target in one step; works for files and for directories.
  virtual StorageStatus rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  virtual StorageStatus remove(const std::filesystem::path& path) = 0;
  virtual StorageStatus removeAll(const std::filesystem::path& path) = 0;
  /// Makes created, renamed and removed names in this directory durable.
  virtual StorageStatus syncDirectory(const std::filesystem::path& directory) = 0;
  /// An exclusive lock on a path for the life of this object (Kafka's `.lock`); Fault Locked when another one has it.
  virtual StorageStatus lock(const std::filesystem::path& path) = 0;

  /// Whole files, for checkpoints and other small ones.
  StorageResult<base::Bytes> readFile(const std::filesystem::path& path);
  /// Kafka's way to replace a small file: `path`.tmp, sync, rename, sync of the directory.
  StorageStatus writeFileAtomically(const std::filesystem::path& path, base::ByteView bytes);
};

}  // namespace streamscope::storage
