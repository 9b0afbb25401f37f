#include "durable_layout.h"

#include <algorithm>
#include <utility>

namespace streamscope::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAside = ".power-loss";
constexpr size_t kCopyBytes = 1024 * 1024;

}  // namespace

StorageStatus DurableLayout::restore(DiskNode& root) {
  findPlaces(root);
  if (auto status = clear(root, {}); !status) return status;
  if (auto status = fill(root, {}); !status) return status;
  return m_setAside > 0 ? m_storage.removeAll(kAside) : StorageStatus();
}

void DurableLayout::findPlaces(const DiskNode& directory) {
  for (const auto& [name, node] : directory.durableEntries) {
    const bool isFirst = m_places.try_emplace(node.get(), Place{&directory, name, Whereabouts::Gone, {}}).second;
    if (isFirst && node->isDirectory) findPlaces(*node);
  }
}

/// From the leaves: what is not where it belongs is set aside or removed.
StorageStatus DurableLayout::clear(const DiskNode& directory, const fs::path& path) {
  for (const auto& [name, node] : directory.entries) {
    const fs::path child = path / name;
    if (node->isDirectory)
      if (auto status = clear(*node, child); !status) return status;
    const auto place = m_places.find(node.get());
    if (place == m_places.end()) {
      if (auto status = m_storage.removeAll(child); !status) return status;
    } else if (place->second.is(directory, name)) {
      place->second.whereabouts = Whereabouts::InPlace;
    } else {
      if (m_setAside == 0)
        if (auto status = m_storage.createDirectories(kAside); !status) return status;
      place->second.whereabouts = Whereabouts::SetAside;
      place->second.path = fs::path(kAside) / std::to_string(m_setAside++);
      if (auto status = m_storage.rename(child, place->second.path); !status) return status;
    }
  }
  return {};
}

/// From the root: everything comes to its durable name.
StorageStatus DurableLayout::fill(const DiskNode& directory, const fs::path& path) {
  for (const auto& [name, node] : directory.durableEntries) {
    const fs::path child = path / name;
    Place& place = m_places.at(node.get());
    if (!place.is(directory, name)) {
      // A directory has one name; of a file the second name gets a copy.
      if (!node->isDirectory && place.whereabouts == Whereabouts::Placed)
        if (auto status = copyFile(place.path, child); !status) return status;
      continue;
    }
    if (auto status = put(place, *node, child); !status) return status;
    if (auto status = node->isDirectory ? fill(*node, child) : m_onFile(child, *node); !status) return status;
  }
  return {};
}

StorageStatus DurableLayout::put(Place& place, const DiskNode& node, const fs::path& path) {
  const Whereabouts was = std::exchange(place.whereabouts, Whereabouts::Placed);
  const fs::path aside = std::exchange(place.path, path);
  if (was == Whereabouts::InPlace) return {};
  if (was == Whereabouts::SetAside) return m_storage.rename(aside, path);
  if (node.isDirectory) return m_storage.createDirectories(path);
  const auto file = m_storage.open(path, OpenMode::CreateNew);
  if (!file) return base::fail(file.error());
  return node.removedBytes ? (*file)->append(*node.removedBytes) : StorageStatus();
}

StorageStatus DurableLayout::copyFile(const fs::path& from, const fs::path& to) {
  const auto source = m_storage.open(from, OpenMode::ReadOnly);
  if (!source) return base::fail(source.error());
  const auto target = m_storage.open(to, OpenMode::CreateNew);
  if (!target) return base::fail(target.error());
  base::Bytes bytes(kCopyBytes);
  for (uint64_t position = 0;; position += bytes.size()) {
    const auto count = (*source)->readAt(position, bytes);
    if (!count) return base::fail(count.error());
    if (auto status = (*target)->append(base::ByteView(bytes).first(*count)); !status) return status;
    if (*count < bytes.size()) return {};
  }
}

}  // namespace streamscope::storage
