#include "handlers.h"

namespace streamscope::broker {

void handleInitProducerId(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::InitProducerIdRequest>(request.body);
  protocol::InitProducerIdResponse answer;
  answer.producerEpoch = -1;
  const bool hasEmptyName = question.transactionalId && question.transactionalId->empty();
  // What the producer had before is told whole or not at all.
  const bool tellsHalf = (question.producerId == -1) != (question.producerEpoch == -1);
  if (hasEmptyName || tellsHalf) {
    answer.errorCode = codeOf(base::ErrorCode::INVALID_REQUEST);
  } else if (question.transactionalId) {
    // Only the transaction coordinator may hand these out, and there is none yet.
    answer.errorCode = codeOf(base::ErrorCode::COORDINATOR_NOT_AVAILABLE);
  } else if (const auto id = context.producerIds.next()) {
    answer.producerId = *id;
    answer.producerEpoch = 0;
  } else {
    answer.errorCode = codeOf(id.error());
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
