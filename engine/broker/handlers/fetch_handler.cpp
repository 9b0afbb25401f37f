#include <algorithm>

#include "handlers.h"
#include "leader_hint.h"

namespace streamscope::broker {
namespace {

constexpr int16_t kFirstVersionWithTopicIds = 13;
/// From here on a consumer says where it is, and any replica may answer it (KIP-392).
constexpr int16_t kFirstVersionWithRack = 11;
constexpr int16_t kFirstVersionWithLeaderHint = 16;

/// Where a partition asked for is, or why it is not here.
struct Lookup {
  std::shared_ptr<Partition> partition;
  base::ErrorCode error = base::ErrorCode::NONE;
  const controller::PartitionRegistration* registration = nullptr;
};

Lookup lookUp(const HandlerContext& context, bool byId, const protocol::FetchRequest::FetchTopic& topic,
              base::PartitionId id) {
  Lookup found;
  found.partition =
      byId ? context.replicaManager.find(topic.topicId, id) : context.replicaManager.find(topic.topic, id);
  if (found.partition != nullptr) return found;
  const controller::TopicImage* image =
      byId ? context.image.findTopic(topic.topicId) : context.image.findTopic(topic.topic);
  if (image == nullptr) {
    found.error = byId ? base::ErrorCode::UNKNOWN_TOPIC_ID : base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    return found;
  }
  found.error = context.replicaManager.whyNotHere(image->name, id);
  found.registration = context.image.findPartition(image->name, id);
  return found;
}

PartitionFetch questionOf(const protocol::FetchRequest::FetchPartition& asked, FetchIsolation isolation,
                          int16_t version) {
  PartitionFetch question;
  question.fetchOffset = asked.fetchOffset;
  question.currentLeaderEpoch = asked.currentLeaderEpoch;
  question.lastFetchedEpoch = asked.lastFetchedEpoch;
  question.logStartOffset = asked.logStartOffset;
  question.bytesMax = static_cast<size_t>(std::max(0, asked.partitionMaxBytes));
  question.isolation = isolation;
  question.onlyFromLeader = isolation == FetchIsolation::LogEnd || version < kFirstVersionWithRack;
  return question;
}

/// Every request is answered in full and no session is opened, which KIP-227 allows a broker at any time; a client that
/// thinks it has one is told to begin again.
base::ErrorCode refuseSession(const protocol::FetchRequest& asked) {
  if (asked.sessionId != 0) return base::ErrorCode::FETCH_SESSION_ID_NOT_FOUND;
  return asked.sessionEpoch > 0 ? base::ErrorCode::INVALID_FETCH_SESSION_EPOCH : base::ErrorCode::NONE;
}

}  // namespace

void handleFetch(HandlerContext& context, world::IncomingRequest request) {
  const auto& asked = std::get<protocol::FetchRequest>(request.body);
  const int16_t version = request.header.version;
  FetchInProgress fetch;
  fetch.reply = request.reply;
  if (const base::ErrorCode refused = refuseSession(asked); refused != base::ErrorCode::NONE) {
    fetch.response.errorCode = codeOf(refused);
    return context.node.network.respond(request.reply, std::move(fetch.response));
  }
  fetch.replicaId = asked.replicaState.replicaId >= 0 ? asked.replicaState.replicaId : asked.replicaId;
  fetch.replicaEpoch = asked.replicaState.replicaEpoch;
  if (version >= kFirstVersionWithRack) fetch.clientRack = asked.rackId;
  fetch.waitMax = std::chrono::milliseconds(asked.maxWaitMs);
  fetch.bytesMax = std::clamp(asked.maxBytes, 0, context.config.fetchMaxBytes);
  // More than the answer may carry would never come.
  fetch.bytesMin = std::min<int64_t>(asked.minBytes, fetch.bytesMax);
  const FetchIsolation isolation = isolationOf(fetch.replicaId, asked.isolationLevel);
  fetch.response.responses.reserve(asked.topics.size());
  for (const auto& topic : asked.topics) {
    auto& answers = fetch.response.responses.emplace_back();
    answers.topic = topic.topic;
    answers.topicId = topic.topicId;
    answers.partitions.reserve(topic.partitions.size());
    for (const auto& partition : topic.partitions) {
      auto& answer = answers.partitions.emplace_back();
      answer.partitionIndex = partition.partition;
      Lookup found = lookUp(context, version >= kFirstVersionWithTopicIds, topic, partition.partition);
      if (found.partition == nullptr) {
        answer.errorCode = codeOf(found.error);
        answer.highWatermark = base::kNoOffset;
        answer.records.emplace();
        if (version >= kFirstVersionWithLeaderHint)
          addLeaderHint(context.image, found.registration, fetch.response, answer);
      }
      fetch.slots.push_back({std::move(found.partition), questionOf(partition, isolation, version),
                             fetch.response.responses.size() - 1, answers.partitions.size() - 1});
    }
  }
  context.replicaManager.fetch(std::move(fetch));
}

}  // namespace streamscope::broker
