#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/topic_partition.h"
#include "base/virtual_time.h"

namespace streamscope::client {

/// Where to begin without a committed offset, or where the position is no longer in the log (Kafka:
/// AutoOffsetResetStrategy). None: the consumer ends with an error. ByDuration: so long ago (KIP-1106).
enum class AutoOffsetReset : uint8_t { Earliest, Latest, None, ByDuration };

/// As in requests: with read_committed the consumer stops at the last stable offset and leaves aborted records out.
enum class IsolationLevel : int8_t { ReadUncommitted = 0, ReadCommitted = 1 };

/// The assignors of partition.assignment.strategy, by the names "range", "roundrobin", "sticky", "cooperative-sticky".
enum class AssignorKind : uint8_t { Range, RoundRobin, Sticky, CooperativeSticky };

/// As partition.assignment.strategy and the group protocol name it.
std::string_view assignorName(AssignorKind assignor);

/// What the application calls after it has worked on the records of a poll.
enum class CommitCall : uint8_t { None, Sync, Async };

/// Kafka's consumer configs in camelCase with Kafka's defaults, and what this consumer reads.
struct ConsumerConfig {
  std::string clientId;
  std::vector<base::BrokerId> bootstrapBrokers;

  int32_t fetchMinBytes = 1;
  base::Duration fetchMaxWait = std::chrono::milliseconds(500);
  int32_t fetchMaxBytes = 52'428'800;
  int32_t maxPartitionFetchBytes = 1'048'576;
  int32_t maxPollRecords = 500;
  base::Duration requestTimeout = std::chrono::milliseconds(30'000);
  base::Duration defaultApiTimeout = std::chrono::milliseconds(60'000);
  base::Duration retryBackoff = std::chrono::milliseconds(100);
  base::Duration metadataMaxAge = std::chrono::milliseconds(300'000);
  AutoOffsetReset autoOffsetReset = AutoOffsetReset::Latest;
  /// Of auto.offset.reset=by_duration:P1D.
  base::Duration autoOffsetResetDuration{0};
  IsolationLevel isolationLevel = IsolationLevel::ReadUncommitted;

  /// client.rack, "" for nowhere: brokers may send this consumer to a replica near to it (KIP-392).
  std::string clientRack;

  /// With a group.id the consumer is a member of that group; "" for none.
  std::string groupId;
  /// A static member (KIP-345); "" for a dynamic one.
  std::string groupInstanceId;
  std::vector<AssignorKind> partitionAssignmentStrategy = {AssignorKind::Range, AssignorKind::CooperativeSticky};
  base::Duration sessionTimeout = std::chrono::milliseconds(45'000);
  base::Duration heartbeatInterval = std::chrono::milliseconds(3'000);
  base::Duration maxPollInterval = std::chrono::milliseconds(300'000);
  bool enableAutoCommit = true;
  base::Duration autoCommitInterval = std::chrono::milliseconds(5'000);

  /// The first one is read; a member of a group subscribes to all of them.
  std::vector<std::string> topics;
  /// Manually assigned; empty: all partitions of the topic. A member is given its partitions by the group.
  std::vector<base::PartitionId> partitions;
  /// Time to work on one record.
  base::Duration processingTime{0};
  CommitCall commitCall = CommitCall::None;

  bool isMember() const { return !groupId.empty(); }
};

/// Kafka's defaults, changed by consumer configs under Kafka's keys ("group.id", "session.timeout.ms", ...). Refusals:
/// INVALID_CONFIG for a key that this consumer does not have, and for what Kafka refuses.
base::Result<ConsumerConfig> makeConsumerConfig(const std::map<std::string, std::string>& configs);

}  // namespace streamscope::client
