#include "storage/crashable_storage.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/random.h"
#include "durable_layout.h"
#include "file_changes.h"
#include "name_changes.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

/// The largest page a system writes back by itself, see ChangedBytes.
constexpr uint64_t kRegionAlignment = 4096;

/// What all handles of one storage share.
struct Machine {
  uint64_t generation = 0;
  std::weak_ptr<DiskNode> lastAppendFile;
  uint64_t lastAppendPosition = 0;
};

StorageResult<base::Bytes> readRange(const File& file, uint64_t begin, uint64_t end) {
  base::Bytes bytes(static_cast<size_t>(end - begin));
  const auto count = file.readAt(begin, bytes);
  if (!count) return base::fail(count.error());
  bytes.resize(*count);
  return bytes;
}

class CrashableFile final : public File {
 public:
  CrashableFile(std::unique_ptr<File> inner, std::shared_ptr<DiskNode> node, std::shared_ptr<Machine> machine,
                fs::path path)
      : m_inner(std::move(inner)),
        m_node(std::move(node)),
        m_machine(std::move(machine)),
        m_path(std::move(path)),
        m_generation(m_machine->generation) {}

  uint64_t size() const override { return m_inner->size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = checkAlive(); !status) return status;
    const bool isEmpty = std::all_of(parts.begin(), parts.end(), [](base::ByteView part) { return part.empty(); });
    const uint64_t size = m_inner->size();
    m_machine->lastAppendFile = m_node;
    m_machine->lastAppendPosition = size;
    if (!isEmpty)
      if (auto status = note(size, size); !status) return status;
    return m_inner->append(parts);
  }
  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (auto status = checkAlive(); !status) return base::fail(status.error());
    return m_inner->readAt(position, into);
  }
  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = checkAlive(); !status) return status;
    if (!bytes.empty())
      if (auto status = note(position, position + bytes.size()); !status) return status;
    return m_inner->writeAt(position, bytes);
  }
  StorageStatus truncate(uint64_t size) override {
    if (auto status = checkAlive(); !status) return status;
    if (size != m_inner->size())
      if (auto status = note(size, m_inner->size()); !status) return status;
    return m_inner->truncate(size);
  }
  StorageStatus sync() override {
    if (auto status = checkAlive(); !status) return status;
    if (auto status = m_inner->sync(); !status) return status;
    m_node->changes.clear();
    return {};
  }

 private:
  StorageStatus checkAlive() const {
    if (m_generation == m_machine->generation) return {};
    return base::fail(
        Fault{FaultKind::InputOutput, m_path.string() + " was open when the machine lost power; open it again"});
  }

  /// [position, end) is about to change; what lies behind the end of the file needs no copy.
  StorageStatus note(uint64_t position, uint64_t end) {
    if (m_node->removedBytes) return {};
    std::vector<FileChange>& changes = m_node->changes;
    const uint64_t size = m_inner->size();
    end = std::min(end, size);
    const bool grows = position >= end;
    if (grows && !changes.empty() && changes.back().overwritten.empty()) return {};
    FileChange change{size, position, {}};
    if (!grows) {
      auto overwritten = readRange(*m_inner, position, end);
      if (!overwritten) return base::fail(overwritten.error());
      change.overwritten = std::move(*overwritten);
    }
    changes.push_back(std::move(change));
    return {};
  }

  std::unique_ptr<File> m_inner;
  std::shared_ptr<DiskNode> m_node;
  std::shared_ptr<Machine> m_machine;
  fs::path m_path;
  uint64_t m_generation;
};

std::shared_ptr<DiskNode> newNode(bool isDirectory) {
  auto node = std::make_shared<DiskNode>();
  node->isDirectory = isDirectory;
  return node;
}

/// By address only to find a node's copy again.
using Copies = std::map<const DiskNode*, std::shared_ptr<DiskNode>>;

std::shared_ptr<DiskNode> copyTree(const std::shared_ptr<DiskNode>& node, Copies& copies) {
  if (!node) return nullptr;
  auto& copy = copies[node.get()];
  if (copy) return copy;
  copy = newNode(node->isDirectory);
  const std::shared_ptr<DiskNode> result = copy;
  result->changes = node->changes;
  result->removedBytes = node->removedBytes;
  for (const auto& [name, child] : node->entries) result->entries[name] = copyTree(child, copies);
  for (const auto& [name, child] : node->durableEntries) result->durableEntries[name] = copyTree(child, copies);
  return result;
}

}  // namespace

struct CrashableStorage::Impl {
  explicit Impl(Storage& innerStorage) : inner(innerStorage) {}

  Storage& inner;
  std::shared_ptr<DiskNode> root = newNode(true);
  std::shared_ptr<Machine> machine = std::make_shared<Machine>();
  NameChanges names;

