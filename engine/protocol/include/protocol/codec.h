#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_writer.h"
#include "base/bytes.h"
#include "base/result.h"
#include "protocol/api_key.h"
#include "protocol/message.h"
#include "protocol/message_header.h"

namespace streamscope::protocol {

// Messages to bytes and back. Decoding never fails in another way than by a refusal, whose sentence names the message,
// its version, the field, the byte and what is wrong there:
//   "FetchRequest v12: Topics[0].Partitions[3].FetchOffset at byte 87: 8 bytes needed, 3 left"
// Bytes are counted from the beginning of what was handed over. Records are not copied: they share the buffer decoded
// from. Bytes after the end of a message are not looked at, as in Kafka.

/// Appends a body. `version` must be one of the message's. Fields that the version does not have are left out; a null
/// that it does not allow becomes an empty value; a string of more than 32767 bytes is cut.
void encodeRequest(const RequestBody& body, int16_t version, base::ByteWriter& writer);
void encodeResponse(const ResponseBody& body, int16_t version, base::ByteWriter& writer);
void encodeRequestHeader(const RequestHeader& header, base::ByteWriter& writer);
void encodeResponseHeader(ApiKey key, int16_t version, int32_t correlationId, base::ByteWriter& writer);

/// A whole request as it goes over TCP: size, header, body.
base::Bytes encodeRequestFrame(int16_t version, int32_t correlationId, std::optional<std::string> clientId,
                               const RequestBody& body);
/// A whole response as it goes over TCP; `version` is the request's. The answer to an unknown version of ApiVersions is
/// written with version 0.
base::Bytes encodeResponseFrame(int16_t version, int32_t correlationId, const ResponseBody& body);

/// A request's header and where its body begins.
struct DecodedRequestHeader {
  ApiKey key{};
  RequestHeader header;
  size_t bodyBegin = 0;
};
/// Reads the header of any version of a known request, so that an unsupported version can be answered. Refusal:
/// INVALID_REQUEST.
base::Result<DecodedRequestHeader> decodeRequestHeader(const base::SharedBytes& frame);

/// Refusals: UNSUPPORTED_VERSION, INVALID_REQUEST. `begin` is where the body begins in `bytes`.
base::Result<RequestBody> decodeRequest(ApiKey key, int16_t version, const base::SharedBytes& bytes, size_t begin = 0);
base::Result<ResponseBody> decodeResponse(ApiKey key, int16_t version, const base::SharedBytes& bytes,
                                          size_t begin = 0);

/// A request without its size prefix.
struct RequestFrame {
  RequestHeader header;
  RequestBody body;
};
base::Result<RequestFrame> decodeRequestFrame(const base::SharedBytes& frame);

/// A response without its size prefix; `key` and `version` are those of the request it answers.
struct ResponseFrame {
  ResponseHeader header;
  ResponseBody body;
};
base::Result<ResponseFrame> decodeResponseFrame(ApiKey key, int16_t version, const base::SharedBytes& frame);

}  // namespace streamscope::protocol
