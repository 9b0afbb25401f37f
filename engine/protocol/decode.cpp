#include <string>
#include <utility>

#include "alternatives.h"
#include "message_decoder.h"
#include "protocol/api_versions.h"
#include "protocol/codec.h"
#include "protocol/tree.h"

namespace streamscope::protocol {

namespace {

base::Error unsupportedVersion(const MessageInfo& info, int16_t version) {
  return {base::ErrorCode::UNSUPPORTED_VERSION,
          std::string(info.name) + " v" + std::to_string(version) + " is not spoken here; use a version from " +
              std::to_string(info.versionMin) + " to " + std::to_string(info.versionMax)};
}

template <class Body>
base::Result<Body> decodeBody(ApiKey key, int16_t version, FrameReader& reader) {
  base::Result<Body> result = base::fail(base::ErrorCode::INVALID_REQUEST, "unknown API key");
  withAlternative<Body>(static_cast<int16_t>(key), [&]<class Message>(std::type_identity<Message>) {
    if (!Message::kInfo.hasVersion(version)) {
      result = base::fail(unsupportedVersion(Message::kInfo, version));
      return;
    }
    TreeBuilder* tree = reader.tree();
    if (tree != nullptr) tree->open(std::string(Message::kInfo.name), reader.position());
    Message message;
    decodeMessage(reader, version, message);
    if (tree != nullptr) tree->close(reader.position(), {});
    if (reader.failed())
      result = base::fail(reader.error(Message::kInfo.name, version));
    else
      result = Body(std::move(message));
  });
  return result;
}

template <class Header>
base::Status decodeHeader(FrameReader& reader, int16_t version, Header& header) {
  TreeBuilder* tree = reader.tree();
  if (tree != nullptr) tree->open(std::string(Header::kInfo.name), reader.position());
  decodeMessage(reader, version, header);
  if (tree != nullptr) tree->close(reader.position(), {});
  if (reader.failed()) return base::fail(reader.error(Header::kInfo.name, version));
  return {};
}

base::Result<DecodedRequestHeader> readRequestHeader(const base::SharedBytes& frame, FrameReader& reader) {
  // Key and version come first in every header and say which header it is.
  FrameReader preview(frame, 0);
  const auto id = preview.readInteger<int16_t>();
  const auto version = preview.readInteger<int16_t>();
  const std::optional<ApiKey> key = apiKeyFromId(id);
  if (!preview.failed() && !key)
    return base::fail(base::ErrorCode::INVALID_REQUEST,
                      "RequestHeader: RequestApiKey at byte 0: no request has the key " + std::to_string(id));
  DecodedRequestHeader decoded;
  decoded.key = key.value_or(ApiKey::Produce);
  const base::Status status = decodeHeader(reader, requestHeaderVersion(decoded.key, version), decoded.header);
  if (!status) return base::fail(status.error());
  decoded.bodyBegin = reader.position();
  return decoded;
}

base::Result<RequestFrame> readRequestFrame(const base::SharedBytes& frame, FrameReader& reader) {
  base::Result<DecodedRequestHeader> header = readRequestHeader(frame, reader);
  if (!header) return base::fail(std::move(header.error()));
  base::Result<RequestBody> body = decodeBody<RequestBody>(header->key, header->header.requestApiVersion, reader);
  if (!body) return base::fail(std::move(body.error()));
  return RequestFrame{std::move(header->header), std::move(*body)};
}

base::Result<ResponseFrame> readResponseFrame(ApiKey key, int16_t version, FrameReader& reader) {
  ResponseFrame frame;
  const base::Status status = decodeHeader(reader, responseHeaderVersion(key, version), frame.header);
  if (!status) return base::fail(status.error());
  base::Result<ResponseBody> body = decodeBody<ResponseBody>(key, version, reader);
  if (!body) return base::fail(std::move(body.error()));
  frame.body = std::move(*body);
  return frame;
}

template <class Frame>
MessageTree finishTree(std::string name, size_t size, TreeBuilder& builder, const base::Result<Frame>& result) {
  MessageTree tree;
  tree.root = TreeNode{std::move(name), {}, 0, size, builder.take()};
  if (!result) tree.error = result.error();
  return tree;
}

}  // namespace

base::Result<DecodedRequestHeader> decodeRequestHeader(const base::SharedBytes& frame) {
  FrameReader reader(frame, 0);
  return readRequestHeader(frame, reader);
}

base::Result<RequestBody> decodeRequest(ApiKey key, int16_t version, const base::SharedBytes& bytes, size_t begin) {
  FrameReader reader(bytes, begin);
  return decodeBody<RequestBody>(key, version, reader);
}

base::Result<ResponseBody> decodeResponse(ApiKey key, int16_t version, const base::SharedBytes& bytes, size_t begin) {
  FrameReader reader(bytes, begin);
  return decodeBody<ResponseBody>(key, version, reader);
}

base::Result<RequestFrame> decodeRequestFrame(const base::SharedBytes& frame) {
  FrameReader reader(frame, 0);
  return readRequestFrame(frame, reader);
}

base::Result<ResponseFrame> decodeResponseFrame(ApiKey key, int16_t version, const base::SharedBytes& frame) {
  FrameReader reader(frame, 0);
  return readResponseFrame(key, version, reader);
}

MessageTree requestTree(const base::SharedBytes& frame) {
  TreeBuilder builder;
  FrameReader reader(frame, 0, &builder);
  const base::Result<RequestFrame> result = readRequestFrame(frame, reader);
  return finishTree("Request", frame.size(), builder, result);
}

MessageTree responseTree(ApiKey key, int16_t version, const base::SharedBytes& frame) {
  TreeBuilder builder;
  FrameReader reader(frame, 0, &builder);
  const base::Result<ResponseFrame> result = readResponseFrame(key, version, reader);
  return finishTree("Response", frame.size(), builder, result);
}

}  // namespace streamscope::protocol
