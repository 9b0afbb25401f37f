#include "storage/memory_storage.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/assert.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

/// A file's bytes and what a crash would bring back: the size at the last sync and, newest last, the durable bytes that
/// were overwritten or cut since.
struct FileNode {
  struct Overwritten {
    uint64_t position = 0;
    base::Bytes bytes;
  };

  base::Bytes bytes;
  uint64_t durableSize = 0;
  std::vector<Overwritten> overwritten;

  void remember(uint64_t from, uint64_t end) {
    end = std::min({end, durableSize, static_cast<uint64_t>(bytes.size())});
    if (from >= end) return;
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(from);
    overwritten.push_back({from, base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(end - from))});
  }

  void sync() {
    durableSize = bytes.size();
    overwritten.clear();
  }

  void revert(uint64_t keepEnd) {
    const uint64_t end = std::max(durableSize, std::min(keepEnd, static_cast<uint64_t>(bytes.size())));
    bytes.resize(end);
    for (auto it = overwritten.rbegin(); it != overwritten.rend(); ++it)
      std::copy(it->bytes.begin(), it->bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(it->position));
    sync();
  }
};

/// Exactly one of `file` and `entries` is in use.
struct Node {
  std::shared_ptr<FileNode> file;
  std::map<std::string, std::shared_ptr<Node>> entries;
  std::map<std::string, std::shared_ptr<Node>> durableEntries;

  bool isDirectory() const { return file == nullptr; }
};

/// What all handles of one storage share.
struct Machine {
  uint64_t generation = 0;
  std::weak_ptr<FileNode> lastAppendFile;
  uint64_t lastAppendPosition = 0;
};

class MemoryFile final : public File {
 public:
  MemoryFile(std::shared_ptr<FileNode> node, std::shared_ptr<Machine> machine, fs::path path, bool writable)
      : m_node(std::move(node)),
        m_machine(std::move(machine)),
        m_path(std::move(path)),
        m_generation(m_machine->generation),
        m_writable(writable) {}

  uint64_t size() const override { return m_node->bytes.size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = checkWritable(); !status) return status;
    m_machine->lastAppendFile = m_node;
    m_machine->lastAppendPosition = m_node->bytes.size();
    for (const base::ByteView part : parts) {
      m_node->remember(m_node->bytes.size(), m_node->bytes.size() + part.size());
      m_node->bytes.insert(m_node->bytes.end(), part.begin(), part.end());
    }
    return {};
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (auto status = checkAlive(); !status) return base::fail(status.error());
    if (position >= m_node->bytes.size()) return size_t{0};
    const size_t count = std::min(into.size(), m_node->bytes.size() - static_cast<size_t>(position));
    std::copy_n(m_node->bytes.begin() + static_cast<std::ptrdiff_t>(position), count, into.begin());
    return count;
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = checkWritable(); !status) return status;
    const uint64_t end = position + bytes.size();
    m_node->remember(position, end);
    if (end > m_node->bytes.size()) m_node->bytes.resize(end);
    std::copy(bytes.begin(), bytes.end(), m_node->bytes.begin() + static_cast<std::ptrdiff_t>(position));
    return {};
  }

  StorageStatus truncate(uint64_t size) override {
    if (auto status = checkWritable(); !status) return status;
    m_node->remember(size, m_node->bytes.size());
    m_node->bytes.resize(size);
    return {};
  }

  StorageStatus sync() override {
    if (auto status = checkAlive(); !status) return status;
    m_node->sync();
    return {};
  }

 private:
  StorageStatus checkAlive() const {
    if (m_generation == m_machine->generation) return {};
    return base::fail(
        Fault{FaultKind::InputOutput, m_path.string() + " was open when the machine lost power; open it again"});
  }
  StorageStatus checkWritable() const {
    if (!m_writable)
      return base::fail(
          Fault{FaultKind::PermissionDenied, m_path.string() + " is open for reading only; open it for writing"});
    return checkAlive();
  }

  std::shared_ptr<FileNode> m_node;
  std::shared_ptr<Machine> m_machine;
  fs::path m_path;
  uint64_t m_generation;
  bool m_writable;
};

Fault notFound(const fs::path& path) {
  return {FaultKind::NotFound, path.string() + " does not exist; check the path"};
}
Fault wrongKind(const fs::path& path, const char* is) {
  return {FaultKind::InputOutput, path.string() + " is " + is + "; check the path"};
}

void revertTree(Node& directory, const FileNode* keepFile, uint64_t keepEnd) {
  directory.entries = directory.durableEntries;
  for (auto& [name, node] : directory.entries) {
    if (node->isDirectory())
      revertTree(*node, keepFile, keepEnd);
    else
      node->file->revert(node->file.get() == keepFile ? keepEnd : 0);
  }
}

uint64_t bytesIn(const Node& node) {
  if (!node.isDirectory()) return node.file->bytes.size();
  uint64_t total = 0;
  for (const auto& [name, child] : node.entries) total += bytesIn(*child);
  return total;
}

}  // namespace

struct MemoryStorage::Impl {
  std::shared_ptr<Node> root = std::make_shared<Node>();
  std::shared_ptr<Machine> machine = std::make_shared<Machine>();

