#include "handlers/metadata_fetch_handler.h"

#include <chrono>
#include <utility>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

using base::ErrorCode;

/// From this version on topics are named by their ids.
constexpr int16_t kTopicIdVersion = 13;

bool isAboutMetadataLog(const protocol::FetchRequest& request, int16_t version) {
  if (request.topics.size() != 1) return false;
  const auto& topic = request.topics.front();
  const bool isTopic =
      version >= kTopicIdVersion ? topic.topicId == base::kMetadataTopicId : topic.topic == kMetadataTopicName;
  return isTopic && topic.partitions.size() == 1 && topic.partitions.front().partition == 0;
}

/// Nothing in it that must not wait: no error, no records, no divergence.
bool canWait(const protocol::FetchResponse& response) {
  if (response.errorCode != 0) return false;
  const auto& partition = response.responses.front().partitions.front();
  return partition.errorCode == 0 && partition.divergingEpoch == protocol::FetchResponse::EpochEndOffset() &&
         partition.records->empty();
}

}  // namespace

MetadataFetchHandler::MetadataFetchHandler(world::NodeContext& context, const QuorumController& controller)
    : m_context(context), m_controller(controller) {}

void MetadataFetchHandler::handle(const world::IncomingRequest& incoming) {
  const auto& request = std::get<protocol::FetchRequest>(incoming.body);
  protocol::FetchResponse response = answer(request, incoming.header.version);
  if (!canWait(response) || request.maxWaitMs == 0) {
    m_context.network.respond(incoming.reply, std::move(response));
    return;
  }
  const uint64_t id = m_nextId++;
  const world::TimerId timer =
      m_context.timers.after(std::chrono::milliseconds(request.maxWaitMs), [this, id] { complete(id); });
  m_delayed.emplace(id, DelayedFetch{request, incoming.reply, timer});
}

void MetadataFetchHandler::onLogChanged() {
  std::vector<uint64_t> ready;
  for (const auto& [id, fetch] : m_delayed) {
    if (!canWait(answer(fetch.request, fetch.reply.version))) ready.push_back(id);
  }
  for (const uint64_t id : ready) complete(id);
}

void MetadataFetchHandler::complete(uint64_t id) {
  const auto found = m_delayed.find(id);
  const DelayedFetch fetch = std::move(found->second);
  m_delayed.erase(found);
  m_context.timers.cancel(fetch.timer);
  m_context.network.respond(fetch.reply, answer(fetch.request, fetch.reply.version));
}

protocol::FetchResponse MetadataFetchHandler::answer(const protocol::FetchRequest& request, int16_t version) const {
  protocol::FetchResponse response;
  if (request.clusterId && *request.clusterId != m_controller.config().clusterId) {
    response.errorCode = wireCode(ErrorCode::INCONSISTENT_CLUSTER_ID);
    return response;
  }
  if (!isAboutMetadataLog(request, version)) {
    response.errorCode = wireCode(ErrorCode::INVALID_REQUEST);
    return response;
  }
  auto& topic = response.responses.emplace_back();
  topic.topic = kMetadataTopicName;
  topic.topicId = base::kMetadataTopicId;
  topic.partitions.push_back(answerPartition(request));
  return response;
}

ErrorCode MetadataFetchHandler::checkEpoch(int32_t currentLeaderEpoch) const {
  if (currentLeaderEpoch < m_controller.epoch()) return ErrorCode::FENCED_LEADER_EPOCH;
  if (currentLeaderEpoch > m_controller.epoch()) return ErrorCode::UNKNOWN_LEADER_EPOCH;
  return m_controller.isActive() ? ErrorCode::NONE : ErrorCode::NOT_LEADER_OR_FOLLOWER;
}

protocol::FetchResponse::PartitionData MetadataFetchHandler::answerPartition(
    const protocol::FetchRequest& request) const {
  const auto& asked = request.topics.front().partitions.front();
  protocol::FetchResponse::PartitionData partition;
  partition.highWatermark = -1;
  partition.currentLeader.leaderId = m_controller.leaderId().value_or(-1);
  partition.currentLeader.leaderEpoch = m_controller.epoch();
  partition.records.emplace();
  const auto refuse = [&partition](ErrorCode code) {
    partition.errorCode = wireCode(code);
    return partition;
  };

  // A replica with an empty log has fetched up to epoch 0.
  if (request.maxWaitMs < 0 || asked.fetchOffset < 0 || asked.lastFetchedEpoch < 0 ||
      asked.lastFetchedEpoch > asked.currentLeaderEpoch) {
    return refuse(ErrorCode::INVALID_REQUEST);
  }
  const ErrorCode refused = checkEpoch(asked.currentLeaderEpoch);
  if (refused != ErrorCode::NONE) return refuse(refused);

  const MetadataLog& log = *m_controller.metadataLog();
  partition.highWatermark = log.highWatermark();
  partition.logStartOffset = log.logStartOffset();
  if (asked.fetchOffset > 0) {
    // The reader's log must end where this one agrees with it; otherwise the reader has to truncate.
    const auto end = log.endOffsetForEpoch(asked.lastFetchedEpoch);
    if (end.epoch != asked.lastFetchedEpoch || end.endOffset < asked.fetchOffset) {
      partition.divergingEpoch = {end.epoch, end.endOffset};
      return partition;
    }
  }
  auto read = log.read(asked.fetchOffset);
  if (!read) return refuse(read.error().code);
  partition.records = std::move(read->records);
  return partition;
}

}  // namespace streamscope::controller
