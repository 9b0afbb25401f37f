#pragma once

#include <string>
#include <vector>

#include "lab/snapshot.h"

namespace streamscope::ui {

/// A real client opens one connection for each broker it talks to; people see one client. Connections with the same
/// client.id, software and direction make one group.
struct ExternalGroup {
  std::string key;
  std::string clientId, software;
  bool fetches = false;
  /// Indexes into Snapshot::externalClients.
  std::vector<size_t> connections;
  int64_t requests = 0, bytesIn = 0, bytesOut = 0;
  std::string lastApi;
};

/// Sorted by key. A connection that neither produced nor fetched yet joins its client's producing or else fetching
/// group.
std::vector<ExternalGroup> externalGroups(const lab::Snapshot& snapshot);

}  // namespace streamscope::ui
