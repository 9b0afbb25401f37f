#include "coordinator/group_coordinator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "broker/coordinator_partition.h"
#include "coordinator_runtime.h"
#include "group_coordinator_shard.h"
#include "group_requests.h"
#include "operation_error.h"
#include "pending_replies.h"
#include "protocol/error_answer.h"

namespace streamscope::coordinator {

using base::ErrorCode;
using protocol::ApiKey;

namespace {

constexpr const char* kOffsetsTopic = "__consumer_offsets";

constexpr std::array kApiKeys{ApiKey::OffsetCommit,
                              ApiKey::OffsetFetch,
                              ApiKey::JoinGroup,
                              ApiKey::Heartbeat,
                              ApiKey::LeaveGroup,
                              ApiKey::SyncGroup,
                              ApiKey::DescribeGroups,
                              ApiKey::ListGroups,
                              ApiKey::DeleteGroups,
                              ApiKey::OffsetDelete,
                              ApiKey::ConsumerGroupHeartbeat,
                              ApiKey::ConsumerGroupDescribe};

/// Every operation that Kafka's clients know for a group, as bits: what somebody may do who may do everything.
constexpr int32_t kAllGroupOperations = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);

std::unique_ptr<CoordinatorShard> makeShard(const ShardContext& context) {
  return std::make_unique<GroupCoordinatorShard>(context);
}

/// An answer that is put together from those of several shards.
template <class Answer>
struct Gathering {
  ReplyPtr reply;
  Answer answer;
  size_t expected = 0;

  void arrived() {
    if (--expected == 0) reply->answer(std::move(answer));
  }
};

}  // namespace

struct GroupCoordinator::Impl {
  explicit Impl(broker::CoordinatorHost& itsHost)
      : host(itsHost), replies(host.node().network), runtime(host, kOffsetsTopic, makeShard) {}

  const broker::GroupCoordinatorConfig& config() const { return host.config().group; }

  /// None while the topic does not exist.
  std::optional<base::PartitionId> partitionOf(const std::string& groupId) const {
    const controller::TopicImage* offsets = host.image().findTopic(kOffsetsTopic);
    if (offsets == nullptr || offsets->partitions.empty()) return std::nullopt;
    return broker::coordinatorPartition(groupId, static_cast<int32_t>(offsets->partitions.size()));
  }
  ErrorCode availability(const std::string& groupId) const {
    const auto partition = partitionOf(groupId);
    return partition ? runtime.availability(*partition) : ErrorCode::NOT_COORDINATOR;
  }
  const GroupCoordinatorShard& shardOf(const std::string& groupId) const {
    return static_cast<const GroupCoordinatorShard&>(*runtime.find(*partitionOf(groupId)));
  }
  /// Of a group that is available.
  template <class Operation>
  void run(const std::string& groupId, Operation operation) {
    runtime.run(*partitionOf(groupId), config().offsetsCommitTimeout, [&operation](CoordinatorShard& shard) {
      return operation(static_cast<GroupCoordinatorShard&>(shard));
    });
  }
  /// By partition of the groups that are available; `refuse` is called for the others.
  template <class Refuse>
  std::map<base::PartitionId, std::vector<std::string>> byPartition(const std::vector<std::string>& groupIds,
                                                                    Refuse refuse) const {
    std::map<base::PartitionId, std::vector<std::string>> groups;
    for (const std::string& id : groupIds) {
      const ErrorCode error = availability(id);
      if (error == ErrorCode::NONE)
        groups[*partitionOf(id)].push_back(id);
      else
        refuse(id, error);
    }
    return groups;
  }

  // One for each request.
  void handle(const world::RequestHeader& header, protocol::JoinGroupRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::SyncGroupRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::HeartbeatRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::LeaveGroupRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::OffsetCommitRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::OffsetFetchRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::OffsetDeleteRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::DescribeGroupsRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::ListGroupsRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::DeleteGroupsRequest& request, const ReplyPtr& reply);
  void handle(const world::RequestHeader& header, protocol::ConsumerGroupDescribeRequest& request,
              const ReplyPtr& reply);
  /// The consumer protocol (KIP-848) is not spoken here, which Kafka says in the same way.
  template <class Other>
  void handle(const world::RequestHeader&, Other& request, const ReplyPtr& reply) {
    reply->answer(protocol::errorAnswer(std::move(request), ErrorCode::UNSUPPORTED_VERSION));
  }

