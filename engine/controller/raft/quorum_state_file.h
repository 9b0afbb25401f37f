#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/uuid.h"

namespace streamscope::controller {

/// What a voter must never forget: the epoch it is in, its leader if known, and whom it voted for. Kafka:
/// ElectionState.
struct ElectionState {
  int32_t leaderEpoch = 0;
  std::optional<int32_t> leaderId;
  std::optional<int32_t> votedId;
  /// With kraft.version 1 a voter is its id and its directory.
  base::Uuid votedDirectoryId = base::kZeroUuid;
  /// With kraft.version 0 only; else the voters are in the log.
  std::vector<int32_t> voters;

  bool operator==(const ElectionState&) const = default;
};

/// The `quorum-state` file: one line of JSON, data_version 0 with kraft.version 0 and data_version 1 with 1, the fields
/// in Kafka's order. Kafka: FileQuorumStateStore, QuorumStateData.
std::string formatQuorumState(const ElectionState& state, int16_t kraftVersion);

/// KAFKA_STORAGE_ERROR, which names `fileName` and the field. Unknown fields are skipped.
base::Result<ElectionState> parseQuorumState(base::ByteView bytes, const std::string& fileName);

}  // namespace streamscope::controller
