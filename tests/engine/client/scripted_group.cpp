#include "scripted_group.h"

#include <utility>
#include <variant>

#include "protocol/consumer_protocol_codec.h"

namespace streamscope::test {

using base::ErrorCode;

namespace {

constexpr const char* kMemberId = "member-1";

int16_t take(ErrorCode& error) {
  return static_cast<int16_t>(std::exchange(error, ErrorCode::NONE));
}

}  // namespace

bool ScriptedGroup::answer(const world::IncomingRequest& request, world::Network& network) {
  if (const auto* find = std::get_if<protocol::FindCoordinatorRequest>(&request.body)) {
    ++searches;
    protocol::FindCoordinatorResponse response;
    auto& found = response.coordinators.emplace_back();
    found.key = find->coordinatorKeys.at(0);
    found.nodeId = coordinator;
    network.respond(request.reply, std::move(response));
  } else if (const auto* joining = std::get_if<protocol::JoinGroupRequest>(&request.body)) {
    network.respond(request.reply, join(*joining));
  } else if (const auto* syncing = std::get_if<protocol::SyncGroupRequest>(&request.body)) {
    network.respond(request.reply, sync(*syncing));
  } else if (std::holds_alternative<protocol::HeartbeatRequest>(request.body)) {
    ++heartbeats;
    protocol::HeartbeatResponse response;
    response.errorCode = take(heartbeatError);
    network.respond(request.reply, std::move(response));
  } else if (const auto* leaving = std::get_if<protocol::LeaveGroupRequest>(&request.body)) {
    leaveReasons.push_back(leaving->members.at(0).reason.value_or(""));
    network.respond(request.reply, protocol::LeaveGroupResponse{});
  } else if (const auto* committing = std::get_if<protocol::OffsetCommitRequest>(&request.body)) {
    network.respond(request.reply, commit(*committing));
  } else if (const auto* fetching = std::get_if<protocol::OffsetFetchRequest>(&request.body)) {
    network.respond(request.reply, fetch(*fetching));
  } else {
    return false;
  }
  return true;
}

protocol::ResponseBody ScriptedGroup::join(const protocol::JoinGroupRequest& request) {
  protocol::JoinGroupResponse response;
  joinReasons.push_back(request.reason.value_or(""));
  response.memberId = kMemberId;
  response.errorCode = take(joinError);
  if (response.errorCode != 0) return response;
  if (request.memberId.empty() && !request.groupInstanceId) {
    response.errorCode = static_cast<int16_t>(ErrorCode::MEMBER_ID_REQUIRED);
    return response;
  }
  response.generationId = ++generation;
  response.protocolType = request.protocolType;
  response.protocolName = request.protocols.at(0).name;
  response.leader = kMemberId;
  response.members.push_back({kMemberId, request.groupInstanceId, request.protocols.at(0).metadata});
  auto imagined = protocol::decodeSubscription(request.protocols.at(0).metadata).value();
  imagined.ownedPartitions.clear();
  imagined.generationId = -1;
  for (const std::string& member : imaginedMembers)
    response.members.push_back({member, std::nullopt, protocol::encodeSubscription(imagined, 3)});
  return response;
}

protocol::ResponseBody ScriptedGroup::sync(const protocol::SyncGroupRequest& request) {
  ++syncs;
  assigned.clear();
  protocol::SyncGroupResponse response;
  for (const auto& each : request.assignments) {
    for (const auto& topic : protocol::decodeAssignment(each.assignment).value().assignedPartitions)
      assigned[each.memberId] += topic.partitions.size();
    if (each.memberId == kMemberId) response.assignment = each.assignment;
  }
  return response;
}

protocol::ResponseBody ScriptedGroup::commit(const protocol::OffsetCommitRequest& request) {
  ++commits;
  const int16_t error = take(commitError);
  protocol::OffsetCommitResponse response;
  for (const auto& topic : request.topics) {
    auto& answered = response.topics.emplace_back();
    answered.name = topic.name;
    for (const auto& partition : topic.partitions) {
      answered.partitions.push_back({partition.partitionIndex, error});
      if (error == 0) committed[{topic.name, partition.partitionIndex}] = partition.committedOffset;
    }
  }
  return response;
}

protocol::ResponseBody ScriptedGroup::fetch(const protocol::OffsetFetchRequest& request) const {
  protocol::OffsetFetchResponse response;
  auto& group = response.groups.emplace_back();
  group.groupId = request.groups.at(0).groupId;
  for (const auto& topic : request.groups.at(0).topics.value()) {
    auto& answered = group.topics.emplace_back();
    answered.name = topic.name;
    for (const int32_t index : topic.partitionIndexes) {
      auto& partition = answered.partitions.emplace_back();
      partition.partitionIndex = index;
      const auto found = committed.find({topic.name, index});
      partition.committedOffset = found == committed.end() ? -1 : found->second;
    }
  }
  return response;
}

}  // namespace streamscope::test
