#include "group_states.h"

#include <algorithm>
#include <utility>

#include "coordinator/group_coordinator.h"

namespace streamscope::lab {

namespace {

GroupMemberState stateOf(coordinator::GroupMemberView view) {
  GroupMemberState state;
  state.memberId = std::move(view.memberId);
  state.groupInstanceId = std::move(view.groupInstanceId);
  state.clientId = std::move(view.clientId);
  state.clientHost = std::move(view.clientHost);
  state.isLeader = view.isLeader;
  state.memberEpoch = view.memberEpoch;
  state.subscribedTopics = std::move(view.subscribedTopics);
  state.assignment = std::move(view.assignment);
  state.targetAssignment = std::move(view.targetAssignment);
  return state;
}

GroupState stateOf(coordinator::GroupView view, base::BrokerId coordinator, const std::string& topic) {
  GroupState state;
  state.id = std::move(view.id);
  state.coordinator = coordinator;
  state.coordinatorPartition = {topic, view.coordinatorPartition};
  state.type = std::move(view.type);
  state.state = std::move(view.state);
  state.protocolType = std::move(view.protocolType);
  state.protocol = std::move(view.protocol);
  state.generation = view.generation;
  for (auto& member : view.members) state.members.push_back(stateOf(std::move(member)));
  for (auto& offset : view.offsets)
    state.offsets.push_back(
        {std::move(offset.partition), offset.offset, offset.commitTimestamp, std::move(offset.metadata)});
  return state;
}

}  // namespace

std::vector<GroupState> groupStatesOf(const LabCluster& cluster) {
  std::vector<GroupState> states;
  for (const base::BrokerId broker : cluster.brokerIds()) {
    if (cluster.isDown(broker)) continue;
    for (const broker::HostedCoordinator* hosted : cluster.brokerNode(broker)->coordinators()) {
      const auto* groups = dynamic_cast<const coordinator::GroupCoordinator*>(hosted);
      if (groups == nullptr) continue;
      for (coordinator::GroupView& view : groups->groups())
        states.push_back(stateOf(std::move(view), broker, std::string(groups->topic())));
    }
  }
  std::ranges::stable_sort(states, {}, &GroupState::id);
  return states;
}

}  // namespace streamscope::lab
