#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "client/consumer_config.h"
#include "coordinator_connection.h"
#include "group_generation.h"
#include "protocol/message.h"
#include "world/node.h"

namespace streamscope::client {

/// A consumer's place in its group: JoinGroup, SyncGroup, heartbeats beside the application, LeaveGroup (the group
/// protocol of Kafka's AbstractCoordinator).
///
///   Unjoined ──JoinGroup──▶ PreparingRebalance ──answer, SyncGroup──▶ CompletingRebalance ──answer──▶ Stable
///       ▲                          ▲                                                                  │
///       └──left, or fenced         └───────────────────────────rebalance───────────────────────────────┘
class GroupMembership {
 public:
  enum class State : uint8_t { Unjoined, PreparingRebalance, CompletingRebalance, Stable };

  /// By member id.
  using Assignments = std::map<std::string, base::SharedBytes>;
  struct Hooks {
    /// What JoinGroup tells of each assignor.
    std::function<std::vector<protocol::JoinGroupRequest::JoinGroupRequestProtocol>()> protocols;
    /// For the leader: assigns, maybe later, and then calls back.
    std::function<void(const protocol::JoinGroupResponse&, std::function<void(Assignments)>)> assign;
    /// The application waits in `poll`.
    std::function<bool()> isPolling;
    std::function<void()> onProgress;
  };
  GroupMembership(world::NodeContext& context, const ConsumerConfig& config, CoordinatorConnection& coordinator,
                  Hooks hooks);

  State state() const { return m_state; }
  const Generation& generation() const { return m_generation; }
  bool hasGeneration() const { return m_generation.id != kNoGenerationId && !m_generation.memberId.empty(); }
  bool isRebalancing() const { return m_state == State::PreparingRebalance || m_state == State::CompletingRebalance; }

  /// The coordinator is told why (KIP-800).
  void requestRejoin(const std::string& reason);
  const std::string& rejoinReason() const { return m_rejoinReason; }
  /// A join is asked for, on its way, or its end was not looked at yet.
  bool isRejoinNeeded() const { return m_isRejoinNeeded || m_isJoining || m_joinResult.has_value(); }
  /// What was assigned has to be given up before the next JoinGroup; whoever has done that, or begins anew, says so.
  bool needsJoinPrepare() const { return m_needsJoinPrepare; }
  void setNeedsJoinPrepare(bool needs) { m_needsJoinPrepare = needs; }
  bool isJoining() const { return m_isJoining; }
  /// Sends JoinGroup, unless one is on its way.
  void join();
  struct JoinResult {
    base::ErrorCode error = base::ErrorCode::NONE;
    /// In the consumer protocol.
    base::SharedBytes assignment = {};
  };
  /// How the last join ended, once.
  std::optional<JoinResult> takeJoinResult() { return std::exchange(m_joinResult, std::nullopt); }

  /// The application called `poll`.
  void onPoll();
  /// It is fenced or unknown: it goes on as nobody, or with its member id, and joins again.
  void resetGeneration(const std::string& reason, bool alsoMemberId);
  /// Tells the coordinator, unless it is a static member; `done` runs when that is over.
  void leave(const std::string& reason, std::function<void()> done);

 private:
  using Protocol = protocol::JoinGroupRequest::JoinGroupRequestProtocol;

  void forgetGeneration(bool alsoMemberId);
  void onJoinResponse(const Generation& sent, const protocol::JoinGroupResponse* response);
  void onJoinError(const Generation& sent, base::ErrorCode error, const protocol::JoinGroupResponse& response);
  void onJoined(const protocol::JoinGroupResponse& response);
  void sync(const Assignments& assignments);
  void onSyncResponse(const Generation& sent, const protocol::SyncGroupResponse* response);
  void endJoin(base::ErrorCode error, base::SharedBytes assignment = {});
  void enableHeartbeat();
  void beat();
  void sendHeartbeat();
  void onHeartbeatResponse(const Generation& sent, const protocol::HeartbeatResponse* response);
  void failHeartbeat();
  void scheduleBeat();
  std::optional<std::string> instanceId() const;

  world::NodeContext& m_context;
  const ConsumerConfig& m_config;
  CoordinatorConnection& m_coordinator;
  const Hooks m_hooks;

  State m_state = State::Unjoined;
  Generation m_generation;
  bool m_isRejoinNeeded = true;
  bool m_needsJoinPrepare = true;
  std::string m_rejoinReason;
  bool m_isJoining = false;
  std::optional<JoinResult> m_joinResult;

  bool m_isHeartbeatEnabled = false;
  base::VirtualTime m_heartbeatDue{};
  base::VirtualTime m_sessionEnd{};
  base::VirtualTime m_pollEnd{};
  int32_t m_heartbeatFailures = 0;
  world::TimerId m_beatTimer = 0;
};

}  // namespace streamscope::client
