#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "protocol/tree.h"

namespace streamscope::protocol {

/// Topics whose records Kafka itself writes and reads.
enum class InternalTopic : uint8_t { ClusterMetadata, ConsumerOffsets, TransactionState, ShareGroupState };

/// "__consumer_offsets" and the like; none for every other topic.
std::optional<InternalTopic> internalTopicNamed(std::string_view topic);
std::string_view nameOf(InternalTopic topic);

/// Key and value of one record as JSON on one line; empty where the record has none.
struct RecordDescription {
  std::string key;
  std::string value;
};

/// What a record of an internal topic says, with the names of Kafka's dump-log tool: of a coordinator's topic the key
/// is
/// {"type":1,"name":"OffsetCommitKey","data":{...}} and the value {"version":4,"data":{...}}, a null value is "null";
/// of the metadata log there is only a value, {"type":"TOPIC_RECORD","version":0,"data":{...}}. Subscriptions and
/// assignments in the consumer protocol are decoded, other bytes are base64. Refusals: as the decode functions.
base::Result<RecordDescription> describeRecord(InternalTopic topic, const std::optional<base::SharedBytes>& key,
                                               const std::optional<base::SharedBytes>& value);

/// As much of a key as could be read: "Type" and the key ("OffsetCommitKey"). The metadata log's records have none.
MessageTree internalKeyTree(InternalTopic topic, const base::SharedBytes& key);
/// The same of a value: "Version" and the value. `key` says what it is; the metadata log needs none.
MessageTree internalValueTree(InternalTopic topic, const base::SharedBytes& key, const base::SharedBytes& value);

}  // namespace streamscope::protocol
