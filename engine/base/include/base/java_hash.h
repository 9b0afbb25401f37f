#pragma once

#include <cstdint>
#include <string_view>

#include "base/topic_partition.h"
#include "base/uuid.h"

namespace streamscope::base {

// Java's hashCode, where Kafka lets it decide something: the coordinator of a group, the order of a HashMap.

/// Of a String: over UTF-16 units, h = 31 h + unit, wrapping. `text` is UTF-8; a byte that is none counts as U+FFFD, as
/// Java decodes it.
int32_t javaHashCode(std::string_view text);
/// Of Kafka's TopicPartition and Uuid.
int32_t javaHashCode(const TopicPartition& partition);
int32_t javaHashCode(const Uuid& id);
/// Of an Integer.
inline int32_t javaHashCode(int32_t number) {
  return number;
}

}  // namespace streamscope::base
