#include "handlers/handlers.h"
#include "producer_id_control.h"

namespace streamscope::controller {

protocol::AllocateProducerIdsResponse handleAllocateProducerIds(QuorumController& controller,
                                                                const protocol::AllocateProducerIdsRequest& request) {
  protocol::AllocateProducerIdsResponse response;
  const auto refuse = [&response](const base::Error& error) {
    response.errorCode = wireCode(error.code);
    return response;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuse(active.error());
  const base::Status known = controller.clusterControl().checkBrokerEpoch(request.brokerId, request.brokerEpoch);
  if (!known) return refuse(known.error());
  const auto block = nextProducerIdsBlock(controller.image(), request.brokerId, request.brokerEpoch);
  if (!block) return refuse(block.error());
  if (const auto committed = controller.append({block->record}); !committed) return refuse(committed.error());
  response.producerIdStart = block->firstProducerId;
  response.producerIdLen = kProducerIdsBlockSize;
  return response;
}

}  // namespace streamscope::controller
