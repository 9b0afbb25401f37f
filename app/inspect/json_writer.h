#pragma once

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace streamscope::app {

/// Writes JSON piece by piece, so that a document is never whole in memory. Integers are exact; what is written is
/// valid UTF-8 whatever the texts hold.
class JsonWriter {
 public:
  explicit JsonWriter(std::FILE* out) : m_out(out) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;
  ~JsonWriter() { flush(); }

  void beginObject() { open('{'); }
  void endObject() { close('}'); }
  void beginArray() { open('['); }
  void endArray() { close(']'); }
  /// The next element of an array begins on a line of its own.
  void breakLine() { m_breakLine = true; }

  /// The name of the value that follows.
  void name(std::string_view name);
  void text(std::string_view value);
  void integer(int64_t value);
  void boolean(bool value) { put(value ? "true" : "false"); }
  void null() { put("null"); }
  /// A value that is JSON already.
  void json(std::string_view value) { put(value); }
  /// Null, a string when the bytes are UTF-8, else {"base64": "..."}: nothing is lost, and which it is can be seen.
  void bytes(const std::optional<base::Bytes>& value);

  void member(std::string_view key, std::string_view value) { name(key), text(value); }
  void member(std::string_view key, int64_t value) { name(key), integer(value); }
  void flag(std::string_view key, bool value) { name(key), boolean(value); }

  void flush();

 private:
  void open(char bracket);
  void close(char bracket);
  void put(std::string_view value);
  void separate();
  void quote(std::string_view value);

  std::FILE* m_out;
  std::string m_buffer;
  /// For every open bracket: nothing was written in it yet.
  std::vector<bool> m_isFirst;
  bool m_isAfterName = false;
  bool m_breakLine = false;
};

}  // namespace streamscope::app
