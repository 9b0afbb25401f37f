#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "base/topic_partition.h"
#include "invariant.h"
#include "world/address.h"

namespace streamscope::lab {

/// No two members of a group are given one partition in one generation.
class OneOwnerPerGeneration final : public Invariant {
 public:
  std::string_view promise() const override { return "A partition has one owner in each generation of a group."; }

 private:
  void onEvent(const world::TraceEvent& event) override;

  /// The member id by group, generation and partition.
  std::map<std::tuple<std::string, int32_t, base::TopicPartition>, std::string> m_owners;
};

}  // namespace streamscope::lab
