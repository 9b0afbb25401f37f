#include "value_decoder.h"

#include <bit>
#include <optional>
#include <utility>

#include "value_text.h"

namespace streamscope::protocol {

namespace {

std::string elementName(uint32_t index) {
  return '[' + std::to_string(index) + ']';
}

}  // namespace

ValueDecoder::ValueDecoder(DecodeContext& context, std::string_view name, FieldRule rule)
    : m_context(context), m_reader(context.reader), m_rule(rule), m_begin(m_reader.position()) {
  if (m_reader.tree() != nullptr) m_reader.tree()->open(std::string(name), m_begin);
}

ValueDecoder::ValueDecoder(DecodeContext& context, uint32_t index, FieldRule rule)
    : m_context(context), m_reader(context.reader), m_rule(rule), m_begin(m_reader.position()) {
  if (m_reader.tree() != nullptr) m_reader.tree()->open(elementName(index), m_begin);
}

void ValueDecoder::decode(bool& value) {
  value = m_reader.readInteger<int8_t>() != 0;
  if (m_reader.tree() != nullptr) m_text = valueText(value);
}

template <class Integer>
void ValueDecoder::decodeInteger(Integer& value) {
  value = m_reader.readInteger<Integer>();
  if (m_reader.tree() != nullptr) m_text = valueText(value);
}

void ValueDecoder::decode(int8_t& value) {
  decodeInteger(value);
}
void ValueDecoder::decode(int16_t& value) {
  decodeInteger(value);
}
void ValueDecoder::decode(uint16_t& value) {
  decodeInteger(value);
}
void ValueDecoder::decode(int32_t& value) {
  decodeInteger(value);
}
void ValueDecoder::decode(int64_t& value) {
  decodeInteger(value);
}

void ValueDecoder::decode(double& value) {
  value = std::bit_cast<double>(m_reader.readInteger<uint64_t>());
  if (m_reader.tree() != nullptr) m_text = valueText(value);
}

void ValueDecoder::decode(base::Uuid& value) {
  value = m_reader.readUuid();
  if (m_reader.tree() != nullptr) m_text = valueText(value);
}

void ValueDecoder::decode(std::string& value) {
  std::optional<std::string> read = m_reader.readString(isCompact());
  m_isNull = !read.has_value();
  if (m_isNull) return;
  value = std::move(*read);
  if (m_reader.tree() != nullptr) m_text = valueText(value);
}

void ValueDecoder::decode(base::SharedBytes& value) {
  std::optional<base::SharedBytes> read = m_reader.readRecords(isCompact());
  m_isNull = !read.has_value();
  if (m_isNull) return;
  value = std::move(*read);
  if (m_reader.tree() != nullptr) m_text = std::to_string(value.size()) + " bytes";
}

uint32_t ValueDecoder::decodeCount() {
  const std::optional<uint32_t> count = m_reader.readCount(isCompact());
  m_isNull = !count.has_value();
  if (m_isNull) return 0;
  if (m_reader.tree() != nullptr) m_text = std::to_string(*count);
  return *count;
}

bool ValueDecoder::decodeIsPresent() {
  if (!m_rule.isNullable(m_context.version)) return true;
  m_isNull = m_rule.isTagged() ? m_reader.readUnsignedVarint() == 0 : m_reader.readInteger<int8_t>() < 0;
  return !m_isNull;
}

FieldRule ValueDecoder::elementRule() const {
  return m_rule.nullableSince(kNever);
}

void ValueDecoder::checkAndClose() {
  if (m_isNull && !m_reader.failed()) {
    if (m_rule.isNullable(m_context.version))
      m_text = "null";
    else
      m_reader.fail(m_begin, "null, which this version does not allow here");
  }
  if (m_reader.tree() == nullptr) return;
  m_reader.tree()->close(m_reader.position(), m_reader.failed() ? std::string() : std::move(m_text));
}

void ValueDecoder::finish(std::string_view name) {
  checkAndClose();
  if (m_reader.failed()) m_reader.prependField(name);
}

void ValueDecoder::finish(uint32_t index) {
  checkAndClose();
  if (m_reader.failed()) m_reader.prependIndex(index);
}

TaggedFieldsReader::TaggedFieldsReader(FrameReader& reader) : m_reader(reader) {
  if (m_reader.tree() != nullptr) m_reader.tree()->open("TaggedFields", m_reader.position());
  m_count = m_reader.readUnsignedVarint();
}

bool TaggedFieldsReader::next() {
  if (m_reader.failed() || m_seen == m_count) return false;
  ++m_seen;
  const size_t begin = m_reader.position();
  m_tag = m_reader.readUnsignedVarint();
  m_size = m_reader.readUnsignedVarint();
  m_valueBegin = m_reader.position();
  if (m_reader.failed()) return false;
  if (m_tag <= m_tagBefore) {
    m_reader.fail(begin, "tag " + std::to_string(m_tag) + " after tag " + std::to_string(m_tagBefore));
  } else if (m_size > m_reader.remaining()) {
    m_reader.fail(m_valueBegin, "tag " + std::to_string(m_tag) + " of " + std::to_string(m_size) + " bytes, but " +
                                    std::to_string(m_reader.remaining()) + " left");
  }
  m_tagBefore = m_tag;
  return !m_reader.failed();
}

void TaggedFieldsReader::finishField(bool isKnown) {
  if (m_reader.failed()) return;
  if (!isKnown) {
    if (m_reader.tree() != nullptr) m_reader.tree()->open("Tag " + std::to_string(m_tag), m_valueBegin);
    m_reader.skip(m_size);
    if (m_reader.tree() != nullptr) m_reader.tree()->close(m_reader.position(), std::to_string(m_size) + " bytes");
  } else if (m_reader.position() != m_valueBegin + m_size) {
    m_reader.fail(m_valueBegin, "tag " + std::to_string(m_tag) + " says " + std::to_string(m_size) +
                                    " bytes, its value has " + std::to_string(m_reader.position() - m_valueBegin));
  }
}

void TaggedFieldsReader::finish() {
  if (m_reader.tree() != nullptr)
    m_reader.tree()->close(m_reader.position(), m_reader.failed() ? std::string() : std::to_string(m_count));
  if (m_reader.failed()) m_reader.prependField("TaggedFields");
}

}  // namespace streamscope::protocol
