#include "storage/memory_storage.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/assert.h"
#include "memory_node.h"

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

/// What all handles of one storage share.
struct Machine {
  uint64_t generation = 0;
  std::weak_ptr<MemoryFileContent> lastAppendFile;
  uint64_t lastAppendPosition = 0;
};

class MemoryFile final : public File {
 public:
  MemoryFile(std::shared_ptr<MemoryFileContent> node, std::shared_ptr<Machine> machine, fs::path path, bool writable)
      : m_node(std::move(node)),
        m_machine(std::move(machine)),
        m_path(std::move(path)),
        m_generation(m_machine->generation),
        m_writable(writable) {}

  uint64_t size() const override { return m_node->bytes().size(); }

  StorageStatus append(std::span<const base::ByteView> parts) override {
    if (auto status = checkWritable(); !status) return status;
    m_machine->lastAppendFile = m_node;
    m_machine->lastAppendPosition = m_node->bytes().size();
    for (const base::ByteView part : parts) m_node->append(part);
    return {};
  }

  StorageResult<size_t> readAt(uint64_t position, std::span<uint8_t> into) const override {
    if (auto status = checkAlive(); !status) return base::fail(status.error());
    if (position >= m_node->bytes().size()) return size_t{0};
    const size_t count = std::min(into.size(), m_node->bytes().size() - static_cast<size_t>(position));
    std::copy_n(m_node->bytes().begin() + static_cast<std::ptrdiff_t>(position), count, into.begin());
    return count;
  }

  StorageStatus writeAt(uint64_t position, base::ByteView bytes) override {
    if (auto status = checkWritable(); !status) return status;
    m_node->writeAt(position, bytes);
    return {};
  }

  StorageStatus truncate(uint64_t size) override {
    if (auto status = checkWritable(); !status) return status;
    m_node->truncate(size);
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

  std::shared_ptr<MemoryFileContent> m_node;
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

/// Every file that can be reached is once given to `lose`, in the order of the names.
template <class Lose>
void revertTree(MemoryNode& directory, Lose lose) {
  directory.entries = directory.durableEntries;
  for (auto& [name, node] : directory.entries) {
    if (node->isDirectory())
      revertTree(*node, lose);
    else
      lose(*node->file);
  }
}

uint64_t bytesIn(const MemoryNode& node) {
  if (!node.isDirectory()) return node.file->bytes().size();
  uint64_t total = 0;
  for (const auto& [name, child] : node.entries) total += bytesIn(*child);
  return total;
}

std::shared_ptr<MemoryNode> copyTree(const std::shared_ptr<MemoryNode>& node,
                                     std::map<const MemoryNode*, std::shared_ptr<MemoryNode>>& copies) {
  auto& copy = copies[node.get()];
  if (copy) return copy;
  copy = std::make_shared<MemoryNode>();
  const std::shared_ptr<MemoryNode> result = copy;
  if (node->file) result->file = std::make_shared<MemoryFileContent>(*node->file);
  for (const auto& [name, child] : node->entries) result->entries[name] = copyTree(child, copies);
  for (const auto& [name, child] : node->durableEntries) result->durableEntries[name] = copyTree(child, copies);
  return result;
}

}  // namespace

struct MemoryStorage::Impl {
  std::shared_ptr<MemoryNode> root = std::make_shared<MemoryNode>();
  std::shared_ptr<Machine> machine = std::make_shared<Machine>();
  NameChanges names;

  void powerOff();
  void removeTree(const std::shared_ptr<MemoryNode>& directory, const std::string& name);

  /// Null when there is nothing of that name.
  std::shared_ptr<MemoryNode> find(const fs::path& path) const {
    std::shared_ptr<MemoryNode> node = root;
    for (const fs::path& part : path.lexically_normal()) {
      if (part.empty() || part == ".") continue;
      const auto it = node->entries.find(part.string());
      if (it == node->entries.end()) return nullptr;
      node = it->second;
    }
    return node;
  }

