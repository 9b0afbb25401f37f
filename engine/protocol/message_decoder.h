#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/field.h"
#include "value_decoder.h"

namespace streamscope::protocol {

template <class Struct>
void decodeFields(DecodeContext& context, Struct& target);

template <class Value>
void decodeValue(ValueDecoder& decoder, Value& value) {
  if constexpr (requires { &Value::template fields<int>; })
    decodeFields(decoder.context(), value);
  else
    decoder.decode(value);
}

template <class Element>
void decodeValue(ValueDecoder& decoder, std::vector<Element>& elements) {
  const uint32_t count = decoder.decodeCount();
  const FrameReader& reader = decoder.context().reader;
  const FieldRule rule = decoder.elementRule();
  // Elements are built as their bytes arrive; a count alone makes nobody allocate much.
  constexpr uint32_t kReserveMax = 1024;
  elements.clear();
  elements.reserve(std::min(count, kReserveMax));
  for (uint32_t index = 0; index < count && !reader.failed(); ++index) {
    ValueDecoder elementDecoder(decoder.context(), index, rule);
    decodeValue(elementDecoder, elements.emplace_back());
    elementDecoder.finish(index);
  }
}

template <class Value>
void decodeValue(ValueDecoder& decoder, std::optional<Value>& value) {
  if constexpr (requires { &Value::template fields<int>; })
    if (!decoder.decodeIsPresent()) return value.reset();
  decodeValue(decoder, value.emplace());
  if (decoder.isNull()) value.reset();
}

template <class Value>
void decodeField(DecodeContext& context, std::string_view name, Value& value, FieldRule rule) {
  ValueDecoder decoder(context, name, rule);
  decodeValue(decoder, value);
  decoder.finish(name);
}

/// Visits the fields that stand at their place.
template <class Struct>
struct PlacedFieldDecoder {
  DecodeContext& context;
  Struct& target;

  template <class Value>
  void operator()(std::string_view name, Value Struct::*member, FieldRule rule) {
    if (context.reader.failed() || rule.isTagged() || !rule.isIn(context.version)) return;
    decodeField(context, name, target.*member, rule);
  }
};

/// Visits the fields in search of the one that has a tag.
template <class Struct>
struct TaggedFieldDecoder {
  DecodeContext& context;
  Struct& target;
  uint32_t tag;
  bool found = false;

  template <class Value>
  void operator()(std::string_view name, Value Struct::*member, FieldRule rule) {
    if (!rule.isTagged() || static_cast<uint32_t>(rule.tagNumber) != tag || !rule.isIn(context.version)) return;
    found = true;
    decodeField(context, name, target.*member, rule);
  }
};

template <class Struct>
void decodeFields(DecodeContext& context, Struct& target) {
  PlacedFieldDecoder<Struct> placed{context, target};
  Struct::fields(placed);
  if (!context.isFlexible || context.reader.failed()) return;
  TaggedFieldsReader tags(context.reader);
  while (tags.next()) {
    TaggedFieldDecoder<Struct> tagged{context, target, tags.tag()};
    Struct::fields(tagged);
    tags.finishField(tagged.found);
  }
  tags.finish();
}

/// Reads a message and everything in it; the reader tells whether it went well.
template <class Message>
void decodeMessage(FrameReader& reader, int16_t version, Message& target) {
  DecodeContext context{reader, version, Message::kInfo.isFlexible(version)};
  decodeFields(context, target);
}

}  // namespace streamscope::protocol
