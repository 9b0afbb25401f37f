#pragma once

#include "auto_topic_creation_manager.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "controller_channel.h"
#include "coordinator_hosting.h"
#include "producer_id_manager.h"
#include "replica_manager.h"
#include "world/node.h"

namespace streamscope::broker {

/// What a handler may use of its broker.
struct HandlerContext {
  world::NodeContext& node;
  const BrokerConfig& config;
  const controller::MetadataImage& image;
  ReplicaManager& replicaManager;
  ControllerChannel& controller;
  AutoTopicCreationManager& autoTopicCreation;
  ProducerIdManager& producerIds;
  CoordinatorHosting& coordinators;
};

/// Answers one request, now or later, through `request.reply`.
using Handler = void (*)(HandlerContext& context, world::IncomingRequest request);

inline constexpr int16_t codeOf(base::ErrorCode error) {
  return static_cast<int16_t>(error);
}

}  // namespace streamscope::broker
