#include <utility>

#include "base/assert.h"
#include "message_encoder.h"
#include "protocol/api_versions.h"
#include "protocol/codec.h"
#include "protocol/message_facts.h"

namespace streamscope::protocol {

namespace {

/// Room for what is not records, so that a frame with records is rarely moved while it grows.
constexpr size_t kReserve = 256;

template <class Body>
void encodeBody(const Body& body, int16_t version, base::ByteWriter& writer) {
  std::visit(
      [&]<class Message>(const Message& message) {
        STREAMSCOPE_ASSERT(Message::kInfo.hasVersion(version),
                           std::string(Message::kInfo.name) + " v" + std::to_string(version));
        encodeMessage(writer, version, message);
      },
      body);
}

base::Bytes finishFrame(base::ByteWriter& writer) {
  writer.patchInt32(0, static_cast<int32_t>(writer.size() - sizeof(int32_t)));
  return writer.take();
}

}  // namespace

void encodeRequest(const RequestBody& body, int16_t version, base::ByteWriter& writer) {
  encodeBody(body, version, writer);
}

void encodeResponse(const ResponseBody& body, int16_t version, base::ByteWriter& writer) {
  encodeBody(body, version, writer);
}

void encodeRequestHeader(const RequestHeader& header, base::ByteWriter& writer) {
  const std::optional<ApiKey> key = apiKeyFromId(header.requestApiKey);
  STREAMSCOPE_ASSERT(key.has_value());
  encodeMessage(writer, requestHeaderVersion(*key, header.requestApiVersion), header);
}

void encodeResponseHeader(ApiKey key, int16_t version, int32_t correlationId, base::ByteWriter& writer) {
  encodeMessage(writer, responseHeaderVersion(key, version), ResponseHeader{correlationId});
}

base::Bytes encodeRequestFrame(int16_t version, int32_t correlationId, std::optional<std::string> clientId,
                               const RequestBody& body) {
  base::ByteWriter writer(recordBytes(body) + kReserve);
  writer.writeInt32(0);
  encodeRequestHeader({static_cast<int16_t>(apiKeyOf(body)), version, correlationId, std::move(clientId)}, writer);
  encodeRequest(body, version, writer);
  return finishFrame(writer);
}

base::Bytes encodeResponseFrame(int16_t version, int32_t correlationId, const ResponseBody& body) {
  base::ByteWriter writer(recordBytes(body) + kReserve);
  writer.writeInt32(0);
  encodeResponseHeader(apiKeyOf(body), version, correlationId, writer);
  const bool isApiVersions = std::holds_alternative<ApiVersionsResponse>(body);
  const bool isKnown = !isApiVersions || ApiVersionsResponse::kInfo.hasVersion(version);
  encodeResponse(body, isKnown ? version : int16_t{0}, writer);
  return finishFrame(writer);
}

}  // namespace streamscope::protocol
