#pragma once

#include <map>

#include "base/topic_partition.h"
#include "base/virtual_time.h"

namespace streamscope::client {

/// Which brokers a client may talk to now: requests in flight for each, and a growing pause after a connection broke
/// (Kafka: ClusterConnectionStates, reconnect.backoff.ms 50 to reconnect.backoff.max.ms 1000).
class ConnectionStates {
 public:
  bool isReady(base::BrokerId broker, base::VirtualTime now) const;
  /// End of the pause, or `now` when there is none.
  base::VirtualTime readyAt(base::BrokerId broker, base::VirtualTime now) const;
  int32_t inFlight(base::BrokerId broker) const;

  void onSent(base::BrokerId broker) { ++m_connections[broker].inFlight; }
  void onAnswered(base::BrokerId broker);
  void onBroken(base::BrokerId broker, base::VirtualTime now);

 private:
  struct Connection {
    int32_t inFlight = 0;
    int32_t failures = 0;
    base::VirtualTime readyAt{};
  };
  std::map<base::BrokerId, Connection> m_connections;
};

}  // namespace streamscope::client
