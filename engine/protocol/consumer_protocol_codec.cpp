#include "protocol/consumer_protocol_codec.h"

#include <algorithm>

#include "base/assert.h"
#include "base/byte_writer.h"
#include "frame_reader.h"
#include "message_decoder.h"
#include "message_encoder.h"

namespace streamscope::protocol {

namespace {

template <class Message>
base::Bytes encode(const Message& message, int16_t version) {
  STREAMSCOPE_ASSERT(Message::kInfo.hasVersion(version));
  base::ByteWriter writer;
  writer.writeInt16(version);
  encodeMessage(writer, version, message);
  return writer.take();
}

template <class Message>
base::Result<Message> decode(const base::SharedBytes& bytes) {
  const base::Result<int16_t> given = consumerProtocolVersion(bytes);
  if (!given) return base::fail(given.error());
  const int16_t version = std::min(*given, Message::kInfo.versionMax);
  FrameReader reader(bytes, sizeof(int16_t));
  Message message;
  decodeMessage(reader, version, message);
  if (reader.failed()) return base::fail(reader.error(std::string(Message::kInfo.name), version));
  return message;
}

}  // namespace

base::Bytes encodeSubscription(const ConsumerProtocolSubscription& subscription, int16_t version) {
  return encode(subscription, version);
}

base::Bytes encodeAssignment(const ConsumerProtocolAssignment& assignment, int16_t version) {
  return encode(assignment, version);
}

base::Result<ConsumerProtocolSubscription> decodeSubscription(const base::SharedBytes& bytes) {
  return decode<ConsumerProtocolSubscription>(bytes);
}

base::Result<ConsumerProtocolAssignment> decodeAssignment(const base::SharedBytes& bytes) {
  if (bytes.empty()) return ConsumerProtocolAssignment{};
  return decode<ConsumerProtocolAssignment>(bytes);
}

base::Result<int16_t> consumerProtocolVersion(const base::SharedBytes& bytes) {
  FrameReader reader(bytes, 0);
  const auto version = reader.readInteger<int16_t>();
  if (reader.failed() || version < 0)
    return base::fail(base::ErrorCode::INVALID_REQUEST,
                      "These bytes are not of the consumer protocol: no version stands before them.");
  return version;
}

}  // namespace streamscope::protocol
