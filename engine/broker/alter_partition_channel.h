#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/error_code.h"
#include "base/result.h"
#include "base/topic_partition.h"
#include "base/uuid.h"

namespace streamscope::broker {

/// A leader's wish for another ISR.
struct IsrProposal {
  base::Uuid topicId;
  base::PartitionId partition = 0;
  base::LeaderEpoch leaderEpoch = 0;
  int32_t partitionEpoch = 0;
  struct Member {
    base::BrokerId broker = 0;
    /// The epoch of the member's last fetch; the controller refuses a member that has restarted since.
    int64_t brokerEpoch = -1;
  };
  std::vector<Member> isr;
};

/// What the controller made of it.
struct IsrDecision {
  base::LeaderEpoch leaderEpoch = 0;
  int32_t partitionEpoch = 0;
  std::vector<base::BrokerId> isr;
};

/// The way of a partition leader to the controller.
class AlterPartitionChannel {
 public:
  virtual ~AlterPartitionChannel() = default;
  using Handler = std::function<void(base::Result<IsrDecision, base::ErrorCode>)>;
  /// One proposal may be in flight for a partition. `onDecision` runs once.
  virtual void submit(IsrProposal proposal, Handler onDecision) = 0;
};

}  // namespace streamscope::broker
