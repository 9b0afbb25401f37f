#include <map>

#include "handlers.h"
#include "topic_names.h"

namespace streamscope::broker {
namespace {

constexpr base::Offset kNoLowWatermark = -1;

}  // namespace

void handleDeleteRecords(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::DeleteRecordsRequest>(request.body);
  // As in Kafka the last of several wishes for one partition counts.
  std::map<std::string, std::map<base::PartitionId, base::Offset>> wishes;
  for (const auto& topic : question.topics)
    for (const auto& partition : topic.partitions) wishes[topic.name][partition.partitionIndex] = partition.offset;

  ReplicaManager::DeleteRecords deletion;
  deletion.reply = request.reply;
  deletion.timeout = std::chrono::milliseconds(question.timeoutMs);
  for (const auto& [name, partitions] : wishes) {
    auto& answers = deletion.response.topics.emplace_back();
    answers.name = name;
    for (const auto& [id, offset] : partitions) {
      auto& answer = answers.partitions.emplace_back();
      answer.partitionIndex = id;
      answer.lowWatermark = kNoLowWatermark;
      const auto partition = context.replicaManager.find(name, id);
      if (context.image.findPartition(name, id) == nullptr)
        answer.errorCode = codeOf(base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
      else if (isInternalTopic(name))
        answer.errorCode = codeOf(base::ErrorCode::INVALID_TOPIC_EXCEPTION);
      else if (partition == nullptr)
        answer.errorCode = codeOf(context.replicaManager.whyNotHere(name, id));
      else
        deletion.partitions.push_back(
            {partition, offset, deletion.response.topics.size() - 1, answers.partitions.size() - 1});
    }
  }
  context.replicaManager.deleteRecords(std::move(deletion));
}

}  // namespace streamscope::broker
