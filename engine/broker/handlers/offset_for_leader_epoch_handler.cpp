#include "handlers.h"

namespace streamscope::broker {
namespace {

constexpr base::BrokerId kDebuggingReplica = -2;

}  // namespace

void handleOffsetForLeaderEpoch(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::OffsetForLeaderEpochRequest>(request.body);
  protocol::OffsetForLeaderEpochResponse response;
  for (const auto& topic : question.topics) {
    auto& answers = response.topics.emplace_back();
    answers.topic = topic.topic;
    for (const auto& asked : topic.partitions) {
      auto& answer = answers.partitions.emplace_back();
      answer.partition = asked.partition;
      const auto partition = context.replicaManager.find(topic.topic, asked.partition);
      const base::ErrorCode error =
          partition == nullptr
              ? context.replicaManager.whyNotHere(topic.topic, asked.partition)
              : partition->checkEpochAndRole(asked.currentLeaderEpoch, question.replicaId != kDebuggingReplica);
      answer.errorCode = codeOf(error);
      if (error != base::ErrorCode::NONE) continue;
      const auto end = partition->log().endOffsetForEpoch(asked.leaderEpoch);
      answer.leaderEpoch = end.epoch;
      answer.endOffset = end.endOffset;
    }
  }
  context.node.network.respond(request.reply, std::move(response));
}

}  // namespace streamscope::broker
