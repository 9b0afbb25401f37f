#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace streamscope::coordinator {

/// Gives the members with the fewest and with the most partitions, in turn, while partitions go from these to those
/// (Kafka: UniformHeterogeneousAssignmentBuilder.MemberAssignmentBalancer). Both kinds are a range of the members
/// sorted by load, which begins with equal loads and grows toward the other.
class MemberBalancer {
 public:
  /// `loads` by member; kept up to date by the caller.
  explicit MemberBalancer(const std::vector<int32_t>& loads) : m_loads(loads) {}

  /// Begins anew with these members, at least one, and returns the greatest difference between their loads.
  int32_t begin(const std::vector<size_t>& members);
  /// Whom to give a partition; counts as done.
  size_t nextLeastLoaded();
  /// Whom to take a partition from; counts as done. None when nobody has any to give.
  std::optional<size_t> nextMostLoaded();
  /// The last member given by nextMostLoaded has none to give.
  void excludeMostLoaded();
  /// The two ranges differ by one or less.
  bool isBalanced() const { return m_most.load - m_least.load <= 1; }

 private:
  struct Range {
    ptrdiff_t begin = 0, end = 0;
    /// Of each member when the range was reached.
    int32_t load = 0;
    ptrdiff_t next = 0;
  };
  int32_t loadAt(ptrdiff_t place) const { return m_loads[m_sorted[static_cast<size_t>(place)]]; }

  const std::vector<int32_t>& m_loads;
  std::vector<size_t> m_sorted;
  Range m_least;
  Range m_most;
};

}  // namespace streamscope::coordinator
