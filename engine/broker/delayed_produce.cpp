#include "delayed_produce.h"

#include "leader_hint.h"
#include "produce_answer.h"

namespace streamscope::broker {

DelayedProduce::DelayedProduce(world::Network& network, const controller::MetadataImage& image,
                               const world::ReplyHandle& reply, protocol::ProduceResponse response,
                               std::vector<WaitingPartition> waiting)
    : m_network(network),
      m_image(image),
      m_reply(reply),
      m_response(std::move(response)),
      m_waiting(std::move(waiting)),
      m_firstPartition(m_waiting.front().partition->name()),
      m_firstRequiredOffset(m_waiting.front().requiredOffset) {}

bool DelayedProduce::canComplete() {
  std::erase_if(m_waiting, [this](const WaitingPartition& waiting) {
    const auto outcome = waiting.partition->acksAllOutcome(waiting.requiredOffset);
    if (outcome) settle(waiting, *outcome);
    return outcome.has_value();
  });
  return m_waiting.empty();
}

void DelayedProduce::settle(const WaitingPartition& waiting, base::ErrorCode error) {
  if (error == base::ErrorCode::NONE) return;
  auto& answer = m_response.responses[waiting.topicIndex].partitionResponses[waiting.partitionIndex];
  refuseProduce(answer, error);
  if (m_reply.version >= kProduceLeaderHintVersion)
    addLeaderHint(m_image, m_image.findPartition(waiting.partition->name().topic, waiting.partition->name().partition),
                  m_response, answer);
}

void DelayedProduce::complete(bool timedOut) {
  if (timedOut)
    for (const WaitingPartition& waiting : m_waiting) settle(waiting, base::ErrorCode::REQUEST_TIMED_OUT);
  m_network.respond(m_reply, std::move(m_response));
}

void DelayedProduce::abandon(const std::string& reason) {
  m_network.disconnect(m_reply, reason);
}

DelayedOperation::Description DelayedProduce::describe() const {
  return {protocol::ApiKey::Produce, m_reply.correlationId, m_firstPartition, m_firstRequiredOffset};
}

}  // namespace streamscope::broker
