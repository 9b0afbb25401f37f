#pragma once

#include <cstdint>
#include <filesystem>

#include "base/assert.h"
#include "storage/storage.h"

namespace streamscope::test {

/// Ends a file at `size`, on stable storage.
inline void cutFile(storage::Storage& disk, const std::filesystem::path& file, uint64_t size) {
  const auto opened = disk.open(file, storage::OpenMode::ReadWrite);
  STREAMSCOPE_ASSERT(opened.has_value() && (*opened)->truncate(size).has_value() && (*opened)->sync().has_value());
}

inline uint64_t sizeOf(storage::Storage& disk, const std::filesystem::path& file) {
  return (*disk.open(file, storage::OpenMode::ReadOnly))->size();
}

}  // namespace streamscope::test
