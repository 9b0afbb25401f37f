#include <algorithm>
#include <map>

#include "handlers.h"

namespace streamscope::broker {
namespace {

using Response = protocol::DescribeLogDirsResponse;

bool isAskedFor(const protocol::DescribeLogDirsRequest& asked, const base::TopicPartition& name) {
  if (!asked.topics) return true;
  return std::ranges::any_of(*asked.topics, [&](const auto& topic) {
    return topic.topic == name.topic && std::ranges::find(topic.partitions, name.partition) != topic.partitions.end();
  });
}

/// Kafka tells the absolute path; here it is the one below the data directory.
std::string pathOf(base::BrokerId broker, const std::string& directory) {
  const std::string own = "broker-" + std::to_string(broker);
  return directory.empty() ? own : own + "/" + directory;
}

void addLogs(const log::LogDirectory& directory, const protocol::DescribeLogDirsRequest& asked,
             Response::DescribeLogDirsResult& result) {
  for (const base::TopicPartition& name : directory.partitions()) {
    if (!isAskedFor(asked, name)) continue;
    if (result.topics.empty() || result.topics.back().name != name.topic)
      result.topics.emplace_back().name = name.topic;
    const log::PartitionLog& log = *directory.find(name);
    auto& partition = result.topics.back().partitions.emplace_back();
    partition.partitionIndex = name.partition;
    partition.partitionSize = static_cast<int64_t>(log.sizeInBytes());
    partition.offsetLag = std::max<base::Offset>(0, log.highWatermark() - log.logEndOffset());
  }
}

}  // namespace

/// The sizes of volumes are not told: a disk here has none.
void handleDescribeLogDirs(HandlerContext& context, world::IncomingRequest request) {
  const auto& asked = std::get<protocol::DescribeLogDirsRequest>(request.body);
  const LogDirectories& directories = context.replicaManager.logDirectories();
  Response response;
  for (size_t place = 0; place < directories.count(); ++place) {
    auto& result = response.results.emplace_back();
    result.logDir = pathOf(context.config.nodeId, directories.nameOf(place));
    if (directories.isOnline(place))
      addLogs(directories.at(place), asked, result);
    else
      result.errorCode = codeOf(base::ErrorCode::KAFKA_STORAGE_ERROR);
  }
  context.node.network.respond(request.reply, std::move(response));
}

}  // namespace streamscope::broker
