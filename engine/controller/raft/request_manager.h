#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/virtual_time.h"

namespace streamscope::controller {

/// One request at a time to each other voter, and a pause after one that failed. Kafka: RequestManager.
class RequestManager {
 public:
  /// `retryBackoff`: controller.quorum.retry.backoff.ms.
  RequestManager(const std::vector<int32_t>& others, base::Duration retryBackoff);

  bool isReady(int32_t destination, base::VirtualTime now) const;
  bool isBackingOff(int32_t destination, base::VirtualTime now) const;
  bool hasAnyInFlight() const;
  /// When the pause of a destination ends; the past when there is none.
  base::VirtualTime backoffEnd(int32_t destination) const;
  /// The first moment at which a destination without a request in flight may be asked.
  base::VirtualTime earliestBackoffEnd() const;
  /// Any that is ready, drawn.
  std::optional<int32_t> anyReady(base::VirtualTime now, base::Random& random) const;

  /// Returns the number of the request.
  uint64_t onSent(int32_t destination);
  /// Whether anybody still waits for that request.
  bool isInFlight(int32_t destination, uint64_t request) const;
  /// Nothing happens when nobody waits for it any more.
  void onAnswered(int32_t destination, uint64_t request, bool isSuccess, base::VirtualTime now);
  /// Forgets all requests and pauses: role or leader have changed. Kafka: resetAll.
  void reset();

 private:
  struct Connection {
    /// 0: none in flight.
    uint64_t inFlight = 0;
    base::VirtualTime backoffEnd{};
  };

  std::map<int32_t, Connection> m_connections;
  base::Duration m_retryBackoff;
  uint64_t m_lastRequest = 0;
};

}  // namespace streamscope::controller
