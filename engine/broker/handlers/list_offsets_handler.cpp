#include <set>

#include "handlers.h"

namespace streamscope::broker {
namespace {

using Question = protocol::ListOffsetsRequest::ListOffsetsPartition;
using Answer = protocol::ListOffsetsResponse::ListOffsetsPartitionResponse;

/// A tool that looks at any replica (Kafka: ListOffsetsRequest.DEBUGGING_REPLICA_ID).
constexpr base::BrokerId kDebuggingReplica = -2;
constexpr int16_t kFirstVersionWithOffsetNotAvailable = 5;

Answer answerTo(const HandlerContext& context, const std::string& topic, const Question& question,
                base::BrokerId replicaId, int8_t isolationLevel, int16_t version) {
  Answer answer;
  answer.partitionIndex = question.partitionIndex;
  const auto partition = context.replicaManager.find(topic, question.partitionIndex);
  base::ErrorCode error =
      partition == nullptr ? context.replicaManager.whyNotHere(topic, question.partitionIndex)
                           : partition->checkEpochAndRole(question.currentLeaderEpoch, replicaId != kDebuggingReplica);
  if (error == base::ErrorCode::NONE) {
    if (const auto found = partition->offsetForTimestamp(question.timestamp, isolationOf(replicaId, isolationLevel))) {
      answer.offset = found->offset;
      answer.timestamp = found->timestamp;
      answer.leaderEpoch = found->leaderEpoch;
    } else {
      error = found.error().code;
    }
  }
  if (error == base::ErrorCode::OFFSET_NOT_AVAILABLE && version < kFirstVersionWithOffsetNotAvailable)
    error = base::ErrorCode::LEADER_NOT_AVAILABLE;
  answer.errorCode = codeOf(error);
  return answer;
}

}  // namespace

void handleListOffsets(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::ListOffsetsRequest>(request.body);
  protocol::ListOffsetsResponse response;
  for (const auto& topic : question.topics) {
    auto& answers = response.topics.emplace_back();
    answers.name = topic.name;
    std::set<base::PartitionId> seen;
    for (const Question& partition : topic.partitions) {
      if (!seen.insert(partition.partitionIndex).second) {
        Answer refused;
        refused.partitionIndex = partition.partitionIndex;
        refused.errorCode = codeOf(base::ErrorCode::INVALID_REQUEST);
        answers.partitions.push_back(refused);
        continue;
      }
      answers.partitions.push_back(answerTo(context, topic.name, partition, question.replicaId, question.isolationLevel,
                                            request.header.version));
    }
  }
  context.node.network.respond(request.reply, std::move(response));
}

}  // namespace streamscope::broker
