#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "protocol/message.h"
#include "protocol/metadata_records.h"
#include "protocol/record_codec.h"

namespace streamscope::support {

// Messages with random content in every field the version has, made from the messages' own field lists. Fields the
// version does not have keep their default, so that decoding what was encoded gives an equal message.

protocol::RequestBody randomRequest(protocol::ApiKey key, int16_t version, base::Random& random);
protocol::ResponseBody randomResponse(protocol::ApiKey key, int16_t version, base::Random& random);

/// The alternative with this position in protocol::MetadataRecord.
protocol::MetadataRecord randomMetadataRecord(size_t alternative, int16_t version, base::Random& random);
protocol::ControlRecord randomControlRecord(size_t alternative, int16_t version, base::Random& random);

/// Every API this program knows, in the order of their keys.
std::vector<protocol::ApiKey> everyApi();
/// The versions a message is read and written in.
protocol::MessageInfo requestInfo(protocol::ApiKey key);
protocol::MessageInfo metadataRecordInfo(size_t alternative);

}  // namespace streamscope::support
