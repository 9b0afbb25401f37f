#pragma once

#include <optional>

#include "base/error_code.h"
#include "protocol/message.h"
#include "protocol/message_facts.h"

namespace streamscope::protocol {

// Answers that say nothing but an error, for any request, made from the field lists of request and response: whatever
// in the response has an ErrorCode is filled in for what the request names (topics, partitions, keys) and has this
// error. As Kafka's `AbstractRequest.getErrorResponse`.

/// The whole request failed with this error.
ResponseBody errorAnswer(const RequestBody& request, base::ErrorCode error);

/// True when responses to this request have an error for each partition.
bool hasPartitionErrors(ApiKey key);

/// Takes one partition out of a request; what was taken, as a request of its own with only that partition, or nothing
/// when it is not named. A topic is the partition's if its name or, where it has one, its id is the same.
std::optional<RequestBody> takeOutPartition(RequestBody& request, const PartitionReference& partition);
bool namesNoPartition(const RequestBody& request);

/// Every partition the request names failed with this error; the request as a whole did not.
ResponseBody partitionErrorAnswer(const RequestBody& request, base::ErrorCode error);

/// Adds the partitions of `part` to `whole`, both answers to the same API.
void mergeAnswer(ResponseBody& whole, const ResponseBody& part);

/// The partition's part of a response is this error and nothing else; false when the response does not name it.
bool replaceByError(ResponseBody& response, const PartitionReference& partition, base::ErrorCode error);

}  // namespace streamscope::protocol
