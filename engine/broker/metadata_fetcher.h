#pragma once

#include <functional>
#include <memory>

#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "controller_channel.h"
#include "metadata_delta.h"
#include "metadata_snapshot_fetch.h"
#include "protocol/messages/fetch.h"
#include "world/node.h"

namespace streamscope::broker {

/// Observes the metadata log: finds the leader of the quorum by asking its voters, fetches `__cluster_metadata-0` from
/// it as a replica that never votes, replays committed records into the image and tells what changed. While nobody
/// leads it goes on asking, and the broker serves on with what it knows. Kafka: KafkaRaftClient as observer,
/// MetadataLoader.
class MetadataFetcher {
 public:
  using Publisher = std::function<void(const MetadataDelta&)>;

  /// `onFirstImage` is called once, when every committed record has been replayed, and before `publish` is for them.
  /// Kafka: MetadataLoader publishes nothing before.
  MetadataFetcher(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                  std::function<void()> onFirstImage, Publisher publish);

  void start() { fetch(); }
  const controller::MetadataImage& image() const { return m_image; }

 private:
  void fetch();
  void onResponse(const world::Response& response);
  void retryLater();
  int32_t nextToAsk();
  /// What an answer says of epoch and leader; true when the next request should go out at once.
  bool learnLeader(const protocol::FetchResponse::PartitionData& partition);
  void loseLeader();
  void fetchSnapshot(const controller::SnapshotId& id);
  void onSnapshot(base::Result<controller::MetadataImage> image);
  /// Whole batches from the next offset on that are below the log's high watermark.
  base::Status replay(base::ByteView batches, base::Offset highWatermark, MetadataDelta& delta);
  base::Status replayBatch(base::ByteView batch, MetadataDelta& delta);

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  /// Empty once it was called.
  std::function<void()> m_onFirstImage;
  Publisher m_publish;
  controller::MetadataImage m_image;
  base::Offset m_nextOffset = 0;
  /// As an observer begins that has nothing: it has fetched up to epoch 0 and learns the present one from the refusal.
  base::LeaderEpoch m_lastEpoch = 0;
  base::LeaderEpoch m_controllerEpoch = 0;
  /// Which voter is asked next while the leader is unknown, and which was asked last.
  size_t m_nextVoter = 0;
  int32_t m_asked = 0;
  /// While one is on its way.
  std::unique_ptr<MetadataSnapshotFetch> m_snapshotFetch;
};

}  // namespace streamscope::broker
