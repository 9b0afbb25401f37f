#include "raft_messages.h"

#include "metadata_log.h"

namespace streamscope::controller {

namespace {

constexpr int32_t kNobody = -1;

/// From this version of Fetch on topics are named by their ids.
constexpr int16_t kTopicIdVersion = 13;

template <class Message>
auto& addPartition(Message& message) {
  auto& topic = message.topics.emplace_back();
  topic.topicName = kMetadataTopicName;
  return topic.partitions.emplace_back();
}

template <class Response>
Response responseOf(base::ErrorCode error, const LeaderAndEpoch& leader) {
  Response response;
  auto& partition = addPartition(response);
  partition.errorCode = static_cast<int16_t>(error);
  partition.leaderId = leader.leaderId.value_or(kNobody);
  partition.leaderEpoch = leader.epoch;
  return response;
}

template <class Message>
auto onlyMetadataPartition(const Message& message) -> decltype(&message.topics.front().partitions.front()) {
  if (message.topics.size() != 1 || message.topics.front().topicName != kMetadataTopicName) return nullptr;
  const auto& partitions = message.topics.front().partitions;
  return partitions.size() == 1 && partitions.front().partitionIndex == 0 ? &partitions.front() : nullptr;
}

}  // namespace

// Building.

protocol::VoteRequest voteRequest(const VoteQuestion& question, int32_t voter) {
  protocol::VoteRequest request;
  request.clusterId = question.clusterId;
  request.voterId = voter;
  auto& partition = addPartition(request);
  partition.replicaEpoch = question.epoch;
  partition.replicaId = question.candidate.id;
  partition.replicaDirectoryId = question.candidate.directoryId;
  partition.lastOffsetEpoch = question.end.epoch;
  partition.lastOffset = question.end.endOffset;
  partition.preVote = question.isPreVote;
  return request;
}

protocol::VoteResponse voteResponse(base::ErrorCode error, const LeaderAndEpoch& leader, bool isGranted) {
  auto response = responseOf<protocol::VoteResponse>(error, leader);
  response.topics.front().partitions.front().voteGranted = isGranted;
  return response;
}

protocol::BeginQuorumEpochRequest beginQuorumEpochRequest(const std::string& clusterId, int32_t leaderId, int32_t epoch,
                                                          int32_t voter) {
  protocol::BeginQuorumEpochRequest request;
  request.clusterId = clusterId;
  request.voterId = voter;
  auto& partition = addPartition(request);
  partition.leaderId = leaderId;
  partition.leaderEpoch = epoch;
  return request;
}

protocol::BeginQuorumEpochResponse beginQuorumEpochResponse(base::ErrorCode error, const LeaderAndEpoch& leader) {
  return responseOf<protocol::BeginQuorumEpochResponse>(error, leader);
}

protocol::EndQuorumEpochRequest endQuorumEpochRequest(const std::string& clusterId, int32_t leaderId, int32_t epoch,
                                                      const std::vector<int32_t>& preferredSuccessors) {
  protocol::EndQuorumEpochRequest request;
  request.clusterId = clusterId;
  auto& partition = addPartition(request);
  partition.leaderId = leaderId;
  partition.leaderEpoch = epoch;
  // The field depends on the version; each has its own.
  partition.preferredSuccessors = preferredSuccessors;
  for (const int32_t successor : preferredSuccessors) partition.preferredCandidates.push_back({successor, {}});
  return request;
}

protocol::EndQuorumEpochResponse endQuorumEpochResponse(base::ErrorCode error, const LeaderAndEpoch& leader) {
  return responseOf<protocol::EndQuorumEpochResponse>(error, leader);
}

protocol::FetchSnapshotResponse fetchSnapshotResponse(base::ErrorCode error, const SnapshotId& id,
                                                      const LeaderAndEpoch& leader) {
  protocol::FetchSnapshotResponse response;
  auto& topic = response.topics.emplace_back();
  topic.name = kMetadataTopicName;
  auto& partition = topic.partitions.emplace_back();
  partition.errorCode = static_cast<int16_t>(error);
  partition.snapshotId = {id.endOffset, id.epoch};
  partition.currentLeader = {leader.leaderId.value_or(kNobody), leader.epoch};
  return response;
}

// Reading.

const protocol::VoteRequest::TopicData::PartitionData* metadataPartitionOf(const protocol::VoteRequest& request) {
  return onlyMetadataPartition(request);
}
const protocol::VoteResponse::TopicData::PartitionData* metadataPartitionOf(const protocol::VoteResponse& response) {
  return onlyMetadataPartition(response);
}
const protocol::BeginQuorumEpochRequest::TopicData::PartitionData* metadataPartitionOf(
    const protocol::BeginQuorumEpochRequest& request) {
  return onlyMetadataPartition(request);
}
const protocol::BeginQuorumEpochResponse::TopicData::PartitionData* metadataPartitionOf(
    const protocol::BeginQuorumEpochResponse& response) {
  return onlyMetadataPartition(response);
}
const protocol::EndQuorumEpochRequest::TopicData::PartitionData* metadataPartitionOf(
    const protocol::EndQuorumEpochRequest& request) {
  return onlyMetadataPartition(request);
}
const protocol::EndQuorumEpochResponse::TopicData::PartitionData* metadataPartitionOf(
    const protocol::EndQuorumEpochResponse& response) {
  return onlyMetadataPartition(response);
}

const protocol::FetchSnapshotRequest::TopicSnapshot::PartitionSnapshot* metadataPartitionOf(
    const protocol::FetchSnapshotRequest& request) {
  if (request.topics.size() != 1 || request.topics.front().name != kMetadataTopicName) return nullptr;
  const auto& partitions = request.topics.front().partitions;
  return partitions.size() == 1 && partitions.front().partition == 0 ? &partitions.front() : nullptr;
}

const protocol::FetchSnapshotResponse::TopicSnapshot::PartitionSnapshot* metadataPartitionOf(
    const protocol::FetchSnapshotResponse& response) {
  if (response.topics.size() != 1 || response.topics.front().name != kMetadataTopicName) return nullptr;
  const auto& partitions = response.topics.front().partitions;
  return partitions.size() == 1 && partitions.front().index == 0 ? &partitions.front() : nullptr;
}

const protocol::FetchRequest::FetchPartition* metadataPartitionOf(const protocol::FetchRequest& request,
                                                                  int16_t version) {
  if (request.topics.size() != 1) return nullptr;
  const auto& topic = request.topics.front();
  const bool isTopic =
      version >= kTopicIdVersion ? topic.topicId == base::kMetadataTopicId : topic.topic == kMetadataTopicName;
  const bool isOnly = topic.partitions.size() == 1 && topic.partitions.front().partition == 0;
  return isTopic && isOnly ? &topic.partitions.front() : nullptr;
}

const protocol::FetchResponse::PartitionData* metadataPartitionOf(const protocol::FetchResponse& response) {
  if (response.responses.size() != 1 || response.responses.front().partitions.size() != 1) return nullptr;
  return &response.responses.front().partitions.front();
}

}  // namespace streamscope::controller
