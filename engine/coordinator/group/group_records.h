#pragma once

#include <map>
#include <string>

#include "coordinator_record.h"
#include "group/offset_and_metadata.h"
#include "protocol/classic_group_records.h"

namespace streamscope::coordinator {

// The records of `__consumer_offsets` that every group writes, in the versions of Kafka 4.3 (Kafka:
// GroupCoordinatorRecordHelpers).

CoordinatorRecord offsetCommitRecord(const std::string& group, const base::TopicPartition& partition,
                                     const OffsetAndMetadata& committed);
CoordinatorRecord offsetCommitTombstone(const std::string& group, const base::TopicPartition& partition);
OffsetAndMetadata committedOffsetOf(const protocol::OffsetCommitValue& value);

CoordinatorRecord groupMetadataRecord(const std::string& group, const protocol::GroupMetadataValue& value);
CoordinatorRecord groupMetadataTombstone(const std::string& group);

}  // namespace streamscope::coordinator
