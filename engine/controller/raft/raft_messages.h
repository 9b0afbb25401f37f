#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error_code.h"
#include "controller/snapshot_file.h"
#include "protocol/message.h"
#include "voting.h"

namespace streamscope::controller {

// The requests of a metadata quorum and their answers. All are about `__cluster_metadata-0` and nothing else. Kafka:
// RaftUtil.

/// Who leads, as answers tell it; -1 for nobody.
struct LeaderAndEpoch {
  std::optional<int32_t> leaderId;
  int32_t epoch = 0;

  bool operator==(const LeaderAndEpoch&) const = default;
};

/// The two fields that every answer of the quorum has, in its partition or in a struct of that.
template <class Answer>
LeaderAndEpoch leaderNamedBy(const Answer& answer) {
  return {answer.leaderId == -1 ? std::nullopt : std::optional(answer.leaderId), answer.leaderEpoch};
}

struct VoteQuestion {
  std::string clusterId;
  ReplicaKey candidate;
  int32_t epoch = 0;
  /// Where the candidate's log ends.
  SnapshotId end;
  bool isPreVote = false;
};
protocol::VoteRequest voteRequest(const VoteQuestion& question, int32_t voter);
protocol::VoteResponse voteResponse(base::ErrorCode error, const LeaderAndEpoch& leader, bool isGranted);

protocol::BeginQuorumEpochRequest beginQuorumEpochRequest(const std::string& clusterId, int32_t leaderId, int32_t epoch,
                                                          int32_t voter);
protocol::BeginQuorumEpochResponse beginQuorumEpochResponse(base::ErrorCode error, const LeaderAndEpoch& leader);

protocol::EndQuorumEpochRequest endQuorumEpochRequest(const std::string& clusterId, int32_t leaderId, int32_t epoch,
                                                      const std::vector<int32_t>& preferredSuccessors);
protocol::EndQuorumEpochResponse endQuorumEpochResponse(base::ErrorCode error, const LeaderAndEpoch& leader);

protocol::FetchSnapshotResponse fetchSnapshotResponse(base::ErrorCode error, const SnapshotId& id,
                                                      const LeaderAndEpoch& leader);

/// The one partition of a request or response that is about the metadata log alone; null for any other.
const protocol::VoteRequest::TopicData::PartitionData* metadataPartitionOf(const protocol::VoteRequest& request);
const protocol::VoteResponse::TopicData::PartitionData* metadataPartitionOf(const protocol::VoteResponse& response);
const protocol::BeginQuorumEpochRequest::TopicData::PartitionData* metadataPartitionOf(
    const protocol::BeginQuorumEpochRequest& request);
const protocol::BeginQuorumEpochResponse::TopicData::PartitionData* metadataPartitionOf(
    const protocol::BeginQuorumEpochResponse& response);
const protocol::EndQuorumEpochRequest::TopicData::PartitionData* metadataPartitionOf(
    const protocol::EndQuorumEpochRequest& request);
const protocol::EndQuorumEpochResponse::TopicData::PartitionData* metadataPartitionOf(
    const protocol::EndQuorumEpochResponse& response);
const protocol::FetchSnapshotRequest::TopicSnapshot::PartitionSnapshot* metadataPartitionOf(
    const protocol::FetchSnapshotRequest& request);
const protocol::FetchSnapshotResponse::TopicSnapshot::PartitionSnapshot* metadataPartitionOf(
    const protocol::FetchSnapshotResponse& response);
/// From Fetch version 13 on topics are named by their ids; both are looked at.
const protocol::FetchRequest::FetchPartition* metadataPartitionOf(const protocol::FetchRequest& request,
                                                                  int16_t version);
const protocol::FetchResponse::PartitionData* metadataPartitionOf(const protocol::FetchResponse& response);

}  // namespace streamscope::controller
