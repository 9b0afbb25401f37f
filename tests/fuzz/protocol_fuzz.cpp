#include "base/assert.h"
#include "fuzz_registry.h"
#include "protocol/codec.h"
#include "protocol/describe.h"
#include "protocol/record_codec.h"
#include "protocol/tree.h"
#include "support/random_message.h"

namespace {

using namespace streamscope;
using protocol::ApiKey;

/// Calls `action(key, version)` for every version of every message.
template <class Action>
void forEveryVersion(Action action) {
  for (const ApiKey key : support::everyApi()) {
    const protocol::MessageInfo info = support::requestInfo(key);
    for (int16_t version = info.versionMin; version <= info.versionMax; ++version) action(key, version);
  }
}

std::vector<base::Bytes> requestFrames() {
  base::Random random(1);
  std::vector<base::Bytes> frames;
  forEveryVersion([&](ApiKey key, int16_t version) {
    base::Bytes frame = protocol::encodeRequestFrame(version, 1, "c", support::randomRequest(key, version, random));
    frame.erase(frame.begin(), frame.begin() + 4);
    frames.push_back(std::move(frame));
  });
  return frames;
}

/// Decoding either refuses with a sentence or gives a message that survives another round.
void decodeRequestFrame(base::ByteView input) {
  const base::SharedBytes frame = base::SharedBytes::copyOf(input);
  const auto decoded = protocol::decodeRequestFrame(frame);
  const protocol::MessageTree tree = protocol::requestTree(frame);
  STREAMSCOPE_ASSERT(decoded.has_value() == !tree.error.has_value());
  if (!decoded) {
    STREAMSCOPE_ASSERT(!decoded.error().message.empty());
    return;
  }
  const int16_t version = decoded->header.requestApiVersion;
  base::ByteWriter writer;
  protocol::encodeRequest(decoded->body, version, writer);
  const auto again =
      protocol::decodeRequest(protocol::apiKeyOf(decoded->body), version, base::SharedBytes(writer.take()));
  STREAMSCOPE_ASSERT(again.has_value());
  STREAMSCOPE_ASSERT(*again == decoded->body);
  STREAMSCOPE_ASSERT(!protocol::describe(decoded->body, version).empty());
}

/// A response does not say what it answers: two bytes before it do.
std::vector<base::Bytes> responseBodies() {
  base::Random random(2);
  std::vector<base::Bytes> inputs;
  forEveryVersion([&](ApiKey key, int16_t version) {
    base::ByteWriter writer;
    writer.writeInt8(static_cast<int8_t>(key));
    writer.writeInt8(static_cast<int8_t>(version));
    protocol::encodeResponse(support::randomResponse(key, version, random), version, writer);
    inputs.push_back(writer.take());
  });
  return inputs;
}

void decodeResponse(base::ByteView input) {
  if (input.size() < 2) return;
  const auto key = static_cast<ApiKey>(input[0]);
  const int16_t version = input[1];
  const auto decoded = protocol::decodeResponse(key, version, base::SharedBytes::copyOf(input), 2);
  if (!decoded) return;
  base::ByteWriter writer;
  protocol::encodeResponse(*decoded, version, writer);
  const auto again = protocol::decodeResponse(key, version, base::SharedBytes(writer.take()));
  STREAMSCOPE_ASSERT(again.has_value());
  STREAMSCOPE_ASSERT(*again == *decoded);
}

std::vector<base::Bytes> metadataRecords() {
  base::Random random(3);
  std::vector<base::Bytes> values;
  for (size_t i = 0; i < std::variant_size_v<protocol::MetadataRecord>; ++i) {
    const protocol::MessageInfo info = support::metadataRecordInfo(i);
    for (int16_t version = info.versionMin; version <= info.versionMax; ++version)
      values.push_back(protocol::encodeMetadataRecord(support::randomMetadataRecord(i, version, random), version));
  }
  return values;
}

void decodeMetadataRecord(base::ByteView input) {
  const base::SharedBytes value = base::SharedBytes::copyOf(input);
  const auto decoded = protocol::decodeMetadataRecord(value);
  STREAMSCOPE_ASSERT(decoded.has_value() == !protocol::metadataRecordTree(value).error.has_value());
}

}  // namespace

STREAMSCOPE_FUZZ_TARGET(request_frame, requestFrames, decodeRequestFrame);
STREAMSCOPE_FUZZ_TARGET(response, responseBodies, decodeResponse);
STREAMSCOPE_FUZZ_TARGET(metadata_record, metadataRecords, decodeMetadataRecord);
