#pragma once

#include <map>
#include <optional>

#include "owned_partitions.h"

namespace streamscope::client {

/// What a sticky algorithm came to.
struct StickyAssignment {
  /// By member.
  std::vector<std::vector<NumberedGroup::Partition>> byMember;
  /// Partitions that go from one living member to another, with their new owner; none where the algorithm does not
  /// tell.
  std::optional<std::map<NumberedGroup::Partition, NumberedGroup::Member>> transferred;
};

/// Members keep as much as is fair and the rest is dealt in the order of partitions; picks one of the two algorithms
/// below (Kafka: AbstractStickyAssignor).
StickyAssignment assignSticky(const NumberedGroup& group, const MemberDataOf& memberDataOf);

/// The same by names, sorted.
GroupAssignment namedAssignment(const NumberedGroup& group, const StickyAssignment& assignment);

}  // namespace streamscope::client
