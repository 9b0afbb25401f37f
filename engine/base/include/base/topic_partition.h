#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace streamscope::base {

using PartitionId = int32_t;
using BrokerId = int32_t;
using Offset = int64_t;
using LeaderEpoch = int32_t;

inline constexpr Offset kNoOffset = -1;
inline constexpr LeaderEpoch kNoEpoch = -1;
inline constexpr BrokerId kNoBroker = -1;

/// A partition by name, as Kafka prints it: "orders-1".
struct TopicPartition {
  std::string topic;
  PartitionId partition = 0;

  auto operator<=>(const TopicPartition&) const = default;

  std::string toString() const { return topic + "-" + std::to_string(partition); }
};

}  // namespace streamscope::base
