#include "member_balancer.h"

#include <algorithm>
#include <utility>

namespace streamscope::coordinator {

int32_t MemberBalancer::begin(const std::vector<size_t>& members) {
  m_sorted = members;
  std::ranges::sort(m_sorted, {}, [this](size_t member) { return std::pair(m_loads[member], member); });
  const auto count = static_cast<ptrdiff_t>(m_sorted.size());
  m_least = {0, 0, loadAt(0) - 1, 0};
  m_most = {count, count, loadAt(count - 1) + 1, count - 1};
  return loadAt(count - 1) - loadAt(0);
}

size_t MemberBalancer::nextLeastLoaded() {
  if (m_least.next >= m_least.end) {
    // Everybody in the range has been given one: it is one level higher now and may reach others.
    ++m_least.load;
    while (m_least.end < static_cast<ptrdiff_t>(m_sorted.size()) && loadAt(m_least.end) == m_least.load) ++m_least.end;
    m_least.next = 0;
  }
  return m_sorted[static_cast<size_t>(m_least.next++)];
}

std::optional<size_t> MemberBalancer::nextMostLoaded() {
  if (m_most.next < m_most.begin) {
    const bool isEmpty = m_most.end <= m_most.begin && m_most.begin > 0;
    m_most.load = isEmpty ? loadAt(m_most.begin - 1) : m_most.load - 1;
    while (m_most.begin > 0 && loadAt(m_most.begin - 1) == m_most.load) --m_most.begin;
    m_most.next = m_most.end - 1;
  }
  if (m_most.next < 0) return std::nullopt;
  return m_sorted[static_cast<size_t>(m_most.next--)];
}

void MemberBalancer::excludeMostLoaded() {
  std::swap(m_sorted[static_cast<size_t>(m_most.next + 1)], m_sorted[static_cast<size_t>(m_most.end - 1)]);
  --m_most.end;
}

}  // namespace streamscope::coordinator
