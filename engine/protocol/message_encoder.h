#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/byte_writer.h"
#include "base/bytes.h"
#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

template <class Struct>
void encodeFields(base::ByteWriter& writer, int16_t version, bool isFlexible, const Struct& source);

/// `text`, cut at the longest string the protocol has room for, between two characters.
std::string_view cutToStringSizeMax(std::string_view text);

/// Writes one value of a field.
class ValueEncoder {
 public:
  ValueEncoder(base::ByteWriter& writer, int16_t version, bool isFlexible, FieldRule rule)
      : m_writer(writer),
        m_version(version),
        m_isFlexible(isFlexible),
        m_isNullable(rule.isNullable(version)),
        m_isTagged(rule.isTagged()),
        m_compact(isFlexible && rule.compactAllowed) {}

  void encode(bool value) { m_writer.writeInt8(value ? 1 : 0); }
  void encode(int8_t value) { m_writer.writeInt8(value); }
  void encode(int16_t value) { m_writer.writeInt16(value); }
  void encode(uint16_t value) { m_writer.writeUint16(value); }
  void encode(int32_t value) { m_writer.writeInt32(value); }
  void encode(int64_t value) { m_writer.writeInt64(value); }
  void encode(double value) { m_writer.writeFloat64(value); }
  void encode(const base::Uuid& value) { m_writer.writeBytes(value.toBytes()); }
  void encode(const std::string& value) {
    const std::string_view text = cutToStringSizeMax(value);
    writeLength(text.size(), false);
    m_writer.writeBytes(base::asBytes(text));
  }
  void encode(const base::SharedBytes& value) {
    writeLength(value.size(), true);
    m_writer.writeBytes(value.view());
  }
  template <class Element>
  void encode(const std::vector<Element>& elements) {
    writeLength(elements.size(), true);
    for (const Element& element : elements) encode(element);
  }
  /// Where the version has no null, an empty value stands for it.
  template <class Value>
  void encode(const std::optional<Value>& value) {
    if constexpr (requires { &Value::template fields<int>; })
      if (m_isNullable) writeIsPresent(value.has_value());
    if (value)
      encode(*value);
    else if (!m_isNullable)
      encode(Value{});
    else if constexpr (!requires { &Value::template fields<int>; })
      writeNull(!std::is_same_v<Value, std::string>);
  }
  template <class Struct>
  requires requires { &Struct::template fields<int>; }
  void encode(const Struct& value) { encodeFields(m_writer, m_version, m_isFlexible, value); }

 private:
  /// Before a struct that may be null. A tagged one has a varint here, another one a byte, which differ only for null.
  void writeIsPresent(bool isPresent) {
    if (m_isTagged)
      m_writer.writeUnsignedVarint(isPresent ? 1 : 0);
    else
      m_writer.writeInt8(isPresent ? 1 : -1);
  }
  void writeLength(size_t length, bool wide) {
    if (m_compact)
      m_writer.writeUnsignedVarint(static_cast<uint32_t>(length + 1));
    else if (wide)
      m_writer.writeInt32(static_cast<int32_t>(length));
    else
      m_writer.writeInt16(static_cast<int16_t>(length));
  }
  void writeNull(bool wide) {
    if (m_compact)
      m_writer.writeUnsignedVarint(0);
    else if (wide)
      m_writer.writeInt32(-1);
    else
      m_writer.writeInt16(-1);
  }

  base::ByteWriter& m_writer;
  int16_t m_version;
  bool m_isFlexible;
  bool m_isNullable;
  bool m_isTagged;
  bool m_compact;
};

/// Visits the fields that stand at their place.
template <class Struct>
struct PlacedFieldEncoder {
  base::ByteWriter& writer;
  int16_t version;
  bool isFlexible;
  const Struct& source;

  template <class Value>
  void operator()(std::string_view, Value Struct::*member, FieldRule rule) {
    if (rule.isTagged() || !rule.isIn(version)) return;
    ValueEncoder(writer, version, isFlexible, rule).encode(source.*member);
  }
};

/// Visits the tagged fields and encodes those that differ from their default.
template <class Struct>
struct TaggedFieldEncoder {
  int16_t version;
  const Struct& source;
  std::vector<std::pair<int16_t, base::Bytes>> encoded = {};

  template <class Value>
  void operator()(std::string_view, Value Struct::*member, FieldRule rule) {
    if (!rule.isTagged() || !rule.isIn(version)) return;
    static const Struct kDefaults{};
    if (source.*member == kDefaults.*member) return;
    base::ByteWriter writer;
    ValueEncoder(writer, version, true, rule).encode(source.*member);
    encoded.emplace_back(rule.tagNumber, writer.take());
  }
};

template <class Struct>
void encodeTaggedFields(base::ByteWriter& writer, int16_t version, const Struct& source) {
  TaggedFieldEncoder<Struct> visitor{version, source};
  Struct::fields(visitor);
  std::sort(visitor.encoded.begin(), visitor.encoded.end());
  writer.writeUnsignedVarint(static_cast<uint32_t>(visitor.encoded.size()));
  for (const auto& [tag, bytes] : visitor.encoded) {
    writer.writeUnsignedVarint(static_cast<uint32_t>(tag));
    writer.writeUnsignedVarint(static_cast<uint32_t>(bytes.size()));
    writer.writeBytes(bytes);
  }
}

template <class Struct>
void encodeFields(base::ByteWriter& writer, int16_t version, bool isFlexible, const Struct& source) {
  PlacedFieldEncoder<Struct> visitor{writer, version, isFlexible, source};
  Struct::fields(visitor);
  if (isFlexible) encodeTaggedFields(writer, version, source);
}

template <class Message>
void encodeMessage(base::ByteWriter& writer, int16_t version, const Message& source) {
  encodeFields(writer, version, Message::kInfo.isFlexible(version), source);
}

}  // namespace streamscope::protocol
