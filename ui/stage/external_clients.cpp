#include "stage/external_clients.h"

#include <algorithm>
#include <map>

namespace streamscope::ui {

std::vector<ExternalGroup> externalGroups(const lab::Snapshot& snapshot) {
  std::map<std::string, ExternalGroup> groups;
  const auto nameOf = [](const lab::ExternalClientState& client) {
    return client.clientId.empty() ? client.peer : client.clientId + "/" + client.software;
  };
  const auto add = [&](const std::string& key, bool fetches, size_t index) {
    const auto& client = snapshot.externalClients[index];
    auto& group = groups[key];
    group.key = key;
    group.clientId = client.clientId;
    group.software = client.software;
    group.fetches = fetches;
    group.connections.push_back(index);
    group.requests += client.requests;
    group.bytesIn += client.bytesIn;
    group.bytesOut += client.bytesOut;
    if (!client.lastApi.empty()) group.lastApi = client.lastApi;
  };
  std::vector<size_t> undecided;
  for (size_t i = 0; i < snapshot.externalClients.size(); ++i) {
    const auto& client = snapshot.externalClients[i];
    if (!client.producesTo.empty())
      add(nameOf(client) + "/produces", false, i);
    else if (!client.fetchesFrom.empty())
      add(nameOf(client) + "/fetches", true, i);
    else
      undecided.push_back(i);
  }
  for (const auto i : undecided) {
    const std::string name = nameOf(snapshot.externalClients[i]);
    const bool joinsFetching = !groups.contains(name + "/produces") && groups.contains(name + "/fetches");
    add(name + (joinsFetching ? "/fetches" : "/produces"), joinsFetching, i);
  }
  std::vector<ExternalGroup> sorted;
  for (auto& [key, group] : groups) sorted.push_back(std::move(group));
  return sorted;
}

}  // namespace streamscope::ui
