#pragma once

#include <functional>

#include "base/bytes.h"
#include "broker/broker_config.h"
#include "controller/metadata_image.h"
#include "controller/snapshot_file.h"
#include "controller_channel.h"
#include "world/node.h"

namespace streamscope::broker {

/// Reads one snapshot of the metadata log from the leader of the quorum, part by part, into a fresh image: the leader's
/// log no longer has the records this broker would need next (KIP-630).
class MetadataSnapshotFetch {
 public:
  /// The image at the snapshot's end, or an error when the snapshot cannot be had: start again with Fetch.
  using Done = std::function<void(base::Result<controller::MetadataImage> image)>;

  MetadataSnapshotFetch(world::NodeContext& context, const BrokerConfig& config, ControllerChannel& controller,
                        controller::SnapshotId id, int32_t leader, int32_t leaderEpoch, Done done);

  void start() { fetchNext(); }

 private:
  void fetchNext();
  void onResponse(const world::Response& response);
  void finish();

  world::NodeContext& m_context;
  const BrokerConfig& m_config;
  ControllerChannel& m_controller;
  const controller::SnapshotId m_id;
  const int32_t m_leader;
  const int32_t m_leaderEpoch;
  const Done m_done;
  base::Bytes m_bytes;
};

}  // namespace streamscope::broker
