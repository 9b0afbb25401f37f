#include "no_storage.h"

#include "base/assert.h"

namespace streamscope::world {
namespace {

[[noreturn]] void touched(const std::filesystem::path& path) {
  base::assertionFailed("the node has a storage", __FILE__, __LINE__, path.string());
}

}  // namespace

storage::StorageResult<std::unique_ptr<storage::File>> NoStorage::open(const std::filesystem::path& path,
                                                                       storage::OpenMode) {
  touched(path);
}
bool NoStorage::exists(const std::filesystem::path& path) const {
  touched(path);
}
storage::StorageResult<std::vector<storage::DirectoryEntry>> NoStorage::list(
    const std::filesystem::path& directory) const {
  touched(directory);
}
storage::StorageStatus NoStorage::createDirectories(const std::filesystem::path& directory) {
  touched(directory);
}
storage::StorageStatus NoStorage::rename(const std::filesystem::path& from, const std::filesystem::path&) {
  touched(from);
}
storage::StorageStatus NoStorage::remove(const std::filesystem::path& path) {
  touched(path);
}
storage::StorageStatus NoStorage::removeAll(const std::filesystem::path& path) {
  touched(path);
}
storage::StorageStatus NoStorage::syncDirectory(const std::filesystem::path& directory) {
  touched(directory);
}
storage::StorageStatus NoStorage::lock(const std::filesystem::path& path) {
  touched(path);
}

}  // namespace streamscope::world
