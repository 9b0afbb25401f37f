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

Response::DescribeLogDirsPartition& add(Response::DescribeLogDirsResult& result, const base::TopicPartition& name) {
  auto topic = std::ranges::find(result.topics, name.topic, &Response::DescribeLogDirsTopic::name);
  if (topic == result.topics.end()) {
    topic = result.topics.insert(result.topics.end(), Response::DescribeLogDirsTopic{});
    topic->name = name.topic;
  }
  auto& partition = topic->partitions.emplace_back();
  partition.partitionIndex = name.partition;
  return partition;
}

/// Of a copy on its way here, how far it is behind the replica.
base::Offset futureLag(const LogDirectories& directories, const log::PartitionLog& copy) {
  const log::PartitionLog* const replica = directories.find(copy.partition());
  return replica == nullptr ? -1 : replica->logEndOffset() - copy.logEndOffset();
}

void addLogs(const LogDirectories& directories, const log::LogDirectory& directory,
             const protocol::DescribeLogDirsRequest& asked, Response::DescribeLogDirsResult& result) {
  for (const base::TopicPartition& name : directory.partitions()) {
    if (!isAskedFor(asked, name)) continue;
    const log::PartitionLog& log = *directory.find(name);
    auto& partition = add(result, name);
    partition.partitionSize = static_cast<int64_t>(log.sizeInBytes());
    partition.offsetLag = std::max<base::Offset>(0, log.highWatermark() - log.logEndOffset());
  }
  for (const base::TopicPartition& name : directory.futurePartitions()) {
    if (!isAskedFor(asked, name)) continue;
    const log::PartitionLog& copy = *directory.findFuture(name);
    auto& partition = add(result, name);
    partition.partitionSize = static_cast<int64_t>(copy.sizeInBytes());
    partition.offsetLag = futureLag(directories, copy);
    partition.isFutureKey = true;
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
    result.logDir = directories.pathOf(place);
    if (directories.isOnline(place))
      addLogs(directories, directories.at(place), asked, result);
    else
      result.errorCode = codeOf(base::ErrorCode::KAFKA_STORAGE_ERROR);
  }
  context.node.network.respond(request.reply, std::move(response));
}

}  // namespace streamscope::broker
