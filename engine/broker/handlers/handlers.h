#pragma once

#include "handler_context.h"

namespace streamscope::broker {

// One file for each, named after it.

void handleAlterReplicaLogDirs(HandlerContext& context, world::IncomingRequest request);
void handleApiVersions(HandlerContext& context, world::IncomingRequest request);
void handleDeleteRecords(HandlerContext& context, world::IncomingRequest request);
void handleDescribeConfigs(HandlerContext& context, world::IncomingRequest request);
void handleDescribeCluster(HandlerContext& context, world::IncomingRequest request);
void handleDescribeLogDirs(HandlerContext& context, world::IncomingRequest request);
void handleFetch(HandlerContext& context, world::IncomingRequest request);
void handleFindCoordinator(HandlerContext& context, world::IncomingRequest request);
void handleInitProducerId(HandlerContext& context, world::IncomingRequest request);
void handleListOffsets(HandlerContext& context, world::IncomingRequest request);
void handleMetadata(HandlerContext& context, world::IncomingRequest request);
void handleOffsetForLeaderEpoch(HandlerContext& context, world::IncomingRequest request);
void handleProduce(HandlerContext& context, world::IncomingRequest request);

/// Requests only the controller can carry out (forwarding_handler.cpp).
void forwardToController(HandlerContext& context, world::IncomingRequest request);

}  // namespace streamscope::broker
