#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "group_coordinator_shard.h"
#include "node_fakes.h"
#include "protocol/consumer_protocol_codec.h"

namespace streamscope::coordinator {

/// One shard of groups over a log that is a list in memory. What is written counts as replicated at once unless the
/// test holds it back or lets it fail.
class ShardFixture {
 public:
  ShardFixture();

  broker::NodeFakes node;
  broker::BrokerConfig config;
  controller::MetadataImage image;
  /// Every record ever written, with its offset as its place.
  std::vector<CoordinatorRecord> log;
  /// The next write comes to this.
  base::ErrorCode nextWrite = base::ErrorCode::NONE;
  /// Writes wait until `replicate`.
  bool isHeldBack = false;

  GroupCoordinatorShard& shard() { return *m_shard; }
  void run(CoordinatorResult result);
  void replicate();
  void advance(base::Duration duration) { node.timers.advance(duration); }
  /// Another broker takes over: a new shard replays the log.
  void moveElsewhere();

  // Requests of a client that is named like its member; each returns the number its answer has.

  struct Member {
    std::string name;
    /// What the coordinator gave it.
    std::string id = {};
    std::optional<std::string> instance = {};
    std::vector<std::string> topics = {"orders"};
    std::vector<std::string> assignors = {"range"};
    int16_t version = 9;
    int32_t generation = -1;
  };
  int32_t join(const Member& member);
  /// Joins, and joins again with the id it is given.
  int32_t joinWithId(Member& member);
  int32_t sync(const Member& member, const std::vector<std::pair<Member, std::vector<int32_t>>>& assignments = {});
  base::ErrorCode heartbeat(const Member& member);
  base::ErrorCode leave(const Member& member);
  base::ErrorCode commit(const Member& member, const base::TopicPartition& partition, base::Offset offset,
                         const std::string& metadata = {});
  base::Offset committed(const base::TopicPartition& partition,
                         CommittedOffsets::View view = CommittedOffsets::View::Replicated);

  /// The answer with this number; none while the request waits.
  template <class Body>
  std::optional<Body> answer(int32_t number) const {
    for (const auto& [correlationId, body] : node.network.responses)
      if (correlationId == number) return std::get<Body>(body);
    return std::nullopt;
  }
  protocol::JoinGroupResponse joined(int32_t number) const {
    return answer<protocol::JoinGroupResponse>(number).value_or(protocol::JoinGroupResponse{});
  }
  bool isWaiting(int32_t number) const {
    return std::ranges::none_of(node.network.responses, [&](const auto& each) { return each.first == number; });
  }

  /// "Stable 2: a(0 1)* b(2)": state, generation, members with their partitions, the leader marked.
  std::string group() const;

  /// A group of one stable member per name; generation 1, each with one partition of "orders".
  std::vector<Member> stableGroup(const std::vector<std::string>& names);

  static constexpr const char* kGroup = "readers";

 private:
  ReplyPtr reply(int16_t version);
  world::RequestHeader header(const Member& member) const;

  PendingReplies m_replies{node.network};
  std::unique_ptr<CoordinatorTimers> m_timers;
  std::unique_ptr<GroupCoordinatorShard> m_shard;
  std::vector<std::function<void(base::ErrorCode)>> m_held;
  int32_t m_lastNumber = 0;
};

}  // namespace streamscope::coordinator
