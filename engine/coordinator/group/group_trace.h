#pragma once

#include <string>
#include <string_view>

#include "group/classic_group.h"
#include "world/node.h"

namespace streamscope::coordinator {

/// Tells the trace what happens to groups.
class GroupTrace {
 public:
  explicit GroupTrace(world::NodeContext& node) : m_node(node) {}

  void stateChanged(const Group& group, std::string_view from, int32_t generation, const std::string& reason) const {
    m_node.trace.record(world::GroupStateChanged{m_node.self, group.id(), std::string(from),
                                                 std::string(group.stateName()), generation, reason});
  }
  void joined(const ClassicGroup& group, const ClassicGroupMember& member) const {
    m_node.trace.record(world::GroupMemberJoined{m_node.self, group.id(), member.memberId,
                                                 member.groupInstanceId.value_or(""), member.clientId,
                                                 member.clientHost, group.generation()});
  }
  void left(const ClassicGroup& group, const ClassicGroupMember& member, const std::string& reason) const {
    m_node.trace.record(world::GroupMemberLeft{m_node.self, group.id(), member.memberId,
                                               member.groupInstanceId.value_or(""), group.generation(), reason});
  }
  void rebalanceStarted(const ClassicGroup& group, const std::string& reason) const {
    m_node.trace.record(world::GroupRebalanceStarted{m_node.self, group.id(), group.generation(), reason});
  }
  void rebalanceCompleted(const ClassicGroup& group) const {
    m_node.trace.record(world::GroupRebalanceCompleted{m_node.self, group.id(), group.generation(),
                                                       static_cast<int32_t>(group.members().size()),
                                                       group.protocolName().value_or(""), group.leaderId()});
  }
  /// What each member owns now; of consumers only, because nobody else's bytes can be read.
  void assigned(const ClassicGroup& group) const {
    if (!group.isOfConsumers()) return;
    for (GroupMemberView& member : group.view().members)
      m_node.trace.record(world::GroupMemberAssigned{m_node.self, group.id(), member.memberId, group.generation(),
                                                     std::move(member.assignment)});
  }

 private:
  world::NodeContext& m_node;
};

}  // namespace streamscope::coordinator
