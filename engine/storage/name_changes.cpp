#include "name_changes.h"

#include <algorithm>
#include <utility>

namespace streamscope::storage {

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

void NameChanges::sync(const DiskNode& directory) {
  std::erase_if(m_changes, [&](const std::vector<Assignment>& change) {
    const bool touches = std::any_of(change.begin(), change.end(), [&](const Assignment& assignment) {
      return assignment.directory.get() == &directory;
    });
    if (touches) makeDurable(change);
    return touches;
  });
}

void NameChanges::syncAll() {
  for (const auto& change : m_changes) makeDurable(change);
  m_changes.clear();
}

size_t NameChanges::loseAll() {
  return std::exchange(m_changes, {}).size();
}

size_t NameChanges::loseSome(base::Random& random) {
  const uint64_t mode = random.below(4);
  // A journal keeps the order of changes; others write each directory block when they like.
  const size_t kept = mode == 1 ? m_changes.size() : random.below(m_changes.size() + 1);
  size_t lost = 0;
  for (size_t i = 0; i < m_changes.size(); ++i) {
    const bool isKept = mode == 3 ? random.chance(1, 2) : mode != 0 && i < kept;
    if (isKept)
      makeDurable(m_changes[i]);
    else
      ++lost;
  }
  m_changes.clear();
  return lost;
}

}  // namespace streamscope::storage
