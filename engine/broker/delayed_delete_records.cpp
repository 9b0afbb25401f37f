#include "delayed_delete_records.h"

namespace streamscope::broker {
namespace {

constexpr base::Offset kNoLowWatermark = -1;

}  // namespace

DelayedDeleteRecords::DelayedDeleteRecords(world::Network& network, const world::ReplyHandle& reply,
                                           protocol::DeleteRecordsResponse response,
                                           std::vector<WaitingPartition> waiting)
    : m_network(network),
      m_reply(reply),
      m_response(std::move(response)),
      m_waiting(std::move(waiting)),
      m_firstPartition(m_waiting.front().partition->name()),
      m_firstRequiredOffset(m_waiting.front().requiredOffset) {}

protocol::DeleteRecordsResponse::DeleteRecordsPartitionResult& DelayedDeleteRecords::answerTo(
    const WaitingPartition& waiting) {
  return m_response.topics[waiting.topicIndex].partitions[waiting.partitionIndex];
}

bool DelayedDeleteRecords::canComplete() {
  std::erase_if(m_waiting, [this](const WaitingPartition& waiting) {
    auto& answer = answerTo(waiting);
    if (!waiting.partition->isLeader()) {
      answer.lowWatermark = kNoLowWatermark;
      answer.errorCode = static_cast<int16_t>(base::ErrorCode::NOT_LEADER_OR_FOLLOWER);
      return true;
    }
    answer.lowWatermark = waiting.partition->lowWatermark();
    return answer.lowWatermark >= waiting.requiredOffset;
  });
  return m_waiting.empty();
}

void DelayedDeleteRecords::complete(bool timedOut) {
  if (timedOut)
    for (const WaitingPartition& waiting : m_waiting)
      answerTo(waiting).errorCode = static_cast<int16_t>(base::ErrorCode::REQUEST_TIMED_OUT);
  m_network.respond(m_reply, std::move(m_response));
}

void DelayedDeleteRecords::abandon(const std::string& reason) {
  m_network.disconnect(m_reply, reason);
}

DelayedOperation::Description DelayedDeleteRecords::describe() const {
  return {protocol::ApiKey::DeleteRecords, m_reply.correlationId, m_firstPartition, m_firstRequiredOffset};
}

}  // namespace streamscope::broker
