#pragma once

#include <cstdint>
#include <optional>

#include "base/error_code.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "protocol/api_key.h"
#include "protocol/message_facts.h"

namespace streamscope::world {

/// A node answers the next requests of an API with an error of Kafka's, without handling them, whoever asks. With a
/// partition only requests (of Fetch: responses, since a fetch session does not name what it knows) that name it count,
/// and only its part of the answer is the error; the rest is handled as ever.
struct InjectedError {
  protocol::ApiKey api{};
  base::ErrorCode error{};
  int32_t times = 1;
  std::optional<protocol::PartitionReference> partition = std::nullopt;
  /// Before the answer; of a whole request only.
  base::Duration delay{0};
};

}  // namespace streamscope::world
