#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace streamscope::controller {

/// 1 to 249 characters of [a-zA-Z0-9._-], not "." or "..": INVALID_TOPIC_EXCEPTION with Kafka's sentence otherwise.
/// Source: Kafka's Topic.validate.
base::Status validateTopicName(const std::string& name);

/// Whether two names would be one in the names of metrics, where '.' becomes '_'.
bool topicNamesCollide(std::string_view a, std::string_view b);

}  // namespace streamscope::controller
