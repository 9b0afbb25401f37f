#pragma once

#include <cstdint>
#include <string>

#include "protocol/message.h"
#include "protocol/metadata_records.h"
#include "protocol/record_codec.h"

namespace streamscope::protocol {

// A message as JSON on one line, with the fields its version has: {"maxWaitMs":500,"topics":[{"topic":"orders",...}]}.
// Names as Kafka's tools print them. Records are told by their size ("recordsSizeInBytes":70). For logs, the console
// and the inspector.

std::string describe(const RequestBody& body, int16_t version);
std::string describe(const ResponseBody& body, int16_t version);

/// {"type":"TOPIC_RECORD","version":0,"data":{"name":"orders",...}}, as kafka-dump-log prints the metadata log.
std::string describe(const MetadataRecord& record, int16_t version);
/// {"type":"LEADER_CHANGE","version":0,"data":{...}}
std::string describe(const ControlRecord& record);

}  // namespace streamscope::protocol
