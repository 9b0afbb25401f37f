#include "memory_node.h"

#include <algorithm>
#include <array>
#include <utility>

namespace streamscope::storage {
namespace {

std::ptrdiff_t at(uint64_t position) {
  return static_cast<std::ptrdiff_t>(position);
}

}  // namespace

// Files.

void MemoryFileContent::change(uint64_t position, uint64_t end) {
  const uint64_t size = m_bytes.size();
  end = std::min(end, size);
  const bool grows = position >= end;
  const bool followsGrowth = !m_changes.empty() && m_changes.back().overwritten.empty();
  if (grows && followsGrowth) return;
  Change change{size, position, {}};
  if (!grows) change.overwritten.assign(m_bytes.begin() + at(position), m_bytes.begin() + at(end));
  m_changes.push_back(std::move(change));
}

void MemoryFileContent::append(base::ByteView bytes) {
  if (bytes.empty()) return;
  change(m_bytes.size(), m_bytes.size());
  m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

void MemoryFileContent::writeAt(uint64_t position, base::ByteView bytes) {
  if (bytes.empty()) return;
  const uint64_t end = position + bytes.size();
  change(position, end);
  if (end > m_bytes.size()) m_bytes.resize(end);
  std::copy(bytes.begin(), bytes.end(), m_bytes.begin() + at(position));
}

void MemoryFileContent::truncate(uint64_t size) {
  if (size == m_bytes.size()) return;
  change(size, m_bytes.size());
  m_bytes.resize(size);
}

void MemoryFileContent::undoLast() {
  const Change& last = m_changes.back();
  m_bytes.resize(last.sizeBefore);
  std::copy(last.overwritten.begin(), last.overwritten.end(), m_bytes.begin() + at(last.position));
  m_changes.pop_back();
}

void MemoryFileContent::loseChanges(uint64_t keepEnd) {
  const base::Bytes before = keepEnd > 0 ? m_bytes : base::Bytes{};
  while (!m_changes.empty()) undoLast();
  keepEnd = std::min<uint64_t>(keepEnd, before.size());
  if (keepEnd > m_bytes.size())
    m_bytes.insert(m_bytes.end(), before.begin() + at(m_bytes.size()), before.begin() + at(keepEnd));
}

void MemoryFileContent::loseSomeChanges(base::Random& random) {
  if (m_changes.empty()) return;
  switch (random.below(4)) {
    case 0:
      return loseChanges(0);
    case 1:
      return sync();
    case 2:
      return keepPrefix(random);
    default:
      return keepPages(random);
  }
}

/// Everything up to some change, which is cut short if it made the file longer.
void MemoryFileContent::keepPrefix(base::Random& random) {
  const size_t kept = random.below(m_changes.size() + 1);
  while (m_changes.size() > kept) undoLast();
  if (kept > 0 && m_changes.back().overwritten.empty())
    m_bytes.resize(m_changes.back().sizeBefore + random.below(m_bytes.size() - m_changes.back().sizeBefore + 1));
  sync();
}

/// The size after some change, and each page as it was after some other one.
void MemoryFileContent::keepPages(base::Random& random) {
  constexpr std::array<uint64_t, 4> kPageBytes = {16, 64, 512, 4096};
  const uint64_t pageBytes = kPageBytes[random.below(kPageBytes.size())];
  uint64_t largest = m_bytes.size();
  for (const Change& change : m_changes) largest = std::max(largest, change.sizeBefore);
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

// Names.

void NameChanges::makeDurable(const std::vector<Assignment>& change) {
  for (const Assignment& assignment : change) {
    if (assignment.node)
      assignment.directory->durableEntries[assignment.name] = assignment.node;
    else
      assignment.directory->durableEntries.erase(assignment.name);
  }
}

void NameChanges::add(std::vector<Assignment> change) {
  for (const Assignment& assignment : change) {
    if (assignment.node)
      assignment.directory->entries[assignment.name] = assignment.node;
    else
      assignment.directory->entries.erase(assignment.name);
  }
  m_changes.push_back(std::move(change));
  if (m_changes.size() <= kChangesMax) return;
  makeDurable(m_changes.front());
  m_changes.erase(m_changes.begin());
}

void NameChanges::sync(const MemoryNode& directory) {
  std::erase_if(m_changes, [&](const std::vector<Assignment>& change) {
    const bool touches = std::any_of(change.begin(), change.end(), [&](const Assignment& assignment) {
      return assignment.directory.get() == &directory;
    });
    if (touches) makeDurable(change);
    return touches;
  });
}

void NameChanges::loseSome(base::Random& random) {
  const uint64_t mode = random.below(4);
  // A journal keeps the order of changes; others write each directory block when they like.
  const size_t kept = mode == 1 ? m_changes.size() : random.below(m_changes.size() + 1);
  for (size_t i = 0; i < m_changes.size(); ++i) {
    const bool isKept = mode == 3 ? random.chance(1, 2) : mode != 0 && i < kept;
    if (isKept) makeDurable(m_changes[i]);
  }
  m_changes.clear();
}

}  // namespace streamscope::storage