  broker::CoordinatorHost& host;
  // Before the shards, whose members hold replies.
  PendingReplies replies;
  CoordinatorRuntime runtime;
};

// Members.

void GroupCoordinator::Impl::handle(const world::RequestHeader& header, protocol::JoinGroupRequest& request,
                                    const ReplyPtr& reply) {
  const auto refuse = [&](ErrorCode error, const std::string& memberId) {
    protocol::JoinGroupResponse answer;
    answer.errorCode = codeOf(error);
    answer.memberId = memberId;
    reply->answer(std::move(answer));
  };
  if (request.groupId.empty()) return refuse(ErrorCode::INVALID_GROUP_ID, request.memberId);
  const base::Duration session = std::chrono::milliseconds(request.sessionTimeoutMs);
  if (session < config().minSessionTimeout || session > config().maxSessionTimeout)
    return refuse(ErrorCode::INVALID_SESSION_TIMEOUT, request.memberId);
  const ErrorCode error = availability(request.groupId);
  if (error != ErrorCode::NONE) return refuse(error, "");
  completeTimeouts(request, header.version);
  run(request.groupId,
      [&](GroupCoordinatorShard& shard) { return shard.classicGroups().join(header, request, reply); });
}

void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::SyncGroupRequest& request,
                                    const ReplyPtr& reply) {
  const ErrorCode error = request.groupId.empty() ? ErrorCode::INVALID_GROUP_ID : availability(request.groupId);
  if (error != ErrorCode::NONE) return reply->answer(protocol::errorAnswer(request, error));
  run(request.groupId, [&](GroupCoordinatorShard& shard) { return shard.classicGroups().sync(request, reply); });
}

void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::HeartbeatRequest& request,
                                    const ReplyPtr& reply) {
  ErrorCode error = request.groupId.empty() ? ErrorCode::INVALID_GROUP_ID : availability(request.groupId);
  // The member's session begins anew when the group is loaded.
  const bool isLoading = error == ErrorCode::COORDINATOR_LOAD_IN_PROGRESS;
  if (error != ErrorCode::NONE)
    return reply->answer(protocol::errorAnswer(request, isLoading ? ErrorCode::NONE : error));
  run(request.groupId, [&](GroupCoordinatorShard& shard) { return shard.classicGroups().heartbeat(request, reply); });
}

void GroupCoordinator::Impl::handle(const world::RequestHeader& header, protocol::LeaveGroupRequest& request,
                                    const ReplyPtr& reply) {
  listMembers(request, header.version);
  const ErrorCode error = request.groupId.empty() ? ErrorCode::INVALID_GROUP_ID : availability(request.groupId);
  if (error != ErrorCode::NONE) return reply->answer(protocol::errorAnswer(request, error));
  run(request.groupId, [&](GroupCoordinatorShard& shard) { return shard.classicGroups().leave(request, reply); });
}

// Offsets.

void GroupCoordinator::Impl::handle(const world::RequestHeader& header, protocol::OffsetCommitRequest& request,
                                    const ReplyPtr& reply) {
  protocol::OffsetCommitResponse answer;
  takeOutUnknown(host.image(), header.version, request, answer);
  if (request.topics.empty()) return reply->answer(std::move(answer));
  const ErrorCode error = availability(request.groupId);
  if (error == ErrorCode::NONE)
    return run(request.groupId, [&](GroupCoordinatorShard& shard) {
      return shard.commitOffsets(request, header.version, std::move(answer), reply);
    });
  for (const auto& topic : request.topics) {
    auto& refused = answer.topics.emplace_back();
    refused.name = topic.name;
    refused.topicId = topic.topicId;
    for (const auto& partition : topic.partitions)
      refused.partitions.push_back({partition.partitionIndex, codeOf(error)});
  }
  reply->answer(std::move(answer));
}