  StorageResult<std::shared_ptr<MemoryNode>> parentOf(const fs::path& path) const {
    auto parent = find(path.parent_path());
    if (!parent) return base::fail(notFound(path.parent_path()));
    if (!parent->isDirectory()) return base::fail(wrongKind(path.parent_path(), "a file, not a directory"));
    return parent;
  }
};

MemoryStorage::MemoryStorage() : m_impl(std::make_unique<Impl>()) {}
MemoryStorage::~MemoryStorage() = default;

/// Files opened before refuse from now on.
void MemoryStorage::Impl::powerOff() {
  ++machine->generation;
  machine->lastAppendFile.reset();
}

void MemoryStorage::crash(const CrashOptions& options) {
  const auto torn = options.lastAppendBytesKept ? m_impl->machine->lastAppendFile.lock() : nullptr;
  const uint64_t keepEnd = m_impl->machine->lastAppendPosition + options.lastAppendBytesKept.value_or(0);
  m_impl->names.loseAll();
  revertTree(*m_impl->root, [&](MemoryFileContent& file) { file.loseChanges(&file == torn.get() ? keepEnd : 0); });
  m_impl->powerOff();
}

void MemoryStorage::crashLeavingSome(uint64_t seed) {
  base::Random random(seed);
  m_impl->names.loseSome(random);
  revertTree(*m_impl->root, [&](MemoryFileContent& file) { file.loseSomeChanges(random); });
  m_impl->powerOff();
}

std::unique_ptr<MemoryStorage> MemoryStorage::copy() const {
  auto result = std::make_unique<MemoryStorage>();
  result->m_impl = std::make_unique<Impl>();
  // By address only to find a node's copy again.
  std::map<const MemoryNode*, std::shared_ptr<MemoryNode>> copies;
  copyTree(m_impl->root, copies);
  for (const auto& change : m_impl->names.changes())
    for (const NameChanges::Assignment& assignment : change) {
      copyTree(assignment.directory, copies);
      if (assignment.node) copyTree(assignment.node, copies);
    }
  result->m_impl->root = copies.at(m_impl->root.get());
  for (const auto& change : m_impl->names.changes()) {
    std::vector<NameChanges::Assignment> copied;
    for (const NameChanges::Assignment& assignment : change)
      copied.push_back({copies.at(assignment.directory.get()), assignment.name,
                        assignment.node ? copies.at(assignment.node.get()) : nullptr});
    result->m_impl->names.addCopied(std::move(copied));
  }
  return result;
}

uint64_t MemoryStorage::bytesStored() const {
  return bytesIn(*m_impl->root);
}

void MemoryStorage::flipByte(const fs::path& path, uint64_t position, uint8_t mask) {
  const auto node = m_impl->find(path);
  STREAMSCOPE_ASSERT(node && !node->isDirectory() && position < node->file->bytes().size(), path.string());
  node->file->bytesForRot()[position] ^= mask;
}

StorageResult<std::unique_ptr<File>> MemoryStorage::open(const fs::path& path, OpenMode mode) {
  std::shared_ptr<MemoryNode> node = m_impl->find(path);
  if (node && node->isDirectory()) return base::fail(wrongKind(path, "a directory, not a file"));
  if (node && mode == OpenMode::CreateNew)
    return base::fail(
        Fault{FaultKind::AlreadyExists, path.string() + " exists already; remove it or choose another name"});
  if (!node) {
    if (mode == OpenMode::ReadOnly) return base::fail(notFound(path));
    const auto parent = m_impl->parentOf(path);
    if (!parent) return base::fail(parent.error());
    node = std::make_shared<MemoryNode>();
    node->file = std::make_shared<MemoryFileContent>();
    m_impl->names.add({{*parent, path.filename().string(), node}});
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
    entries.push_back({name, child->isDirectory(), child->isDirectory() ? 0 : child->file->bytes().size()});
  return entries;
}

StorageStatus MemoryStorage::createDirectories(const fs::path& directory) {
  std::shared_ptr<MemoryNode> node = m_impl->root;
  for (const fs::path& part : directory.lexically_normal()) {
    if (part.empty() || part == ".") continue;
    const auto found = node->entries.find(part.string());
    std::shared_ptr<MemoryNode> child = found == node->entries.end() ? nullptr : found->second;
    if (!child) {
      child = std::make_shared<MemoryNode>();
      m_impl->names.add({{node, part.string(), child}});
    }
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
  m_impl->names.add({{*oldParent, from.filename().string(), nullptr}, {*newParent, to.filename().string(), source}});
  return {};
}

StorageStatus MemoryStorage::remove(const fs::path& path) {
  const auto node = m_impl->find(path);
  if (!node) return base::fail(notFound(path));
  if (node->isDirectory() && !node->entries.empty())
    return base::fail(Fault{FaultKind::AlreadyExists, path.string() + " is not empty; remove what is in it first"});
  return removeAll(path);
}

/// One name after the other, as a system does it.
void MemoryStorage::Impl::removeTree(const std::shared_ptr<MemoryNode>& directory, const std::string& name) {
  const std::shared_ptr<MemoryNode> node = directory->entries.at(name);
  while (node->isDirectory() && !node->entries.empty()) removeTree(node, std::string(node->entries.begin()->first));
  names.add({{directory, name, nullptr}});
}

StorageStatus MemoryStorage::removeAll(const fs::path& path) {
  if (!m_impl->find(path)) return {};
  const auto parent = m_impl->parentOf(path);
  if (!parent) return base::fail(parent.error());
  m_impl->removeTree(*parent, path.filename().string());
  return {};
}

StorageStatus MemoryStorage::syncDirectory(const fs::path& directory) {
  const auto node = m_impl->find(directory);
  if (!node) return base::fail(notFound(directory));
  m_impl->names.sync(*node);
  return {};
}

/// One storage is one machine, and nobody else can see its disk.
StorageStatus MemoryStorage::lock(const fs::path& path) {
  const auto file = open(path, OpenMode::ReadWrite);
  if (!file) return base::fail(file.error());
  return {};
}

}  // namespace streamscope::storage