  /// Null when there is nothing of that name.
  std::shared_ptr<DiskNode> find(const fs::path& path);
  /// Of a path that is there or was just made.
  NameChanges::Assignment assignment(const fs::path& path, std::shared_ptr<DiskNode> node) {
    return {find(path.parent_path()), path.filename().string(), std::move(node)};
  }
  /// What a file holds whose name is about to go; nothing when it is too large.
  StorageResult<std::optional<base::Bytes>> keep(const fs::path& path);
  /// After the change of names by which it went.
  void noteGone(DiskNode& node, std::optional<base::Bytes> bytes) {
    if (!bytes) names.syncAll();
    node.removedBytes = std::move(bytes);
  }

  using LoseChanges = std::function<void(const DiskNode& node, uint64_t begin, ChangedBytes& bytes)>;
  StorageResult<Loss> losePower(size_t namesLost, const LoseChanges& lose);
  StorageStatus loseChangesOf(const fs::path& path, DiskNode& node, const LoseChanges& lose, Loss& loss);
  StorageStatus removeTree(CrashableStorage& storage, const fs::path& path);
};

std::shared_ptr<DiskNode> CrashableStorage::Impl::find(const fs::path& path) {
  std::shared_ptr<DiskNode> node = root;
  fs::path soFar;
  for (const fs::path& part : path.lexically_normal()) {
    if (part.empty() || part == ".") continue;
    if (!node->isDirectory) return nullptr;
    soFar /= part;
    const std::string name = part.string();
    auto it = node->entries.find(name);
    if (it == node->entries.end()) {
      if (!inner.exists(soFar)) return nullptr;
      const auto found = newNode(inner.list(soFar).has_value());
      node->durableEntries[name] = found;
      it = node->entries.emplace(name, found).first;
    }
    node = it->second;
  }
  return node;
}

StorageResult<std::optional<base::Bytes>> CrashableStorage::Impl::keep(const fs::path& path) {
  const auto file = inner.open(path, OpenMode::ReadOnly);
  if (!file) return base::fail(file.error());
  if ((*file)->size() > kRemovedBytesMax) return std::optional<base::Bytes>();
  auto bytes = readRange(**file, 0, (*file)->size());
  if (!bytes) return base::fail(bytes.error());
  return std::optional<base::Bytes>(std::move(*bytes));
}

StorageStatus CrashableStorage::Impl::loseChangesOf(const fs::path& path, DiskNode& node, const LoseChanges& lose,
                                                    Loss& loss) {
  if (node.changes.empty()) return {};
  const auto file = inner.open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  const uint64_t size = (*file)->size();
  // Only the part that changed is read, from where a page begins.
  uint64_t begin = size;
  for (const FileChange& change : node.changes) begin = std::min({begin, change.position, change.sizeBefore});
  begin -= begin % kRegionAlignment;
  for (FileChange& change : node.changes) {
    change.position -= begin;
    change.sizeBefore -= begin;
  }
  const auto before = readRange(**file, begin, size);
  if (!before) return base::fail(before.error());
  ChangedBytes content(*before, std::move(node.changes));
  lose(node, begin, content);
  const base::Bytes& after = content.bytes();
  if (after == *before) return {};
  ++loss.files;
  if (after.size() < before->size()) loss.bytes += before->size() - after.size();
  if (auto status = (*file)->truncate(begin + after.size()); !status) return status;
  return after.empty() ? StorageStatus() : (*file)->writeAt(begin, after);
}

StorageResult<CrashableStorage::Loss> CrashableStorage::Impl::losePower(size_t namesLost, const LoseChanges& lose) {
  Loss loss;
  loss.names = static_cast<int32_t>(namesLost);
  DurableLayout layout(inner,
                       [&](const fs::path& path, DiskNode& node) { return loseChangesOf(path, node, lose, loss); });
  if (auto status = layout.restore(*root); !status) return base::fail(status.error());
  root = newNode(true);
  ++machine->generation;
  machine->lastAppendFile.reset();
  return loss;
}

/// One name after the other, as a system does it.
StorageStatus CrashableStorage::Impl::removeTree(CrashableStorage& storage, const fs::path& path) {
  const auto entries = inner.list(path);
  if (!entries) return base::fail(entries.error());
  for (const DirectoryEntry& entry : *entries) {
    const fs::path child = path / entry.name;
    if (auto status = entry.isDirectory ? removeTree(storage, child) : storage.remove(child); !status) return status;
  }
  return storage.remove(path);
}

