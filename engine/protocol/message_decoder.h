#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "frame_reader.h"
#include "protocol/field.h"
#include "value_text.h"

namespace streamscope::protocol {

/// What all fields of one message share.
struct DecodeContext {
  FrameReader& reader;
  int16_t version;
  bool isFlexible;
};

template <class Struct>
void decodeFields(DecodeContext& context, Struct& target);

template <class T>
struct IsVector : std::false_type {};
template <class Element>
struct IsVector<std::vector<Element>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class Value>
struct IsOptional<std::optional<Value>> : std::true_type {};

/// Reads one value. Returns its text for the tree, empty without one.
class ValueDecoder {
 public:
  ValueDecoder(DecodeContext& context, FieldRule rule)
      : m_context(context),
        m_reader(context.reader),
        m_rule(rule),
        m_compact(context.isFlexible && rule.compactAllowed) {}

  void decode(bool& value) {
    value = m_reader.readInteger<int8_t>() != 0;
    setText(value);
  }
  template <std::integral Integer>
  void decode(Integer& value) {
    value = m_reader.readInteger<Integer>();
    setText(value);
  }
  void decode(base::Uuid& value) {
    value = m_reader.readUuid();
    setText(value);
  }
  void decode(std::string& value) {
    if (std::optional<std::string> read = m_reader.readString(m_compact)) {
      value = std::move(*read);
      setText(value);
    } else {
      m_isNull = true;
    }
  }
  void decode(base::SharedBytes& value) {
    if (std::optional<base::SharedBytes> read = m_reader.readRecords(m_compact)) {
      value = std::move(*read);
      if (m_reader.tree() != nullptr) m_text = std::to_string(value.size()) + " bytes";
    } else {
      m_isNull = true;
    }
  }
  template <class Element>
  void decode(std::vector<Element>& elements) {
    const std::optional<uint32_t> count = m_reader.readCount(m_compact);
    if (!count) {
      m_isNull = true;
      return;
    }
    // Elements are built as their bytes arrive; a count alone makes nobody allocate much.
    constexpr uint32_t kReserveMax = 1024;
    elements.clear();
    elements.reserve(std::min(*count, kReserveMax));
    for (uint32_t index = 0; index < *count && !m_reader.failed(); ++index)
      decodeElement(elements.emplace_back(), index);
    if (m_reader.tree() != nullptr) m_text = std::to_string(*count);
  }
  template <class Value>
  void decode(std::optional<Value>& value) {
    decode(value.emplace());
    if (m_isNull) value.reset();
  }
  template <class Struct>
  requires requires { &Struct::template fields<int>; }
  void decode(Struct& value) { decodeFields(m_context, value); }

  /// Refuses a null where this version has none.
  void checkNull(size_t begin) {
    if (!m_isNull || m_reader.failed()) return;
    if (m_rule.isNullable(m_context.version))
      m_text = "null";
    else
      m_reader.fail(begin, "null, which this version does not allow here");
  }

  /// Nothing after a failure.
  std::string takeText() { return m_reader.failed() ? std::string() : std::move(m_text); }

 private:
  template <class Value>
  void setText(const Value& value) {
    if (m_reader.tree() != nullptr) m_text = valueText(value);
  }

  template <class Element>
  void decodeElement(Element& element, uint32_t index) {
    const size_t begin = m_reader.position();
    if (m_reader.tree() != nullptr) m_reader.tree()->open('[' + std::to_string(index) + ']', begin);
    // The elements of an array are never null.
    FieldRule rule = m_rule;
    rule.nullableFrom = kNever;
    ValueDecoder decoder(m_context, rule);
    decoder.decode(element);
    decoder.checkNull(begin);
    if (m_reader.tree() != nullptr) m_reader.tree()->close(m_reader.position(), decoder.takeText());
    if (m_reader.failed()) m_reader.prependIndex(index);
  }

  DecodeContext& m_context;
  FrameReader& m_reader;
  FieldRule m_rule;
  bool m_compact;
  bool m_isNull = false;
  std::string m_text;
};

template <class Value>
void decodeField(DecodeContext& context, std::string_view name, Value& value, FieldRule rule) {
  FrameReader& reader = context.reader;
  const size_t begin = reader.position();
  if (reader.tree() != nullptr) reader.tree()->open(std::string(name), begin);
  ValueDecoder decoder(context, rule);
  decoder.decode(value);
  decoder.checkNull(begin);
  if (reader.tree() != nullptr) reader.tree()->close(reader.position(), decoder.takeText());
  if (reader.failed()) reader.prependField(name);
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
void decodeTaggedField(DecodeContext& context, Struct& target, int64_t& tagBefore) {
  FrameReader& reader = context.reader;
  const size_t begin = reader.position();
  const uint32_t tag = reader.readUnsignedVarint();
  const uint32_t size = reader.readUnsignedVarint();
  if (reader.failed()) return;
  if (tag <= tagBefore)
    return reader.fail(begin, "tag " + std::to_string(tag) + " after tag " + std::to_string(tagBefore));
  tagBefore = tag;
  const size_t valueBegin = reader.position();
  if (size > reader.remaining())
    return reader.fail(valueBegin, "tag " + std::to_string(tag) + " of " + std::to_string(size) + " bytes, but " +
                                       std::to_string(reader.remaining()) + " left");
  TaggedFieldDecoder<Struct> visitor{context, target, tag};
  Struct::fields(visitor);
  if (reader.failed()) return;
  if (!visitor.found) {
    if (reader.tree() != nullptr) reader.tree()->open("Tag " + std::to_string(tag), valueBegin);
    reader.skip(size);
    if (reader.tree() != nullptr) reader.tree()->close(reader.position(), std::to_string(size) + " bytes");
  } else if (reader.position() != valueBegin + size) {
    reader.fail(valueBegin, "tag " + std::to_string(tag) + " says " + std::to_string(size) + " bytes, its value has " +
                                std::to_string(reader.position() - valueBegin));
  }
}

template <class Struct>
void decodeTaggedFields(DecodeContext& context, Struct& target) {
  FrameReader& reader = context.reader;
  if (reader.failed()) return;
  if (reader.tree() != nullptr) reader.tree()->open("TaggedFields", reader.position());
  const uint32_t count = reader.readUnsignedVarint();
  int64_t tagBefore = -1;
  for (uint32_t index = 0; index < count && !reader.failed(); ++index) decodeTaggedField(context, target, tagBefore);
  if (reader.tree() != nullptr) reader.tree()->close(reader.position(), std::to_string(count));
  if (reader.failed()) reader.prependField("TaggedFields");
}

template <class Struct>
void decodeFields(DecodeContext& context, Struct& target) {
  PlacedFieldDecoder<Struct> visitor{context, target};
  Struct::fields(visitor);
  if (context.isFlexible) decodeTaggedFields(context, target);
}

/// Reads a message and everything in it; the reader tells whether it went well.
template <class Message>
void decodeMessage(FrameReader& reader, int16_t version, Message& target) {
  DecodeContext context{reader, version, Message::kInfo.isFlexible(version)};
  decodeFields(context, target);
}

}  // namespace streamscope::protocol