  /// Null when there is nothing of that name.
  std::shared_ptr<Node> find(const fs::path& path) const {
    std::shared_ptr<Node> node = root;
    for (const fs::path& part : path.lexically_normal()) {
      if (part.empty() || part == ".") continue;
      const auto it = node->entries.find(part.string());
      if (it == node->entries.end()) return nullptr;
      node = it->second;
    }
    return node;
  }

  StorageResult<std::shared_ptr<Node>> parentOf(const fs::path& path) const {
    auto parent = find(path.parent_path());
    if (!parent) return base::fail(notFound(path.parent_path()));
    if (!parent->isDirectory()) return base::fail(wrongKind(path.parent_path(), "a file, not a directory"));
    return parent;
  }
};

MemoryStorage::MemoryStorage() : m_impl(std::make_unique<Impl>()) {}
MemoryStorage::~MemoryStorage() = default;

void MemoryStorage::crash(const CrashOptions& options) {
  const std::shared_ptr<FileNode> torn = options.lastAppendBytesKept ? m_impl->machine->lastAppendFile.lock() : nullptr;
  const uint64_t keepEnd = m_impl->machine->lastAppendPosition + options.lastAppendBytesKept.value_or(0);
  revertTree(*m_impl->root, torn.get(), keepEnd);
  ++m_impl->machine->generation;
  m_impl->machine->lastAppendFile.reset();
}

uint64_t MemoryStorage::bytesStored() const {
  return bytesIn(*m_impl->root);
}

void MemoryStorage::flipByte(const fs::path& path, uint64_t position, uint8_t mask) {
  const auto node = m_impl->find(path);
  STREAMSCOPE_ASSERT(node && !node->isDirectory() && position < node->file->bytes.size(), path.string());
  node->file->bytes[position] ^= mask;
}

StorageResult<std::unique_ptr<File>> MemoryStorage::open(const fs::path& path, OpenMode mode) {
  std::shared_ptr<Node> node = m_impl->find(path);
  if (node && node->isDirectory()) return base::fail(wrongKind(path, "a directory, not a file"));
  if (node && mode == OpenMode::CreateNew)
    return base::fail(
        Fault{FaultKind::AlreadyExists, path.string() + " exists already; remove it or choose another name"});
  if (!node) {
    if (mode == OpenMode::ReadOnly) return base::fail(notFound(path));
    const auto parent = m_impl->parentOf(path);
    if (!parent) return base::fail(parent.error());
    node = std::make_shared<Node>();
    node->file = std::make_shared<FileNode>();
    (*parent)->entries[path.filename().string()] = node;
  }
  return std::make_unique<MemoryFile>(node->file, m_impl->machine, path, mode != OpenMode::ReadOnly);
}

bool MemoryStorage::exists(const fs::path& path) const {
  return m_impl->find(path) != nullptr;
}

StorageResult<std::vector<DirectoryEntry>> MemoryStorage::list(const fs::path& directory) const {
  const auto node = m_impl->find(directory);
  if (!node) return base::fail(notFound(directory));
  if (!node->isDirectory()) return base::fail(wrongKind(directory, "a file, not a directory"));
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, child] : node->entries)
    entries.push_back({name, child->isDirectory(), child->isDirectory() ? 0 : child->file->bytes.size()});
  return entries;
}

StorageStatus MemoryStorage::createDirectories(const fs::path& directory) {
  std::shared_ptr<Node> node = m_impl->root;
  for (const fs::path& part : directory.lexically_normal()) {
    if (part.empty() || part == ".") continue;
    auto& child = node->entries[part.string()];
    if (!child) child = std::make_shared<Node>();
    if (!child->isDirectory()) return base::fail(wrongKind(directory, "a file, not a directory"));
    node = child;
  }
  return {};
}

StorageStatus MemoryStorage::rename(const fs::path& from, const fs::path& to) {
  const auto source = m_impl->find(from);
  if (!source) return base::fail(notFound(from));
  const auto target = m_impl->find(to);
  if (target && target->isDirectory() && !target->entries.empty())
    return base::fail(
        Fault{FaultKind::AlreadyExists, to.string() + " is a directory that is not empty; remove it first"});
  const auto newParent = m_impl->parentOf(to);
  if (!newParent) return base::fail(newParent.error());
  const auto oldParent = m_impl->parentOf(from);
  if (!oldParent) return base::fail(oldParent.error());
  (*oldParent)->entries.erase(from.filename().string());
  (*newParent)->entries[to.filename().string()] = source;
  return {};
}

StorageStatus MemoryStorage::remove(const fs::path& path) {
  const auto node = m_impl->find(path);
  if (!node) return base::fail(notFound(path));
  if (node->isDirectory() && !node->entries.empty())
    return base::fail(Fault{FaultKind::AlreadyExists, path.string() + " is not empty; remove what is in it first"});
  return removeAll(path);
}

StorageStatus MemoryStorage::removeAll(const fs::path& path) {
  if (!m_impl->find(path)) return {};
  const auto parent = m_impl->parentOf(path);
  if (!parent) return base::fail(parent.error());
  (*parent)->entries.erase(path.filename().string());
  return {};
}

StorageStatus MemoryStorage::syncDirectory(const fs::path& directory) {
  const auto node = m_impl->find(directory);
  if (!node) return base::fail(notFound(directory));
  node->durableEntries = node->entries;
  return {};
}

/// One storage is one machine, and nobody else can see its disk.
StorageStatus MemoryStorage::lock(const fs::path& path) {
  const auto file = open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  return {};
}

}  // namespace streamscope::storage
