#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace streamscope::lab {

/// What a topic name must be, when this one is not (Kafka: Topic.validate): 1 to 249 of [a-zA-Z0-9._-], not "." or
/// "..".
std::optional<std::string> topicNameTrouble(std::string_view name);

}  // namespace streamscope::lab
