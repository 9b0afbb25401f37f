#include "producer_id_manager.h"

#include "protocol/messages/allocate_producer_ids.h"

namespace streamscope::broker {

base::Result<int64_t, base::ErrorCode> ProducerIdManager::next() {
  if (m_current.isUsedUp()) {
    m_current = m_next;
    m_next = {};
  }
  if (m_current.isUsedUp()) {
    requestBlock();
    return tl::unexpected(base::ErrorCode::COORDINATOR_LOAD_IN_PROGRESS);
  }
  const int64_t id = m_current.first + m_current.used++;
  if (m_current.used * 10 >= m_current.length * 9 && m_next.isUsedUp()) requestBlock();
  return id;
}

void ProducerIdManager::requestBlock() {
  if (m_isInFlight) return;
  m_isInFlight = true;
  protocol::AllocateProducerIdsRequest request;
  request.brokerId = m_config.nodeId;
  request.brokerEpoch = m_brokerEpoch();
  m_controller.send(std::move(request), m_config.requestTimeout,
                    [this](world::Response response) { onBlock(response); });
}

void ProducerIdManager::onBlock(const world::Response& response) {
  m_isInFlight = false;
  const auto* block = receivedBody<protocol::AllocateProducerIdsResponse>(response);
  // The next producer that asks is the retry.
  if (block == nullptr || block->errorCode != 0) return;
  m_next = {block->producerIdStart, block->producerIdLen, 0};
}

}  // namespace streamscope::broker
