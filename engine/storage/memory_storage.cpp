#include "storage/memory_storage.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/assert.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

/// A name's file or directory. Exactly one of `bytes` and the entries is in use.
struct Node {
  /// Null for a directory. Shared with the handles of the file.
  std::shared_ptr<base::Bytes> bytes;
  std::map<std::string, std::shared_ptr<Node>> entries;

  bool isDirectory() const { return bytes == nullptr; }
};

std::ptrdiff_t at(uint64_t position) {
  return static_cast<std::ptrdiff_t>(position);
}

class MemoryFile final : public File {
 public:
  MemoryFile(std::shared_ptr<base::Bytes> bytes, fs::path path, bool writable)
      : m_bytes(std::move(bytes)), m_path(std::move(path)), m_writable(writable) {}

  uint64_t size() const override { return m_bytes->size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = checkWritable(); !status) return status;
    for (const base::ByteView part : parts) m_bytes->insert(m_bytes->end(), part.begin(), part.end());
    return {};
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (position >= m_bytes->size()) return size_t{0};
    const size_t count = std::min(into.size(), m_bytes->size() - static_cast<size_t>(position));
    std::copy_n(m_bytes->begin() + at(position), count, into.begin());
    return count;
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = checkWritable(); !status) return status;
    if (bytes.empty()) return {};
    if (position + bytes.size() > m_bytes->size()) m_bytes->resize(position + bytes.size());
    std::copy(bytes.begin(), bytes.end(), m_bytes->begin() + at(position));
    return {};
  }

  StorageStatus truncate(uint64_t size) override {
    if (auto status = checkWritable(); !status) return status;
    m_bytes->resize(size);
    return {};
  }

  StorageStatus sync() override { return {}; }

 private:
  StorageStatus checkWritable() const {
    if (m_writable) return {};
    return base::fail(
        Fault{FaultKind::PermissionDenied, m_path.string() + " is open for reading only; open it for writing"});
  }

  std::shared_ptr<base::Bytes> m_bytes;
  fs::path m_path;
  bool m_writable;
};

Fault notFound(const fs::path& path) {
  return {FaultKind::NotFound, path.string() + " does not exist; check the path"};
}
Fault wrongKind(const fs::path& path, const char* is) {
  return {FaultKind::InputOutput, path.string() + " is " + is + "; check the path"};
}

uint64_t bytesIn(const Node& node) {
  if (!node.isDirectory()) return node.bytes->size();
  uint64_t total = 0;
  for (const auto& [name, child] : node.entries) total += bytesIn(*child);
  return total;
}

std::shared_ptr<Node> copyTree(const Node& node) {
  auto copy = std::make_shared<Node>();
  if (node.bytes) copy->bytes = std::make_shared<base::Bytes>(*node.bytes);
  for (const auto& [name, child] : node.entries) copy->entries[name] = copyTree(*child);
  return copy;
}

}  // namespace

struct MemoryStorage::Impl {
  std::shared_ptr<Node> root = std::make_shared<Node>();

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

std::unique_ptr<MemoryStorage> MemoryStorage::copy() const {
  auto result = std::make_unique<MemoryStorage>();
  result->m_impl->root = copyTree(*m_impl->root);
  return result;
}

uint64_t MemoryStorage::bytesStored() const {
  return bytesIn(*m_impl->root);
}

void MemoryStorage::flipByte(const fs::path& path, uint64_t position, uint8_t mask) {
  const auto node = m_impl->find(path);
  STREAMSCOPE_ASSERT(node && !node->isDirectory() && position < node->bytes->size(), path.string());
  (*node->bytes)[position] ^= mask;
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
    node->bytes = std::make_shared<base::Bytes>();
    (*parent)->entries[path.filename().string()] = node;
  }
  return std::make_unique<MemoryFile>(node->bytes, path, mode != OpenMode::ReadOnly);
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
    entries.push_back({name, child->isDirectory(), child->isDirectory() ? 0 : child->bytes->size()});
  return entries;
}

StorageStatus MemoryStorage::createDirectories(const fs::path& directory) {
  std::shared_ptr<Node> node = m_impl->root;
  for (const fs::path& part : directory.lexically_normal()) {
    if (part.empty() || part == ".") continue;
    std::shared_ptr<Node>& child = node->entries[part.string()];
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
  if (source == target) return {};
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
  return {};
}

/// One storage is one machine, and nobody else can see its disk.
StorageStatus MemoryStorage::lock(const fs::path& path) {
  const auto file = open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  return {};
}

}  // namespace streamscope::storage
