#include "consumer_group_spec.h"

#include <algorithm>

#include "base/java_hash_order.h"

namespace streamscope::coordinator {

bool ConsumerGroupSpec::isHomogeneous() const {
  return std::ranges::all_of(members, [this](const auto& member) {
    return member.second.subscribedTopics == members.begin()->second.subscribedTopics;
  });
}

std::vector<std::string> ConsumerGroupSpec::memberIds() const {
  base::JavaHashOrder<std::string> order;
  for (const auto& [memberId, member] : members) order.insert(memberId);
  return order.keys();
}

}  // namespace streamscope::coordinator
