#include "storage/crashable_storage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/random.h"
#include "memory_node.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

/// The largest page a system writes back by itself, see MemoryFileContent.
constexpr uint64_t kRegionAlignment = 4096;

/// What was done to a file since its last sync, shared by all its handles.
using FileChanges = std::vector<MemoryFileContent::Change>;

std::string keyOf(const fs::path& path) {
  return path.lexically_normal().generic_string();
}

StorageResult<base::Bytes> readRange(const File& file, uint64_t begin, uint64_t end) {
  base::Bytes bytes(static_cast<size_t>(end - begin));
  const auto count = file.readAt(begin, bytes);
  if (!count) return base::fail(count.error());
  bytes.resize(*count);
  return bytes;
}

class CrashableFile final : public File {
 public:
  CrashableFile(std::unique_ptr<File> inner, std::shared_ptr<FileChanges> changes)
      : m_inner(std::move(inner)), m_changes(std::move(changes)) {}

  uint64_t size() const override { return m_inner->size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    const uint64_t size = m_inner->size();
    if (auto status = note(size, size); !status) return status;
    return m_inner->append(parts);
  }
  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    return m_inner->readAt(position, into);
  }
  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = note(position, position + bytes.size()); !status) return status;
    return m_inner->writeAt(position, bytes);
  }
  StorageStatus truncate(uint64_t size) override {
    if (auto status = note(size, m_inner->size()); !status) return status;
    return m_inner->truncate(size);
  }
  StorageStatus sync() override {
    if (auto status = m_inner->sync(); !status) return status;
    m_changes->clear();
    return {};
  }

 private:
  /// [position, end) is about to change; what lies behind the end of the file needs no copy.
  StorageStatus note(uint64_t position, uint64_t end) {
    const uint64_t size = m_inner->size();
    end = std::min(end, size);
    const bool grows = position >= end;
    if (grows && !m_changes->empty() && m_changes->back().overwritten.empty()) return {};
    MemoryFileContent::Change change{size, position, {}};
    if (!grows) {
      auto overwritten = readRange(*m_inner, position, end);
      if (!overwritten) return base::fail(overwritten.error());
      change.overwritten = std::move(*overwritten);
    }
    m_changes->push_back(std::move(change));
    return {};
  }

  std::unique_ptr<File> m_inner;
  std::shared_ptr<FileChanges> m_changes;
};

/// A file whose name is gone, as it was.
struct RemovedFile {
  base::Bytes bytes;
  std::shared_ptr<FileChanges> changes;
};

struct NameChange {
  enum class Kind : uint8_t { Created, DirectoryCreated, Renamed, Removed, DirectoryRemoved };
  Kind kind{};
  fs::path path;
  /// Of a rename: the new name.
  fs::path to;
  /// What was removed, or replaced by a rename.
  std::optional<RemovedFile> removed = std::nullopt;

  bool touches(const std::string& directory) const {
    return keyOf(path.parent_path()) == directory || (kind == Kind::Renamed && keyOf(to.parent_path()) == directory);
  }
};

}  // namespace

struct CrashableStorage::Impl {
  explicit Impl(Storage& innerStorage) : inner(innerStorage) {}

  Storage& inner;
  /// Of files opened for writing.
  std::map<std::string, std::shared_ptr<FileChanges>> files;
  /// Since their directories were synced, in order.
  std::vector<NameChange> names;

  bool isDirectory(const fs::path& path) const { return inner.list(path).has_value(); }

  std::shared_ptr<FileChanges> changesOf(const fs::path& path) {
    auto& changes = files[keyOf(path)];
    if (changes == nullptr) changes = std::make_shared<FileChanges>();
    return changes;
  }

  void add(NameChange change) {
    names.push_back(std::move(change));
    if (names.size() > kNameChangesMax) names.erase(names.begin());
  }

  /// Files under a directory move with it.
  void rekey(const fs::path& from, const fs::path& to);
  /// A copy of a file whose name goes; nothing when it is too large, and then every change of names so far counts as
  /// written back.
  StorageResult<std::optional<RemovedFile>> keep(const fs::path& path);
  StorageStatus undo(NameChange& change);
  StorageStatus restore(const fs::path& path, RemovedFile& removed);
  StorageStatus loseChangesOf(const fs::path& path, FileChanges& changes, base::Random& random, Loss& loss);
  StorageStatus removeTree(CrashableStorage& storage, const fs::path& path);
};

