#pragma once

#include <functional>

#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "controller_channel.h"
#include "metadata_delta.h"
#include "protocol/messages/fetch.h"
#include "world/node.h"

namespace streamscope::broker {

/// Observes the metadata log: fetches `__cluster_metadata-0` from the controller as a replica that never votes, replays
/// committed records into the image and tells what changed. While the controller is away it retries, and the broker
/// serves on with what it knows. Kafka: KafkaRaftClient as observer, MetadataLoader.
class MetadataFetcher {
 public:
  using Publisher = std::function<void(const MetadataDelta&)>;

  MetadataFetcher(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                  Publisher publish);

  void start() { fetch(); }
  const controller::MetadataImage& image() const { return m_image; }

 private:
  void fetch();
  void onResponse(const world::Response& response);
  void retryLater();
  /// Whole batches from the next offset on that are below the log's high watermark.
  base::Status replay(base::ByteView batches, base::Offset highWatermark, MetadataDelta& delta);
  base::Status replayBatch(base::ByteView batch, MetadataDelta& delta);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  Publisher m_publish;
  controller::MetadataImage m_image;
  base::Offset m_nextOffset = 0;
  /// As an observer begins that has nothing: it has fetched up to epoch 0 and learns the present one from the refusal.
  base::LeaderEpoch m_lastEpoch = 0;
  base::LeaderEpoch m_controllerEpoch = 0;
};

}  // namespace streamscope::broker
