#pragma once

#include "handlers/handler_context.h"

namespace streamscope::broker {

/// Table from request type to handler (Kafka: KafkaApis.handle). A version that is not served ends the connection,
/// except for ApiVersions, whose answer tells the versions.
class RequestDispatcher {
 public:
  explicit RequestDispatcher(HandlerContext context) : m_context(context) {}

  void dispatch(world::IncomingRequest request);

 private:
  HandlerContext m_context;
};

}  // namespace streamscope::broker
