#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/virtual_time.h"
#include "world/link_conditions.h"
#include "world/network.h"
#include "world/scheduler.h"

namespace streamscope::world {

/// A request whose end its sender has not seen yet.
struct PendingRequest {
  int32_t correlationId = 0;
  /// The connection it was sent on, see Link.
  uint32_t connection = 0;
  protocol::ApiKey api{};
  /// False: forgotten once it arrives.
  bool expectsResponse = true;
  EventId sentEvent = 0;
  Scheduler::EventHandle timeout = 0;
  ResponseHandler onResponse;
};

/// One direction between two nodes: its weather (cut or not, how it carries) and, in the role of a requester's
/// connection, what is asked and not answered.
///
/// Connections are numbered. The receiver ends connection n by moving on to n + 1 and sends a reset back; whatever the
/// requester still sends on n until the reset reaches it is refused. So a broker that was killed and restarted between
/// two messages never sees the second one.
struct Link {
  Link(base::Random latencies, const LinkConditions& normal) : conditions(normal), random(latencies) {}

  bool isCut = false;
  LinkConditions conditions;
  /// Nothing overtakes: the next message arrives at this time or later. One for the sender's own connection and one for
  /// the answers it gives on the other node's.
  std::array<base::VirtualTime, 2> lastArrivals{};
  /// Where the bandwidth is limited: what was sent so far is on its way by then.
  base::VirtualTime busyUntil{};
  base::Random random;

  int32_t nextCorrelationId = 0;
  uint32_t senderConnection = 0;
  uint32_t receiverConnection = 0;
  /// In the order of their correlation ids.
  std::vector<PendingRequest> pending;
};

}  // namespace streamscope::world
