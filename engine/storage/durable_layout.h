#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "name_changes.h"
#include "storage/storage.h"

namespace streamscope::storage {

/// Gives the files of a storage the names that are durable: moves and removes some, brings others back. A file that is
/// durable under two names (a rename of which half was written) becomes two. Used once.
class DurableLayout {
 public:
  using Visit = std::function<StorageStatus(const std::filesystem::path& path, DiskNode& file)>;

  /// `onFile` sees each file that was looked up once, in the order of the names, when it has its name.
  DurableLayout(Storage& storage, Visit onFile) : m_storage(storage), m_onFile(std::move(onFile)) {}

  StorageStatus restore(DiskNode& root);

 private:
  enum class Whereabouts { Gone, InPlace, SetAside, Placed };
  /// Where a node belongs (the first of its names), and where it is now.
  struct Place {
    const DiskNode* directory = nullptr;
    std::string name;
    Whereabouts whereabouts = Whereabouts::Gone;
    std::filesystem::path path;

    bool is(const DiskNode& inDirectory, const std::string& ofName) const {
      return directory == &inDirectory && name == ofName;
    }
  };

  void findPlaces(const DiskNode& directory);
  StorageStatus clear(const DiskNode& directory, const std::filesystem::path& path);
  StorageStatus fill(const DiskNode& directory, const std::filesystem::path& path);
  StorageStatus put(Place& place, const DiskNode& node, const std::filesystem::path& path);
  StorageStatus copyFile(const std::filesystem::path& from, const std::filesystem::path& to);

  Storage& m_storage;
  Visit m_onFile;
  /// By address only to find a node again.
  std::map<const DiskNode*, Place> m_places;
  int m_setAside = 0;
};

}  // namespace streamscope::storage