void CrashableStorage::Impl::rekey(const fs::path& from, const fs::path& to) {
  const std::string oldKey = keyOf(from), newKey = keyOf(to);
  std::map<std::string, std::shared_ptr<FileChanges>> moved;
  for (auto it = files.lower_bound(oldKey); it != files.end() && it->first.starts_with(oldKey);) {
    const bool isInside = it->first.size() == oldKey.size() || it->first[oldKey.size()] == '/';
    if (!isInside) {
      ++it;
      continue;
    }
    moved[newKey + it->first.substr(oldKey.size())] = std::move(it->second);
    it = files.erase(it);
  }
  for (auto& [key, changes] : moved) files[key] = std::move(changes);
}

StorageResult<std::optional<RemovedFile>> CrashableStorage::Impl::keep(const fs::path& path) {
  auto file = inner.open(path, OpenMode::ReadOnly);
  if (!file) return base::fail(file.error());
  if ((*file)->size() > kRemovedBytesMax) {
    names.clear();
    return std::optional<RemovedFile>();
  }
  auto bytes = readRange(**file, 0, (*file)->size());
  if (!bytes) return base::fail(bytes.error());
  return std::optional<RemovedFile>(RemovedFile{std::move(*bytes), changesOf(path)});
}

StorageStatus CrashableStorage::Impl::restore(const fs::path& path, RemovedFile& removed) {
  if (const fs::path parent = path.parent_path(); !parent.empty() && !inner.exists(parent)) return {};
  auto file = inner.open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  files[keyOf(path)] = removed.changes;
  if (auto status = (*file)->truncate(removed.bytes.size()); !status) return status;
  return removed.bytes.empty() ? StorageStatus() : (*file)->writeAt(0, removed.bytes);
}

/// Later changes that are durable may stand in the way; then nothing is left to be undone.
StorageStatus CrashableStorage::Impl::undo(NameChange& change) {
  switch (change.kind) {
    case NameChange::Kind::Created:
      files.erase(keyOf(change.path));
      return inner.exists(change.path) ? inner.remove(change.path) : StorageStatus();
    case NameChange::Kind::DirectoryCreated: {
      if (!inner.exists(change.path)) return {};
      const auto entries = inner.list(change.path);
      if (!entries) return base::fail(entries.error());
      return entries->empty() ? inner.removeAll(change.path) : StorageStatus();
    }
    case NameChange::Kind::Renamed: {
      const fs::path parent = change.path.parent_path();
      const bool canGoBack =
          inner.exists(change.to) && !inner.exists(change.path) && (parent.empty() || inner.exists(parent));
      if (canGoBack) {
        if (auto status = inner.rename(change.to, change.path); !status) return status;
        rekey(change.to, change.path);
      }
      if (change.removed && !inner.exists(change.to)) return restore(change.to, *change.removed);
      return {};
    }
    case NameChange::Kind::Removed:
      return inner.exists(change.path) ? StorageStatus() : restore(change.path, *change.removed);
    case NameChange::Kind::DirectoryRemoved:
      return inner.createDirectories(change.path);
  }
  return {};
}

StorageStatus CrashableStorage::Impl::loseChangesOf(const fs::path& path, FileChanges& changes, base::Random& random,
                                                    Loss& loss) {
  auto file = inner.open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  const uint64_t size = (*file)->size();
  // Only the part that changed is read, from where a page begins.
  uint64_t begin = size;
  for (const auto& change : changes) begin = std::min({begin, change.position, change.sizeBefore});
  begin -= begin % kRegionAlignment;
  for (auto& change : changes) {
    change.position -= begin;
    change.sizeBefore -= begin;
  }
  auto before = readRange(**file, begin, size);
  if (!before) return base::fail(before.error());
  MemoryFileContent content(*before, std::move(changes));
  content.loseSomeChanges(random);
  const base::Bytes& after = content.bytes();
  if (after == *before) return {};
  ++loss.files;
  if (after.size() < before->size()) loss.bytes += before->size() - after.size();
  if (auto status = (*file)->truncate(begin + after.size()); !status) return status;
  return after.empty() ? StorageStatus() : (*file)->writeAt(begin, after);
}

/// One name after the other, as a system does it.
StorageStatus CrashableStorage::Impl::removeTree(CrashableStorage& storage, const fs::path& path) {
  const auto entries = inner.list(path);
  if (!entries) return base::fail(entries.error());
  for (const DirectoryEntry& entry : *entries) {
    const fs::path child = path / entry.name;
    if (auto status = entry.isDirectory ? removeTree(storage, child) : storage.remove(child); !status) return status;
  }
  if (auto status = inner.removeAll(path); !status) return status;
  add({NameChange::Kind::DirectoryRemoved, path, {}});
  return {};
}

CrashableStorage::CrashableStorage(Storage& inner) : m_impl(std::make_unique<Impl>(inner)) {}
CrashableStorage::~CrashableStorage() = default;

