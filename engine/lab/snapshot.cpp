#include "lab/snapshot.h"

namespace streamscope::lab {

std::string Snapshot::bootstrapServers() const {
  std::string servers;
  for (const BrokerState& broker : brokers) {
    if (broker.port == 0) continue;
    servers += (servers.empty() ? "" : ",") + std::string("localhost:") + std::to_string(broker.port);
  }
  return servers;
}

}  // namespace streamscope::lab
