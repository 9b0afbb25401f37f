#include "handlers.h"
#include "protocol/error_answer.h"

// Kafka wraps what it forwards in an Envelope, because the controller must learn the client's principal; there is no
// authorizer here yet, so the request itself goes on, in the client's version.

namespace streamscope::broker {

void forwardToController(HandlerContext& context, world::IncomingRequest request) {
  protocol::RequestBody copy = request.body;
  context.controller.sendVersion(
      request.header.version, std::move(request.body), context.config.requestTimeout,
      [&network = context.node.network, reply = request.reply, asked = std::move(copy)](world::Response response) {
        const bool isAnswered = response.outcome == world::Response::Outcome::Received;
        network.respond(reply, isAnswered ? std::move(response.body)
                                          : protocol::errorAnswer(asked, base::ErrorCode::REQUEST_TIMED_OUT));
      });
}

}  // namespace streamscope::broker
