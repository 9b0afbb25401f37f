#include "handlers.h"

// Kafka wraps what it forwards in an Envelope, because the controller must learn the client's principal; there is no
// authorizer here yet, so the request itself goes on, in the client's version.

namespace streamscope::broker {
namespace {

using Refusal = void (*)(const protocol::RequestBody& request, base::ErrorCode error, protocol::ResponseBody& answer);

void refuseCreate(const protocol::RequestBody& request, base::ErrorCode error, protocol::ResponseBody& answer) {
  protocol::CreateTopicsResponse refused;
  for (const auto& topic : std::get<protocol::CreateTopicsRequest>(request).topics) {
    auto& result = refused.topics.emplace_back();
    result.name = topic.name;
    result.errorCode = codeOf(error);
    result.errorMessage = "The controller did not answer; try again.";
  }
  answer = std::move(refused);
}

void refuseDelete(const protocol::RequestBody& request, base::ErrorCode error, protocol::ResponseBody& answer) {
  protocol::DeleteTopicsResponse refused;
  const auto& asked = std::get<protocol::DeleteTopicsRequest>(request);
  const auto refuse = [&](const std::optional<std::string>& name, const base::Uuid& id) {
    auto& result = refused.responses.emplace_back();
    result.name = name;
    result.topicId = id;
    result.errorCode = codeOf(error);
    result.errorMessage = "The controller did not answer; try again.";
  };
  for (const auto& topic : asked.topics) refuse(topic.name, topic.topicId);
  for (const std::string& name : asked.topicNames) refuse(name, {});
  answer = std::move(refused);
}

void refuseDescribeQuorum(const protocol::RequestBody&, base::ErrorCode error, protocol::ResponseBody& answer) {
  protocol::DescribeQuorumResponse refused;
  refused.errorCode = codeOf(error);
  refused.errorMessage = "The controller did not answer; try again.";
  answer = std::move(refused);
}

void forward(HandlerContext& context, world::IncomingRequest request, Refusal refuse) {
  protocol::RequestBody copy = request.body;
  context.controller.sendVersion(request.header.version, std::move(request.body), context.config.requestTimeout,
                                 [&network = context.node.network, reply = request.reply, refuse,
                                  asked = std::move(copy)](world::Response response) {
                                   protocol::ResponseBody answer = std::move(response.body);
                                   if (response.outcome != world::Response::Outcome::Received)
                                     refuse(asked, base::ErrorCode::REQUEST_TIMED_OUT, answer);
                                   network.respond(reply, std::move(answer));
                                 });
}

}  // namespace

void forwardCreateTopics(HandlerContext& context, world::IncomingRequest request) {
  forward(context, std::move(request), refuseCreate);
}

void forwardDeleteTopics(HandlerContext& context, world::IncomingRequest request) {
  forward(context, std::move(request), refuseDelete);
}

void forwardDescribeQuorum(HandlerContext& context, world::IncomingRequest request) {
  forward(context, std::move(request), refuseDescribeQuorum);
}

}  // namespace streamscope::broker
