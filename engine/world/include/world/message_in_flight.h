#pragma once

#include "base/topic_partition.h"
#include "base/virtual_time.h"
#include "protocol/api_key.h"
#include "world/address.h"
#include "world/trace.h"

namespace streamscope::world {

/// A message between two nodes that has left and not arrived; for drawing. Messages of real clients travel outside the
/// world and are never among them.
struct MessageInFlight {
  /// Its RequestSent or ResponseSent.
  EventId sentEvent = 0;
  Address from, to;
  protocol::ApiKey api{};
  bool isResponse = false;
  base::VirtualTime sent{}, due{};
  uint32_t recordBytes = 0;
  /// Of a request that is about exactly one, else empty.
  base::TopicPartition partition;
};

/// World::messagesInFlight gives at most so many, the ones sent first.
inline constexpr size_t kMessagesInFlightMax = 2'000;

}  // namespace streamscope::world
