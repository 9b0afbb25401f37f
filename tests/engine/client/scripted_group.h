#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error_code.h"
#include "base/topic_partition.h"
#include "protocol/message.h"
#include "world/node.h"

namespace streamscope::test {

/// The coordinator of a group with one real member, who leads it, and as many imagined ones as a test wants. Answers at
/// once.
struct ScriptedGroup {
  base::BrokerId coordinator = 1;
  std::map<base::TopicPartition, base::Offset> committed;
  /// Subscribe to what the real one does and do nothing else.
  std::vector<std::string> imaginedMembers;
  /// For the next request of each kind, once.
  base::ErrorCode joinError = base::ErrorCode::NONE, heartbeatError = base::ErrorCode::NONE,
                  commitError = base::ErrorCode::NONE;

  // What was asked.
  int32_t generation = 0;
  std::vector<std::string> joinReasons, leaveReasons;
  int32_t syncs = 0, heartbeats = 0, commits = 0, searches = 0;
  /// How many partitions the leader gave to each member.
  std::map<std::string, size_t> assigned;

  /// False for what a coordinator does not answer.
  bool answer(const world::IncomingRequest& request, world::Network& network);

 private:
  protocol::ResponseBody join(const protocol::JoinGroupRequest& request);
  protocol::ResponseBody sync(const protocol::SyncGroupRequest& request);
  protocol::ResponseBody commit(const protocol::OffsetCommitRequest& request);
  protocol::ResponseBody fetch(const protocol::OffsetFetchRequest& request) const;
};

}  // namespace streamscope::test
