#include "inspect/json_writer.h"

#include "base/base64.h"
#include "base/utf8.h"

namespace streamscope::app {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

}  // namespace

void JsonWriter::flush() {
  std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_out);
  std::fflush(m_out);
  m_buffer.clear();
}

void JsonWriter::separate() {
  if (m_buffer.size() > kBufferBytes) {
    std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_out);
    m_buffer.clear();
  }
  if (m_isAfterName) {
    m_isAfterName = false;
    return;
  }
  if (m_isFirst.empty()) return;
  if (!m_isFirst.back()) m_buffer += ',';
  m_isFirst.back() = false;
  if (m_breakLine) m_buffer += '\n';
  m_breakLine = false;
}

void JsonWriter::open(char bracket) {
  separate();
  m_buffer += bracket;
  m_isFirst.push_back(true);
}

void JsonWriter::close(char bracket) {
  if (m_breakLine) m_buffer += '\n';
  m_breakLine = false;
  m_buffer += bracket;
  m_isFirst.pop_back();
  if (m_isFirst.empty()) m_buffer += '\n';
}

void JsonWriter::put(std::string_view value) {
  separate();
  m_buffer += value;
}

void JsonWriter::name(std::string_view name) {
  separate();
  quote(name);
  m_buffer += ':';
  m_isAfterName = true;
}

void JsonWriter::text(std::string_view value) {
  separate();
  quote(value);
}

void JsonWriter::integer(int64_t value) {
  put(std::to_string(value));
}

void JsonWriter::bytes(const std::optional<base::Bytes>& value) {
  if (!value) return null();
  if (const std::string_view content = base::asText(*value); base::isUtf8(content)) return text(content);
  beginObject();
  member("base64", base::toBase64(*value));
  endObject();
}

void JsonWriter::quote(std::string_view value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  m_buffer += '"';
  while (!value.empty()) {
    const size_t length = base::utf8SequenceLength(value);
    const auto code = static_cast<uint8_t>(value.front());
    if (length == 0) {
      m_buffer += "\xef\xbf\xbd";
    } else if (code == '"' || code == '\\') {
      m_buffer += '\\';
      m_buffer += value.front();
    } else if (code < 0x20 || code == 0x7f) {
      m_buffer += "\\u00";
      m_buffer += kDigits[code >> 4];
      m_buffer += kDigits[code & 15];
    } else {
      m_buffer += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  m_buffer += '"';
}

}  // namespace streamscope::app
