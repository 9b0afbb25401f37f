#include "handlers.h"

namespace streamscope::broker {

void handleAlterReplicaLogDirs(HandlerContext& context, world::IncomingRequest request) {
  const auto& asked = std::get<protocol::AlterReplicaLogDirsRequest>(request.body);
  protocol::AlterReplicaLogDirsResponse response;
  std::map<std::string, size_t> places;
  for (const auto& directory : asked.dirs) {
    for (const auto& topic : directory.topics) {
      const auto [place, isNew] = places.emplace(topic.name, response.results.size());
      if (isNew) response.results.emplace_back().topicName = topic.name;
      auto& result = response.results[place->second];
      for (const base::PartitionId partition : topic.partitions)
        result.partitions.push_back(
            {partition, codeOf(context.replicaManager.alterLogDir({topic.name, partition}, directory.path))});
    }
  }
  context.node.network.respond(request.reply, std::move(response));
}

}  // namespace streamscope::broker
