#include "controller/controller_node.h"

#include <utility>

#include "quorum_controller.h"
#include "request_dispatcher.h"

namespace streamscope::controller {

struct ControllerNode::Impl {
  Impl(world::NodeContext& context, ControllerConfig controllerConfig)
      : config(std::move(controllerConfig)), controller(context, config), dispatcher(context, controller) {
    controller.onLogChanged([this] { dispatcher.onLogChanged(); });
  }

  const ControllerConfig config;
  QuorumController controller;
  RequestDispatcher dispatcher;
};

ControllerNode::ControllerNode(world::NodeContext& context, ControllerConfig config)
    : m_impl(std::make_unique<Impl>(context, std::move(config))) {}

ControllerNode::~ControllerNode() = default;

void ControllerNode::start() {
  m_impl->controller.start();
}

void ControllerNode::onRequest(world::IncomingRequest request) {
  m_impl->dispatcher.dispatch(request);
}

void ControllerNode::stop(std::function<void()> done) {
  m_impl->controller.stop(std::move(done));
}

const MetadataImage& ControllerNode::image() const {
  return m_impl->controller.image();
}

int32_t ControllerNode::epoch() const {
  return m_impl->controller.epoch();
}

bool ControllerNode::isActive() const {
  return m_impl->controller.isActive();
}

std::optional<int32_t> ControllerNode::leaderId() const {
  return m_impl->controller.leaderId();
}

QuorumRole ControllerNode::role() const {
  const RaftClient* raft = m_impl->controller.raft();
  return raft == nullptr ? QuorumRole::Unattached : raft->quorum().role();
}

base::Offset ControllerNode::logStartOffset() const {
  const log::PartitionLog* log = metadataLog();
  return log == nullptr ? 0 : log->logStartOffset();
}

base::Offset ControllerNode::logEndOffset() const {
  return m_impl->controller.logEndOffset();
}

base::Offset ControllerNode::highWatermark() const {
  const log::PartitionLog* log = metadataLog();
  return log == nullptr ? 0 : log->highWatermark();
}

const log::PartitionLog* ControllerNode::metadataLog() const {
  const MetadataLog* log = m_impl->controller.metadataLog();
  return log == nullptr ? nullptr : &log->partitionLog();
}

}  // namespace streamscope::controller
