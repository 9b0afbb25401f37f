#include "group_assignor.h"

#include <algorithm>
#include <utility>

#include "cooperative_sticky_assignor.h"
#include "protocol/consumer_protocol_codec.h"
#include "range_assignor.h"
#include "round_robin_assignor.h"
#include "sticky_assignor.h"

namespace streamscope::client {

namespace {

/// Partitions of one topic together, as both messages of the consumer protocol have them.
template <class Topics>
void addPartitions(const std::vector<base::TopicPartition>& partitions, Topics& topics) {
  for (const base::TopicPartition& each : partitions) {
    auto topic = std::ranges::find_if(topics, [&](const auto& other) { return other.topic == each.topic; });
    if (topic == topics.end()) {
      topics.emplace_back().topic = each.topic;
      topic = std::prev(topics.end());
    }
    topic->partitions.push_back(each.partition);
  }
}

GroupAssignment assignWith(std::string_view assignor, const GroupSubscription& group) {
  if (assignor == assignorName(AssignorKind::Range)) return assignRanges(group);
  if (assignor == assignorName(AssignorKind::RoundRobin)) return assignRoundRobin(group);
  if (assignor == assignorName(AssignorKind::Sticky)) return assignSticky(group);
  return assignCooperativeSticky(group);
}

}  // namespace

bool GroupAssignor::isCooperative() const {
  return std::ranges::all_of(m_config.partitionAssignmentStrategy,
                             [](AssignorKind assignor) { return assignor == AssignorKind::CooperativeSticky; });
}

std::optional<base::SharedBytes> GroupAssignor::userData(AssignorKind assignor) const {
  if (assignor == AssignorKind::CooperativeSticky) return cooperativeStickyUserData(m_cooperativeGeneration);
  if (assignor == AssignorKind::Sticky && m_stickyAssignment)
    return stickyUserData(*m_stickyAssignment, m_stickyGeneration);
  return std::nullopt;
}

std::vector<protocol::JoinGroupRequest::JoinGroupRequestProtocol> GroupAssignor::protocols(
    const std::vector<base::TopicPartition>& owned, int32_t generation) const {
  protocol::ConsumerProtocolSubscription subscription;
  subscription.topics = m_config.topics;
  std::ranges::sort(subscription.topics);
  addPartitions(owned, subscription.ownedPartitions);
  subscription.generationId = generation;
  if (!m_config.clientRack.empty()) subscription.rackId = m_config.clientRack;
  std::vector<protocol::JoinGroupRequest::JoinGroupRequestProtocol> protocols;
  for (const AssignorKind assignor : m_config.partitionAssignmentStrategy) {
    subscription.userData = userData(assignor);
    protocols.push_back(
        {std::string(assignorName(assignor)),
         protocol::encodeSubscription(subscription, protocol::ConsumerProtocolSubscription::kInfo.versionMax)});
  }
  return protocols;
}

base::Result<GroupSubscription> GroupAssignor::read(const protocol::JoinGroupResponse& response) {
  GroupSubscription group;
  for (const auto& member : response.members) {
    const base::Result<protocol::ConsumerProtocolSubscription> told = protocol::decodeSubscription(member.metadata);
    if (!told) return base::fail(told.error());
    MemberSubscription subscription;
    subscription.topics = told->topics;
    subscription.userData = told->userData;
    for (const auto& owned : told->ownedPartitions)
      for (const int32_t partition : owned.partitions) subscription.ownedPartitions.push_back({owned.topic, partition});
    if (told->generationId >= 0) subscription.generationId = told->generationId;
    subscription.rackId = told->rackId.value_or("");
    subscription.groupInstanceId = member.groupInstanceId.value_or("");
    group.members.emplace_back(member.memberId, std::move(subscription));
  }
  return group;
}

std::map<std::string, base::SharedBytes> GroupAssignor::assign(const std::string& assignor,
                                                               const GroupSubscription& group) const {
  std::map<std::string, base::SharedBytes> assignments;
  for (const auto& [memberId, partitions] : assignWith(assignor, group)) {
    protocol::ConsumerProtocolAssignment assignment;
    addPartitions(partitions, assignment.assignedPartitions);
    assignments[memberId] =
        protocol::encodeAssignment(assignment, protocol::ConsumerProtocolAssignment::kInfo.versionMax);
  }
  return assignments;
}

void GroupAssignor::onAssignment(const std::string& assignor, const std::vector<base::TopicPartition>& partitions,
                                 int32_t generation) {
  if (assignor == assignorName(AssignorKind::CooperativeSticky)) m_cooperativeGeneration = generation;
  if (assignor != assignorName(AssignorKind::Sticky)) return;
  m_stickyAssignment = partitions;
  m_stickyGeneration = generation;
}

}  // namespace streamscope::client
