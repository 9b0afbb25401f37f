#include "storage/faulty_storage.h"

#include <algorithm>
#include <utility>

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

Fault noSpace(const fs::path& path) {
  return {FaultKind::NoSpace,
          "cannot write to " + path.string() + ": the disk is full; free some space and restart the broker"};
}

}  // namespace

struct FaultyStorage::Faults {
  bool full = false;
  bool syncFails = false;
  bool losesSyncs = false;
  std::optional<uint64_t> bytesUntilFull;
  std::optional<size_t> tornAppendBytes;
  std::optional<uint64_t> failingOperation;
  std::optional<uint64_t> stoppingOperation;
  std::function<void(uint64_t)> observer;
  uint64_t operations = 0;

  /// Counts one operation; the fault that was ordered for it, if any.
  StorageStatus begin(const char* action, const fs::path& path) {
    const uint64_t number = operations++;
    if (observer) observer(number);
    const bool stopped = stoppingOperation && number >= *stoppingOperation;
    if (!stopped && failingOperation != number) return {};
    return base::fail(Fault{FaultKind::InputOutput, std::string("cannot ") + action + ' ' + path.string() +
                                                        ": input/output error; check the disk"});
  }

  /// How many of `wanted` new bytes the disk takes.
  uint64_t take(uint64_t wanted) {
    if (full) return 0;
    if (!bytesUntilFull) return wanted;
    const uint64_t taken = std::min(wanted, *bytesUntilFull);
    *bytesUntilFull -= taken;
    return taken;
  }
};

class FaultyStorage::FaultyFile final : public File {
 public:
  FaultyFile(std::unique_ptr<File> inner, std::shared_ptr<Faults> faults, fs::path path)
      : m_inner(std::move(inner)), m_faults(std::move(faults)), m_path(std::move(path)) {}

  uint64_t size() const override { return m_inner->size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = m_faults->begin("write to", m_path); !status) return status;
    uint64_t wanted = 0;
    for (const base::ByteView part : parts) wanted += part.size();
    if (const auto torn = std::exchange(m_faults->tornAppendBytes, std::nullopt)) {
      if (auto status = appendFirst(parts, *torn); !status) return status;
      return base::fail(
          Fault{FaultKind::InputOutput, "cannot write to " + m_path.string() + ": input/output error; check the disk"});
    }
    const uint64_t taken = m_faults->take(wanted);
    if (taken == wanted) return m_inner->append(parts);
    if (auto status = appendFirst(parts, taken); !status) return status;
    return base::fail(noSpace(m_path));
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (auto status = m_faults->begin("read", m_path); !status) return base::fail(status.error());
    return m_inner->readAt(position, into);
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = m_faults->begin("write to", m_path); !status) return status;
    const uint64_t end = position + bytes.size();
    const uint64_t growth = end > m_inner->size() ? end - m_inner->size() : 0;
    if (m_faults->take(growth) != growth) return base::fail(noSpace(m_path));
    return m_inner->writeAt(position, bytes);
  }

  StorageStatus truncate(uint64_t size) override {
    if (auto status = m_faults->begin("change the size of", m_path); !status) return status;
    return m_inner->truncate(size);
  }

  StorageStatus sync() override {
    if (auto status = m_faults->begin("sync", m_path); !status) return status;
    if (m_faults->syncFails)
      return base::fail(
          Fault{FaultKind::InputOutput, "cannot sync " + m_path.string() + ": input/output error; check the disk"});
    return m_faults->losesSyncs ? StorageStatus() : m_inner->sync();
  }

 private:
  StorageStatus appendFirst(std::span<const base::ByteView> parts, uint64_t count) {
    for (const base::ByteView part : parts) {
      const size_t length = static_cast<size_t>(std::min<uint64_t>(count, part.size()));
      count -= length;
      if (length == 0) continue;
      const base::ByteView piece = part.first(length);
      if (auto status = m_inner->append(std::span(&piece, 1)); !status) return status;
    }
    return {};
  }

  std::unique_ptr<File> m_inner;
  std::shared_ptr<Faults> m_faults;
  fs::path m_path;
};

FaultyStorage::FaultyStorage(Storage& inner) : m_inner(inner), m_faults(std::make_shared<Faults>()) {}
FaultyStorage::~FaultyStorage() = default;

void FaultyStorage::setFull(bool full) {
  m_faults->full = full;
}
void FaultyStorage::setBytesUntilFull(std::optional<uint64_t> bytes) {
  m_faults->bytesUntilFull = bytes;
}
void FaultyStorage::setSyncFails(bool fails) {
  m_faults->syncFails = fails;
}
void FaultyStorage::setLosesSyncs(bool loses) {
  m_faults->losesSyncs = loses;
}
void FaultyStorage::tearNextAppend(size_t bytesWritten) {
  m_faults->tornAppendBytes = bytesWritten;
}
void FaultyStorage::failOperation(uint64_t operation) {
  m_faults->failingOperation = operation;
}
void FaultyStorage::stopAtOperation(std::optional<uint64_t> operation) {
  m_faults->stoppingOperation = operation;
}
void FaultyStorage::setObserver(std::function<void(uint64_t operation)> observer) {
  m_faults->observer = std::move(observer);
}
uint64_t FaultyStorage::operationCount() const {
  return m_faults->operations;
}

StorageResult<std::unique_ptr<File>> FaultyStorage::open(const fs::path& path, OpenMode mode) {
  if (auto status = m_faults->begin("open", path); !status) return base::fail(status.error());
  const bool creates = mode != OpenMode::ReadOnly && !m_inner.exists(path);
  if (creates && (m_faults->full || m_faults->bytesUntilFull == 0u)) return base::fail(noSpace(path));
  auto file = m_inner.open(path, mode);
  if (!file) return base::fail(file.error());
  return std::make_unique<FaultyFile>(std::move(*file), m_faults, path);
}

bool FaultyStorage::exists(const fs::path& path) const {
  return m_inner.exists(path);
}

StorageResult<std::vector<DirectoryEntry>> FaultyStorage::list(const fs::path& directory) const {
  if (auto status = m_faults->begin("list", directory); !status) return base::fail(status.error());
  return m_inner.list(directory);
}

StorageStatus FaultyStorage::createDirectories(const fs::path& directory) {
  if (auto status = m_faults->begin("create", directory); !status) return status;
  if (m_faults->full && !m_inner.exists(directory)) return base::fail(noSpace(directory));
  return m_inner.createDirectories(directory);
}

StorageStatus FaultyStorage::rename(const fs::path& from, const fs::path& to) {
  if (auto status = m_faults->begin("rename", from); !status) return status;
  return m_inner.rename(from, to);
}

StorageStatus FaultyStorage::remove(const fs::path& path) {
  if (auto status = m_faults->begin("remove", path); !status) return status;
  return m_inner.remove(path);
}

StorageStatus FaultyStorage::removeAll(const fs::path& path) {
  if (auto status = m_faults->begin("remove", path); !status) return status;
  return m_inner.removeAll(path);
}

StorageStatus FaultyStorage::syncDirectory(const fs::path& directory) {
  if (auto status = m_faults->begin("sync", directory); !status) return status;
  if (m_faults->syncFails)
    return base::fail(
        Fault{FaultKind::InputOutput, "cannot sync " + directory.string() + ": input/output error; check the disk"});
  return m_faults->losesSyncs ? StorageStatus() : m_inner.syncDirectory(directory);
}

StorageStatus FaultyStorage::lock(const fs::path& path) {
  if (auto status = m_faults->begin("lock", path); !status) return status;
  return m_inner.lock(path);
}

}  // namespace streamscope::storage
