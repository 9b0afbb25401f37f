#pragma once

#include <filesystem>

#include "base/result.h"

namespace streamscope::gateway {

/// A fresh directory below the system's temporary directory that goes, with all in it, when its owner does.
class TemporaryDirectory {
 public:
  static base::Result<TemporaryDirectory> create();
  TemporaryDirectory() = default;
  ~TemporaryDirectory() { remove(); }
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : m_path(std::move(other.m_path)) { other.m_path.clear(); }
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;

  /// Empty for one that was never created.
  const std::filesystem::path& path() const { return m_path; }

 private:
  void remove();

  std::filesystem::path m_path;
};

}  // namespace streamscope::gateway
