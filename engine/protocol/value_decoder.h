#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/uuid.h"
#include "frame_reader.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// What all fields of one message share.
struct DecodeContext {
  FrameReader& reader;
  int16_t version;
  bool isFlexible;
};

/// Reads the value of one field or of one element of an array: opens its node of the tree, reads what is not made of
/// other values itself, and checks and closes the node in `finish`.
class ValueDecoder {
 public:
  ValueDecoder(DecodeContext& context, std::string_view name, FieldRule rule);
  ValueDecoder(DecodeContext& context, uint32_t index, FieldRule rule);

  void decode(bool& value);
  void decode(int8_t& value);
  void decode(int16_t& value);
  void decode(uint16_t& value);
  void decode(int32_t& value);
  void decode(int64_t& value);
  void decode(double& value);
  void decode(base::Uuid& value);
  void decode(std::string& value);
  void decode(base::SharedBytes& value);
  /// An array's number of elements; 0 for null, too.
  uint32_t decodeCount();
  /// What stands before a struct that may be null: a varint when it is tagged, else a byte. Always true where the
  /// version has no null.
  bool decodeIsPresent();

  bool isNull() const { return m_isNull; }
  DecodeContext& context() { return m_context; }
  /// The rule for an array's elements: they are never null.
  FieldRule elementRule() const;

  /// Refuses a null where this version has none, and names the field or the element when its reading has failed.
  void finish(std::string_view name);
  void finish(uint32_t index);

 private:
  bool isCompact() const { return m_context.isFlexible && m_rule.compactAllowed; }
  void checkAndClose();
  template <class Integer>
  void decodeInteger(Integer& value);

  DecodeContext& m_context;
  FrameReader& m_reader;
  FieldRule m_rule;
  size_t m_begin;
  bool m_isNull = false;
  /// The value as the tree shows it; empty without a tree.
  std::string m_text;
};

/// Goes through the tagged fields at the end of a struct.
class TaggedFieldsReader {
 public:
  /// Reads their number.
  explicit TaggedFieldsReader(FrameReader& reader);

  /// Reads tag and size of the next field; false after the last one or when something is wrong.
  bool next();
  uint32_t tag() const { return m_tag; }
  /// After the value of a known field was read, or to skip an unknown one.
  void finishField(bool isKnown);
  void finish();

 private:
  FrameReader& m_reader;
  uint32_t m_count = 0;
  uint32_t m_seen = 0;
  int64_t m_tagBefore = -1;
  uint32_t m_tag = 0;
  uint32_t m_size = 0;
  size_t m_valueBegin = 0;
};

}  // namespace streamscope::protocol
