#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/virtual_time.h"
#include "pending_replies.h"
#include "protocol/messages/join_group.h"

namespace streamscope::coordinator {

/// An assignor a member supports, and what it hands to the leader for it.
using ClassicProtocol = protocol::JoinGroupRequest::JoinGroupRequestProtocol;

/// A member of a classic group (Kafka: ClassicGroupMember).
struct ClassicGroupMember {
  std::string memberId;
  std::optional<std::string> groupInstanceId;
  std::string clientId, clientHost;
  base::Duration rebalanceTimeout{0}, sessionTimeout{0};
  /// In the order of its preference.
  std::vector<ClassicProtocol> supportedProtocols;
  base::SharedBytes assignment;

  // Only of this life of the coordinator.

  /// Its JoinGroup and SyncGroup that are not answered yet.
  ReplyPtr awaitingJoin, awaitingSync;
  /// It has not been told its id yet, so that it cannot send heartbeats.
  bool isNew = false;

  bool isStatic() const { return groupInstanceId.has_value(); }
  bool isAwaitingJoin() const { return awaitingJoin != nullptr; }
  bool isAwaitingSync() const { return awaitingSync != nullptr; }
  /// Its session goes on without a heartbeat: it waits for the coordinator. Of a new member the wait is bounded.
  bool hasSatisfiedHeartbeat() const { return !isNew && (isAwaitingJoin() || isAwaitingSync()); }

  bool supports(const std::string& protocol) const {
    return std::ranges::any_of(supportedProtocols, [&](const auto& each) { return each.name == protocol; });
  }
  base::SharedBytes metadata(const std::string& protocol) const {
    for (const ClassicProtocol& each : supportedProtocols)
      if (each.name == protocol) return each.metadata;
    return {};
  }
  /// The candidate it likes best; there is one.
  const std::string& vote(const std::set<std::string>& candidates) const;
};

}  // namespace streamscope::coordinator
