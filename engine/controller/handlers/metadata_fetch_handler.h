#pragma once

#include <cstdint>
#include <map>

#include "protocol/messages/fetch.h"
#include "quorum_controller.h"
#include "world/network.h"
#include "world/node.h"

namespace streamscope::controller {

/// Serves the metadata log to the other voters and to brokers, which follow it as observers: Fetch of
/// `__cluster_metadata-0` and nothing else. An answer without records waits, at most the request's MaxWaitMs, until
/// there are some, or until the high watermark is above the replica's (KIP-1166). Sources: KIP-595; Kafka's
/// KafkaRaftClient.handleFetchRequest, FetchPurgatory.
class MetadataFetchHandler {
 public:
  MetadataFetchHandler(world::NodeContext& context, QuorumController& controller);

  void handle(const world::IncomingRequest& incoming);
  /// The log has grown, or the controller leads no more.
  void onLogChanged();

 private:
  struct DelayedFetch {
    protocol::FetchRequest request;
    world::ReplyHandle reply;
    world::TimerId timer = 0;
  };

  protocol::FetchResponse answer(const protocol::FetchRequest& request, int16_t version) const;
  void complete(uint64_t id);

  world::NodeContext& m_context;
  QuorumController& m_controller;
  /// By arrival.
  std::map<uint64_t, DelayedFetch> m_delayed;
  uint64_t m_nextId = 1;
};

}  // namespace streamscope::controller
