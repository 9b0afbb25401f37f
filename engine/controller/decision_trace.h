#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/metadata_image.h"
#include "world/trace.h"

namespace streamscope::controller {

/// Tells the world what the controller decided, one event a decision, while the records are replayed into the image:
/// the events carry what was before and what is now.
class DecisionTrace {
 public:
  /// `fencingReason`: why a broker among the records is fenced.
  DecisionTrace(world::Trace& trace, const MetadataImage& image, std::string fencingReason);

  /// The records of one batch, before any of them is replayed.
  void begin(const std::vector<protocol::MetadataRecord>& records);
  /// One of them, before and after its replay.
  void before(const protocol::MetadataRecord& record);
  void after(const protocol::MetadataRecord& record);

 private:
  void tellBroker(base::BrokerId broker);
  void tellGrowth(const std::vector<protocol::MetadataRecord>& records);
  void tellReassignment(const base::TopicPartition& partition, const PartitionRegistration& now);
  void tellPartition(const base::Uuid& topicId, base::PartitionId partition);
  void tellDirectories(const base::TopicPartition& name, const std::vector<base::Uuid>& before,
                       const PartitionRegistration& now);

  world::Trace& m_trace;
  const MetadataImage& m_image;
  std::string m_fencingReason;
  std::optional<PartitionRegistration> m_partitionBefore;
  std::optional<BrokerRegistration> m_brokerBefore;
};

}  // namespace streamscope::controller
