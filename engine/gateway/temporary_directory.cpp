#include "temporary_directory.h"

#include <random>
#include <utility>

namespace streamscope::gateway {

base::Result<TemporaryDirectory> TemporaryDirectory::create() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error)
    return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR,
                      "There is no temporary directory (" + error.message() + "); name a data directory.");
  std::random_device device;
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    const std::filesystem::path path = parent / ("streamscope-" + std::to_string(device()));
    if (std::filesystem::create_directory(path, error)) {
      std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
      TemporaryDirectory directory;
      directory.m_path = path;
      return directory;
    }
  }
  return base::fail(base::ErrorCode::KAFKA_STORAGE_ERROR, "No directory could be made in " + parent.string() +
                                                              (error ? " (" + error.message() + ")" : "") +
                                                              "; name a data directory.");
}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  if (this != &other) {
    remove();
    m_path = std::exchange(other.m_path, {});
  }
  return *this;
}

void TemporaryDirectory::remove() {
  if (m_path.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
  m_path.clear();
}

}  // namespace streamscope::gateway