void GroupCoordinator::Impl::handle(const world::RequestHeader& header, protocol::OffsetFetchRequest& request,
                                    const ReplyPtr& reply) {
  const auto gathering = std::make_shared<Gathering<std::vector<OffsetFetchGroupAnswer>>>();
  std::vector<OffsetFetchGroup> groups = groupsOf(request, header.version);
  gathering->answer.resize(groups.size());
  gathering->expected = groups.size() + 1;
  const auto arrived = [gathering, reply, request, version = header.version] {
    if (--gathering->expected == 0) reply->answer(answerOf(request, std::move(gathering->answer), version));
  };
  for (size_t place = 0; place < groups.size(); ++place) {
    OffsetFetchGroup& question = groups[place];
    OffsetFetchGroupAnswer& answer = gathering->answer[place];
    answer.groupId = question.groupId;
    const auto fail = [gathering, place](ErrorCode error) {
      gathering->answer[place].topics.clear();
      gathering->answer[place].errorCode = codeOf(error);
    };
    const ErrorCode error = availability(question.groupId);
    if (error != ErrorCode::NONE) {
      fail(error);
      arrived();
      continue;
    }
    takeOutUnknown(host.image(), header.version, question, answer);
    const auto read = [&](const GroupCoordinatorShard& shard, CommittedOffsets::View view) {
      OffsetFetchGroupAnswer found = shard.fetchOffsets(question, view);
      answer.errorCode = found.errorCode;
      std::ranges::move(found.topics, std::back_inserter(answer.topics));
    };
    if (!request.requireStable) {
      read(shardOf(question.groupId), CommittedOffsets::View::Replicated);
      arrived();
      continue;
    }
    // Sees what is only written, and is not told before that is replicated.
    run(question.groupId, [&](GroupCoordinatorShard& shard) {
      read(shard, CommittedOffsets::View::Latest);
      CoordinatorResult result;
      result.onCompleted = [fail, arrived](ErrorCode failure) {
        if (failure != ErrorCode::NONE) fail(operationError(failure));
        arrived();
      };
      return result;
    });
  }
  arrived();
}

void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::OffsetDeleteRequest& request,
                                    const ReplyPtr& reply) {
  const ErrorCode error = request.groupId.empty() ? ErrorCode::INVALID_GROUP_ID : availability(request.groupId);
  protocol::OffsetDeleteResponse answer;
  if (error != ErrorCode::NONE) {
    answer.errorCode = codeOf(error);
    return reply->answer(std::move(answer));
  }
  takeOutUnknown(host.image(), request, answer);
  run(request.groupId,
      [&](GroupCoordinatorShard& shard) { return shard.deleteOffsets(request, std::move(answer), reply); });
}

// Administration.

void GroupCoordinator::Impl::handle(const world::RequestHeader& header, protocol::DescribeGroupsRequest& request,
                                    const ReplyPtr& reply) {
  protocol::DescribeGroupsResponse answer;
  for (const std::string& id : request.groups) {
    const ErrorCode error = availability(id);
    if (error != ErrorCode::NONE) {
      auto& refused = answer.groups.emplace_back();
      refused.groupId = id;
      refused.errorCode = codeOf(error);
      continue;
    }
    auto& described = answer.groups.emplace_back(shardOf(id).describeGroup(id, header.version));
    if (request.includeAuthorizedOperations && described.errorCode == 0)
      described.authorizedOperations = kAllGroupOperations;
  }
  reply->answer(std::move(answer));
}

void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::ListGroupsRequest& request,
                                    const ReplyPtr& reply) {
  protocol::ListGroupsResponse answer;
  if (runtime.isAnyLoading()) {
    answer.errorCode = codeOf(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS);
    return reply->answer(std::move(answer));
  }
  for (const auto& [partition, shard] : runtime.shards()) {
    auto listed =
        static_cast<const GroupCoordinatorShard&>(*shard).listGroups(request.statesFilter, request.typesFilter);
    std::ranges::move(listed, std::back_inserter(answer.groups));
  }
  reply->answer(std::move(answer));
}

