#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "protocol/classic_group_records.h"
#include "protocol/consumer_group_records.h"
#include "protocol/share_group_records.h"
#include "protocol/share_state_records.h"
#include "protocol/streams_group_records.h"
#include "protocol/transaction_log_records.h"

namespace streamscope::protocol {

// Records of the coordinators' internal topics. A key is an int16 (the type of the record, kInfo.apiKey) and the key's
// fields; a value is an int16 (its version) and the value's fields. A record without a value deletes what its key
// names. Kafka: CoordinatorRecordSerde and the *CoordinatorRecordType enumerations.

/// Keys and values of `__consumer_offsets`; a value stands at the position of its key.
using GroupRecordKey = std::variant<
    LegacyOffsetCommitKey, OffsetCommitKey, GroupMetadataKey, ConsumerGroupMetadataKey,
    ConsumerGroupPartitionMetadataKey, ConsumerGroupMemberMetadataKey, ConsumerGroupTargetAssignmentMetadataKey,
    ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupRegularExpressionKey,
    ShareGroupMetadataKey, ShareGroupMemberMetadataKey, ShareGroupTargetAssignmentMetadataKey,
    ShareGroupTargetAssignmentMemberKey, ShareGroupCurrentMemberAssignmentKey, ShareGroupStatePartitionMetadataKey,
    StreamsGroupMetadataKey, StreamsGroupMemberMetadataKey, StreamsGroupTargetAssignmentMetadataKey,
    StreamsGroupTargetAssignmentMemberKey, StreamsGroupCurrentMemberAssignmentKey, StreamsGroupTopologyKey>;
using GroupRecordValue =
    std::variant<LegacyOffsetCommitValue, OffsetCommitValue, GroupMetadataValue, ConsumerGroupMetadataValue,
                 ConsumerGroupPartitionMetadataValue, ConsumerGroupMemberMetadataValue,
                 ConsumerGroupTargetAssignmentMetadataValue, ConsumerGroupTargetAssignmentMemberValue,
                 ConsumerGroupCurrentMemberAssignmentValue, ConsumerGroupRegularExpressionValue,
                 ShareGroupMetadataValue, ShareGroupMemberMetadataValue, ShareGroupTargetAssignmentMetadataValue,
                 ShareGroupTargetAssignmentMemberValue, ShareGroupCurrentMemberAssignmentValue,
                 ShareGroupStatePartitionMetadataValue, StreamsGroupMetadataValue, StreamsGroupMemberMetadataValue,
                 StreamsGroupTargetAssignmentMetadataValue, StreamsGroupTargetAssignmentMemberValue,
                 StreamsGroupCurrentMemberAssignmentValue, StreamsGroupTopologyValue>;

/// Keys and values of `__transaction_state`.
using TransactionRecordKey = std::variant<TransactionLogKey>;
using TransactionRecordValue = std::variant<TransactionLogValue>;

/// Keys and values of `__share_group_state`.
using ShareStateRecordKey = std::variant<ShareSnapshotKey, ShareUpdateKey>;
using ShareStateRecordValue = std::variant<ShareSnapshotValue, ShareUpdateValue>;

base::Bytes encodeCoordinatorKey(const GroupRecordKey& key);
base::Bytes encodeCoordinatorKey(const TransactionRecordKey& key);
base::Bytes encodeCoordinatorKey(const ShareStateRecordKey& key);

/// `version` must be one of the value's.
base::Bytes encodeCoordinatorValue(const GroupRecordValue& value, int16_t version);
base::Bytes encodeCoordinatorValue(const TransactionRecordValue& value, int16_t version);
base::Bytes encodeCoordinatorValue(const ShareStateRecordValue& value, int16_t version);

// Refusals: UNSUPPORTED_VERSION for a type or version this program does not know, INVALID_REQUEST. A value is read with
// the type that its key has.
base::Result<GroupRecordKey> decodeGroupRecordKey(const base::SharedBytes& key);
base::Result<GroupRecordValue> decodeGroupRecordValue(int16_t type, const base::SharedBytes& value);
base::Result<TransactionRecordKey> decodeTransactionRecordKey(const base::SharedBytes& key);
base::Result<TransactionRecordValue> decodeTransactionRecordValue(int16_t type, const base::SharedBytes& value);
base::Result<ShareStateRecordKey> decodeShareStateRecordKey(const base::SharedBytes& key);
base::Result<ShareStateRecordValue> decodeShareStateRecordValue(int16_t type, const base::SharedBytes& value);

}  // namespace streamscope::protocol