StorageResult<CrashableStorage::Loss> CrashableStorage::losePower(uint64_t seed) {
  base::Random random(seed);
  Loss loss;
  // None, all or those up to some moment reached the disk.
  size_t kept = random.below(m_impl->names.size() + 1);
  if (const uint64_t mode = random.below(3); mode == 0)
    kept = 0;
  else if (mode == 1)
    kept = m_impl->names.size();
  while (m_impl->names.size() > kept) {
    NameChange change = std::move(m_impl->names.back());
    m_impl->names.pop_back();
    ++loss.names;
    if (auto status = m_impl->undo(change); !status) return base::fail(status.error());
  }
  m_impl->names.clear();
  for (const auto& [key, changes] : m_impl->files) {
    if (changes->empty() || !m_impl->inner.exists(key)) continue;
    if (auto status = m_impl->loseChangesOf(key, *changes, random, loss); !status) return base::fail(status.error());
  }
  m_impl->files.clear();
  return loss;
}

StorageResult<std::unique_ptr<File>> CrashableStorage::open(const fs::path& path, OpenMode mode) {
  if (mode == OpenMode::ReadOnly) return m_impl->inner.open(path, mode);
  const bool creates = !m_impl->inner.exists(path);
  auto file = m_impl->inner.open(path, mode);
  if (!file) return base::fail(file.error());
  if (creates) m_impl->add({NameChange::Kind::Created, path, {}});
  return std::make_unique<CrashableFile>(std::move(*file), m_impl->changesOf(path));
}

bool CrashableStorage::exists(const fs::path& path) const {
  return m_impl->inner.exists(path);
}

StorageResult<std::vector<DirectoryEntry>> CrashableStorage::list(const fs::path& directory) const {
  return m_impl->inner.list(directory);
}

StorageStatus CrashableStorage::createDirectories(const fs::path& directory) {
  std::vector<fs::path> missing;
  for (fs::path path = directory.lexically_normal(); !path.empty() && !m_impl->inner.exists(path);
       path = path.parent_path())
    missing.push_back(path);
  if (auto status = m_impl->inner.createDirectories(directory); !status) return status;
  for (auto path = missing.rbegin(); path != missing.rend(); ++path)
    m_impl->add({NameChange::Kind::DirectoryCreated, *path, {}});
  return {};
}

StorageStatus CrashableStorage::rename(const fs::path& from, const fs::path& to) {
  std::optional<RemovedFile> replaced;
  const bool isSame = keyOf(from) == keyOf(to);
  bool isKept = true;
  if (!isSame && m_impl->inner.exists(to) && !m_impl->isDirectory(to)) {
    auto kept = m_impl->keep(to);
    if (!kept) return base::fail(kept.error());
    replaced = std::move(*kept);
    isKept = replaced.has_value();
  }
  if (auto status = m_impl->inner.rename(from, to); !status) return status;
  if (isSame) return {};
  m_impl->files.erase(keyOf(to));
  m_impl->rekey(from, to);
  if (isKept) m_impl->add({NameChange::Kind::Renamed, from, to, std::move(replaced)});
  return {};
}

StorageStatus CrashableStorage::remove(const fs::path& path) {
  const bool isDirectory = m_impl->isDirectory(path);
  if (isDirectory || !m_impl->inner.exists(path)) {
    if (auto status = m_impl->inner.remove(path); !status) return status;
    if (isDirectory) m_impl->add({NameChange::Kind::DirectoryRemoved, path, {}});
    return {};
  }
  auto kept = m_impl->keep(path);
  if (!kept) return base::fail(kept.error());
  if (auto status = m_impl->inner.remove(path); !status) return status;
  m_impl->files.erase(keyOf(path));
  if (*kept) m_impl->add({NameChange::Kind::Removed, path, {}, std::move(*kept)});
  return {};
}

StorageStatus CrashableStorage::removeAll(const fs::path& path) {
  if (!m_impl->inner.exists(path)) return {};
  if (m_impl->isDirectory(path)) return m_impl->removeTree(*this, path);
  return remove(path);
}

StorageStatus CrashableStorage::syncDirectory(const fs::path& directory) {
  if (auto status = m_impl->inner.syncDirectory(directory); !status) return status;
  const std::string key = keyOf(directory) == "." ? std::string() : keyOf(directory);
  std::erase_if(m_impl->names, [&](const NameChange& change) { return change.touches(key); });
  return {};
}

StorageStatus CrashableStorage::lock(const fs::path& path) {
  return m_impl->inner.lock(path);
}

}  // namespace streamscope::storage