void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::DeleteGroupsRequest& request,
                                    const ReplyPtr& reply) {
  const auto gathering = std::make_shared<Gathering<protocol::DeleteGroupsResponse>>();
  gathering->reply = reply;
  std::vector<std::string> ids;
  for (const std::string& id : request.groupsNames)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  const auto groups = byPartition(ids, [&](const std::string& id, ErrorCode error) {
    gathering->answer.results.push_back({id, codeOf(error)});
  });
  gathering->expected = groups.size() + 1;
  for (const auto& [partition, ofPartition] : groups) {
    const auto onDeleted = [gathering](GroupCoordinatorShard::DeletedGroups deleted) {
      std::ranges::move(deleted, std::back_inserter(gathering->answer.results));
      gathering->arrived();
    };
    run(ofPartition.front(), [&](GroupCoordinatorShard& shard) { return shard.deleteGroups(ofPartition, onDeleted); });
  }
  gathering->arrived();
}

/// There are only classic groups; a tool asks for those after this answer.
void GroupCoordinator::Impl::handle(const world::RequestHeader&, protocol::ConsumerGroupDescribeRequest& request,
                                    const ReplyPtr& reply) {
  protocol::ConsumerGroupDescribeResponse answer;
  for (const std::string& id : request.groupIds) {
    auto& described = answer.groups.emplace_back();
    described.groupId = id;
    const ErrorCode error = availability(id);
    described.errorCode = codeOf(error == ErrorCode::NONE ? ErrorCode::GROUP_ID_NOT_FOUND : error);
    if (error != ErrorCode::NONE) continue;
    // What Kafka's tools show.
    const bool isKnown = shardOf(id).hasGroup(id);
    described.errorMessage = "Group " + id + (isKnown ? " is not a consumer group." : " not found.");
  }
  reply->answer(std::move(answer));
}

// The public face.

GroupCoordinator::GroupCoordinator(broker::CoordinatorHost& host) : m_impl(std::make_unique<Impl>(host)) {}
GroupCoordinator::~GroupCoordinator() = default;

broker::CoordinatorFactory GroupCoordinator::factory() {
  return [](broker::CoordinatorHost& host) { return std::make_unique<GroupCoordinator>(host); };
}

std::string_view GroupCoordinator::topic() const {
  return kOffsetsTopic;
}

std::span<const ApiKey> GroupCoordinator::apiKeys() const {
  return kApiKeys;
}

void GroupCoordinator::handle(world::IncomingRequest request) {
  const ReplyPtr reply = m_impl->replies.add(request.reply);
  std::visit([&](auto& body) { m_impl->handle(request.header, body, reply); }, request.body);
}

void GroupCoordinator::onElection(base::PartitionId partition, base::LeaderEpoch leaderEpoch) {
  m_impl->runtime.load(partition, leaderEpoch);
}

void GroupCoordinator::onResignation(base::PartitionId partition, const std::string& reason) {
  m_impl->runtime.unload(partition, reason);
}

void GroupCoordinator::onHighWatermarkMoved(base::PartitionId partition, base::Offset) {
  m_impl->runtime.onHighWatermarkMoved(partition);
}

void GroupCoordinator::onMetadataChanged(const std::vector<broker::DeletedTopic>& deleted) {
  std::vector<std::string> topics;
  for (const broker::DeletedTopic& topic : deleted) topics.push_back(topic.name);
  if (topics.empty()) return;
  for (const auto& [partition, shard] : m_impl->runtime.shards())
    m_impl->runtime.run(partition, m_impl->config().offsetsCommitTimeout, [&topics](CoordinatorShard& each) {
      return static_cast<GroupCoordinatorShard&>(each).forgetTopics(topics);
    });
}

void GroupCoordinator::stop(const std::string& reason) {
  m_impl->replies.abandonAll(reason);
}

std::vector<GroupView> GroupCoordinator::groups() const {
  std::vector<GroupView> all;
  for (const auto& [partition, shard] : m_impl->runtime.shards()) {
    auto views = static_cast<const GroupCoordinatorShard&>(*shard).views();
    std::ranges::move(views, std::back_inserter(all));
  }
  return all;
}

}  // namespace streamscope::coordinator
