#include "file_changes.h"

#include <algorithm>
#include <array>

namespace streamscope::storage {
namespace {

std::ptrdiff_t at(uint64_t position) {
  return static_cast<std::ptrdiff_t>(position);
}

}  // namespace

void ChangedBytes::undoLast() {
  const FileChange& last = m_changes.back();
  m_bytes.resize(last.sizeBefore);
  std::copy(last.overwritten.begin(), last.overwritten.end(), m_bytes.begin() + at(last.position));
  m_changes.pop_back();
}

void ChangedBytes::loseAll(uint64_t keepEnd) {
  const base::Bytes before = keepEnd > 0 ? m_bytes : base::Bytes{};
  while (!m_changes.empty()) undoLast();
  keepEnd = std::min<uint64_t>(keepEnd, before.size());
  if (keepEnd > m_bytes.size())
    m_bytes.insert(m_bytes.end(), before.begin() + at(m_bytes.size()), before.begin() + at(keepEnd));
}

void ChangedBytes::loseSome(base::Random& random) {
  if (m_changes.empty()) return;
  switch (random.below(4)) {
    case 0:
      return loseAll(0);
    case 1:
      return m_changes.clear();
    case 2:
      return keepPrefix(random);
    default:
      return keepPages(random);
  }
}

/// Everything up to some change, which is cut short if it made the file longer.
void ChangedBytes::keepPrefix(base::Random& random) {
  const size_t kept = random.below(m_changes.size() + 1);
  while (m_changes.size() > kept) undoLast();
  if (kept > 0 && m_changes.back().overwritten.empty())
    m_bytes.resize(m_changes.back().sizeBefore + random.below(m_bytes.size() - m_changes.back().sizeBefore + 1));
  m_changes.clear();
}

/// The size after some change, and each page as it was after some other one.
void ChangedBytes::keepPages(base::Random& random) {
  constexpr std::array<uint64_t, 4> kPageBytes = {16, 64, 512, 4096};
  const uint64_t pageBytes = kPageBytes[random.below(kPageBytes.size())];
  uint64_t largest = m_bytes.size();
  for (const FileChange& change : m_changes) largest = std::max(largest, change.sizeBefore);
  std::vector<size_t> versions(largest / pageBytes + 1);
  for (size_t& version : versions) version = random.below(m_changes.size() + 1);
  const size_t sizeVersion = random.below(m_changes.size() + 1);

  base::Bytes result(largest);
  uint64_t size = 0;
  while (true) {
    const size_t version = m_changes.size();
    for (size_t page = 0; page < versions.size(); ++page) {
      const uint64_t begin = page * pageBytes;
      if (versions[page] != version || begin >= m_bytes.size()) continue;
      const uint64_t end = std::min<uint64_t>(begin + pageBytes, m_bytes.size());
      std::copy(m_bytes.begin() + at(begin), m_bytes.begin() + at(end), result.begin() + at(begin));
    }
    if (version == sizeVersion) {
      size = m_bytes.size();
      const bool grew = version > 0 && m_changes.back().overwritten.empty();
      if (grew && random.chance(1, 2))
        size = m_changes.back().sizeBefore + random.below(size - m_changes.back().sizeBefore + 1);
    }
    if (version == 0) break;
    undoLast();
  }
  result.resize(size);
  m_bytes = std::move(result);
}

}  // namespace streamscope::storage
