#pragma once

#include <cstdint>

#include "base/virtual_time.h"

namespace streamscope::world {

/// How one direction between two nodes carries what is sent, beside being cut. Kafka speaks TCP, and this is what TCP
/// makes of a bad line:
///  - a lost packet is sent again after the retransmission timeout (200 ms, doubled each time; Linux's TCP_RTO_MIN),
///  and
///    nothing behind it on the same connection is delivered before it. So loss shows as delay, never as a missing
///    message. A message lost kRetransmissionsMax times in a row is given up like one on a cut link;
///  - what is sent faster than the bandwidth waits its turn; sizes are those of Kafka's encoded frames.
/// Duplication is beyond TCP: the same request is delivered twice on one connection. It stands for what a proxy or a
/// client library that sends again by itself may do, and attacks whoever counts on requests that come once.
struct LinkConditions {
  /// One way.
  base::Duration latency{0};
  /// Drawn for each message from [0, jitter] and added.
  base::Duration jitter{0};
  int32_t lossPerMille = 0;
  int32_t duplicatePerMille = 0;
  /// 0: as much as comes.
  int64_t bytesPerSecond = 0;

  bool operator==(const LinkConditions&) const = default;
};

inline constexpr base::Duration kRetransmissionTimeoutMin = std::chrono::milliseconds(200);
/// Linux's tcp_retries2: after that the connection counts as dead, a quarter of an hour later.
inline constexpr int32_t kRetransmissionsMax = 15;
/// Linux's TCP_RTO_MAX.
inline constexpr base::Duration kRetransmissionTimeoutMax = std::chrono::seconds(120);

}  // namespace streamscope::world
