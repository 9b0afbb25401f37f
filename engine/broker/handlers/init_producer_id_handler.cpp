#include "handlers.h"

namespace streamscope::broker {

void handleInitProducerId(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::InitProducerIdRequest>(request.body);
  protocol::InitProducerIdResponse answer;
  answer.producerEpoch = -1;
  if (question.transactionalId) {
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
