#pragma once

#include <cstdint>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "protocol/control_records.h"
#include "protocol/metadata_records.h"

namespace streamscope::protocol {

/// Number of a metadata record's type, as it stands in its value.
int16_t metadataRecordKey(const MetadataRecord& record);

/// The version Kafka writes a record with while the cluster's metadata.version has this level (`MetadataVersion.java`),
/// such as 21 for 3.9-IV0; fields that came later are then left out.
int16_t metadataRecordVersion(const MetadataRecord& record, int16_t metadataVersionLevel);

/// The value of a metadata record: frame version 1, key, version, then the record. The record's key is null.
base::Bytes encodeMetadataRecord(const MetadataRecord& record, int16_t version);

/// Refusals: UNSUPPORTED_VERSION for a frame, record or version this program does not know, INVALID_REQUEST.
base::Result<MetadataRecord> decodeMetadataRecord(const base::SharedBytes& value);

/// What the broker or the quorum writes into a log beside everybody's records, in control batches.
using ControlRecord = std::variant<LeaderChangeMessage, SnapshotHeaderRecord, SnapshotFooterRecord, EndTxnMarker,
                                   KRaftVersionRecord, VotersRecord>;

/// Key and value of a control record. The value is written with the version that stands in its `version` member.
struct ControlRecordBytes {
  base::Bytes key;
  base::Bytes value;
};
ControlRecordBytes encodeControlRecord(const ControlRecord& record);

/// Refusals: UNSUPPORTED_VERSION for another type or version of control record, INVALID_REQUEST.
base::Result<ControlRecord> decodeControlRecord(const base::SharedBytes& key, const base::SharedBytes& value);

}  // namespace streamscope::protocol
