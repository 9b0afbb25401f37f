#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/topic_partition.h"
#include "json_object.h"
#include "world/address.h"

namespace streamscope::lab {

// Members that stand in several commands.

inline constexpr int32_t kBrokerIdMax = 999;
inline constexpr int32_t kPartitionsMax = 1000;
inline constexpr int32_t kLogDirectoriesMax = 8;

/// "orders-1".
std::optional<base::TopicPartition> parseTopicPartition(std::string_view text);
/// "broker 1", "controller 100".
std::optional<world::Address> parseNode(std::string_view text);

void readTopicName(JsonObject& object, std::string& topic);
void readNode(JsonObject& object, const char* name, world::Address& into);
void readBroker(JsonObject& object, base::BrokerId& broker);

}  // namespace streamscope::lab
