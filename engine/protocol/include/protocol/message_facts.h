#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/uuid.h"
#include "protocol/message.h"

namespace streamscope::protocol {

// What a message says in short, for traces, charts and logs.

/// The first error code in the order of the fields that is not 0 (NONE), wherever in the response it stands; 0 when all
/// went well.
int16_t firstErrorCode(const ResponseBody& body);

/// Bytes of all record batches inside.
size_t recordBytes(const RequestBody& body);
size_t recordBytes(const ResponseBody& body);

/// A partition as a request names it: by name, by topic id, or both.
struct PartitionReference {
  std::string topic;
  base::Uuid topicId;
  int32_t partition = 0;

  bool operator==(const PartitionReference&) const = default;
};

/// The partition when a request is about exactly one (Produce, Fetch, ListOffsets, DeleteRecords, OffsetForLeaderEpoch,
/// AlterPartition).
std::optional<PartitionReference> onlyPartition(const RequestBody& body);

}  // namespace streamscope::protocol
