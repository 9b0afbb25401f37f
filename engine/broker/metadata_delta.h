#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/topic_partition.h"
#include "base/uuid.h"
#include "controller/metadata_image.h"
#include "protocol/metadata_records.h"

namespace streamscope::broker {

/// What changed in the image since it was last published (Kafka: MetadataDelta, as far as a broker acts on it).
struct MetadataDelta {
  std::set<std::pair<base::Uuid, base::PartitionId>> changedPartitions;
  std::set<base::Uuid> removedTopics;
  std::set<std::string> topicsWithChangedConfig;
  bool brokersChanged = false;
  /// Of this broker or of any other.
  bool brokerConfigsChanged = false;

  bool empty() const {
    return changedPartitions.empty() && removedTopics.empty() && topicsWithChangedConfig.empty() && !brokersChanged &&
           !brokerConfigsChanged;
  }
  void note(const protocol::MetadataRecord& record);

  /// Everything in the image counts as changed: what a broker sees when it has caught up for the first time.
  static MetadataDelta ofWholeImage(const controller::MetadataImage& image);
};

}  // namespace streamscope::broker
