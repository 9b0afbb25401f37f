#include "record_fields.h"

#include "base/byte_reader.h"

namespace streamscope::log {
namespace {

/// Reads fields one after the other and notes where each stands.
class FieldWalk {
 public:
  FieldWalk(base::ByteView record, uint64_t begin) : m_reader(record), m_begin(begin) {}

  int32_t varint(const char* name) {
    const size_t start = m_reader.position();
    const int32_t value = m_reader.readVarint();
    note(name, start);
    return value;
  }
  void varlong(const char* name) {
    const size_t start = m_reader.position();
    m_reader.readVarlong();
    note(name, start);
  }
  void bytes(const char* name, size_t count) {
    const size_t start = m_reader.position();
    m_reader.skip(count);
    note(name, start);
  }
  /// A length and as many bytes; none for null.
  void nullable(const char* lengthName, const char* name) {
    const int32_t length = varint(lengthName);
    if (length >= 0) bytes(name, static_cast<size_t>(length));
  }
  bool failed() const { return m_reader.failed(); }
  std::vector<DumpedField> take() { return std::move(m_fields); }

 private:
  void note(const char* name, size_t start) {
    if (!m_reader.failed()) m_fields.push_back({name, m_begin + start, m_begin + m_reader.position()});
  }

  base::ByteReader m_reader;
  uint64_t m_begin;
  std::vector<DumpedField> m_fields;
};

}  // namespace

std::vector<DumpedField> recordFields(base::ByteView record, uint64_t begin) {
  FieldWalk walk(record, begin);
  walk.varint("length");
  walk.bytes("attributes", 1);
  walk.varlong("timestampDelta");
  walk.varint("offsetDelta");
  walk.nullable("keyLength", "key");
  walk.nullable("valueLength", "value");
  const int32_t headerCount = walk.varint("headerCount");
  for (int32_t i = 0; i < headerCount && !walk.failed(); ++i) {
    walk.nullable("headerKeyLength", "headerKey");
    walk.nullable("headerValueLength", "headerValue");
  }
  return walk.take();
}

}  // namespace streamscope::log