CrashableStorage::CrashableStorage(Storage& inner) : m_impl(std::make_unique<Impl>(inner)) {}
CrashableStorage::CrashableStorage(Storage& copyOfInner, const CrashableStorage& other)
    : m_impl(std::make_unique<Impl>(copyOfInner)) {
  Copies copies;
  m_impl->root = copyTree(other.m_impl->root, copies);
  m_impl->names =
      other.m_impl->names.copied([&](const std::shared_ptr<DiskNode>& node) { return copyTree(node, copies); });
}
CrashableStorage::~CrashableStorage() = default;

StorageResult<CrashableStorage::Loss> CrashableStorage::losePower(uint64_t seed) {
  base::Random random(seed);
  const size_t namesLost = m_impl->names.loseSome(random);
  return m_impl->losePower(namesLost,
                           [&](const DiskNode&, uint64_t, ChangedBytes& content) { content.loseSome(random); });
}

StorageResult<CrashableStorage::Loss> CrashableStorage::loseAllUnsynced(std::optional<uint64_t> lastAppendBytesKept) {
  const auto torn = lastAppendBytesKept ? m_impl->machine->lastAppendFile.lock() : nullptr;
  const uint64_t keepEnd = m_impl->machine->lastAppendPosition + lastAppendBytesKept.value_or(0);
  return m_impl->losePower(m_impl->names.loseAll(), [&](const DiskNode& node, uint64_t begin, ChangedBytes& content) {
    content.loseAll(&node == torn.get() && keepEnd > begin ? keepEnd - begin : 0);
  });
}

StorageResult<std::unique_ptr<File>> CrashableStorage::open(const fs::path& path, OpenMode mode) {
  if (mode == OpenMode::ReadOnly) return m_impl->inner.open(path, mode);
  std::shared_ptr<DiskNode> node = m_impl->find(path);
  auto file = m_impl->inner.open(path, mode);
  if (!file) return base::fail(file.error());
  if (!node) {
    node = newNode(false);
    m_impl->names.add({m_impl->assignment(path, node)});
  }
  return std::make_unique<CrashableFile>(std::move(*file), std::move(node), m_impl->machine, path);
}

bool CrashableStorage::exists(const fs::path& path) const {
  return m_impl->inner.exists(path);
}

StorageResult<std::vector<DirectoryEntry>> CrashableStorage::list(const fs::path& directory) const {
  return m_impl->inner.list(directory);
}

StorageStatus CrashableStorage::createDirectories(const fs::path& directory) {
  std::vector<fs::path> missing;
  for (fs::path path = directory.lexically_normal(); !path.empty() && !m_impl->find(path); path = path.parent_path())
    missing.push_back(path);
  if (auto status = m_impl->inner.createDirectories(directory); !status) return status;
  for (auto path = missing.rbegin(); path != missing.rend(); ++path)
    m_impl->names.add({m_impl->assignment(*path, newNode(true))});
  return {};
}

StorageStatus CrashableStorage::rename(const fs::path& from, const fs::path& to) {
  const auto source = m_impl->find(from), target = m_impl->find(to);
  const bool isSame = source == target;
  const bool replacesFile = target && !isSame && !target->isDirectory;
  std::optional<base::Bytes> replaced;
  if (source && replacesFile) {
    auto kept = m_impl->keep(to);
    if (!kept) return base::fail(kept.error());
    replaced = std::move(*kept);
  }
  if (auto status = m_impl->inner.rename(from, to); !status) return status;
  if (isSame) return {};
  m_impl->names.add({m_impl->assignment(from, nullptr), m_impl->assignment(to, source)});
  if (replacesFile) m_impl->noteGone(*target, std::move(replaced));
  return {};
}

StorageStatus CrashableStorage::remove(const fs::path& path) {
  const auto node = m_impl->find(path);
  std::optional<base::Bytes> removed;
  if (node && !node->isDirectory) {
    auto kept = m_impl->keep(path);
    if (!kept) return base::fail(kept.error());
    removed = std::move(*kept);
  }
  if (auto status = m_impl->inner.remove(path); !status) return status;
  m_impl->names.add({m_impl->assignment(path, nullptr)});
  if (!node->isDirectory) m_impl->noteGone(*node, std::move(removed));
  return {};
}

StorageStatus CrashableStorage::removeAll(const fs::path& path) {
  const auto node = m_impl->find(path);
  if (!node) return {};
  return node->isDirectory ? m_impl->removeTree(*this, path) : remove(path);
}

StorageStatus CrashableStorage::syncDirectory(const fs::path& directory) {
  if (auto status = m_impl->inner.syncDirectory(directory); !status) return status;
  if (const auto node = m_impl->find(directory)) m_impl->names.sync(*node);
  return {};
}

StorageStatus CrashableStorage::lock(const fs::path& path) {
  return m_impl->inner.lock(path);
}

}  // namespace streamscope::storage
