#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "alternatives.h"
#include "base/result.h"
#include "frame_reader.h"
#include "message_decoder.h"
#include "tree_builder.h"

namespace streamscope::protocol {

/// Reads a key or a value of a coordinator's record: an int16 and the fields of the message it and the type name.
class CoordinatorRecordReader {
 public:
  explicit CoordinatorRecordReader(FrameReader& reader) : m_reader(reader) {}

  template <class KeyVariant>
  base::Result<KeyVariant> readKey() {
    const int16_t type = readNumber("Type");
    // Keys have one version; the number before them is their type.
    return readMessage<KeyVariant>("key", type, 0);
  }

  template <class ValueVariant>
  base::Result<ValueVariant> readValue(int16_t type) {
    const int16_t version = readNumber("Version");
    return readMessage<ValueVariant>("value", type, version);
  }

  /// The number before the fields, after a read.
  int16_t number() const { return m_number; }

 private:
  int16_t readNumber(const char* name) {
    if (m_reader.tree() != nullptr) m_reader.tree()->open(name, m_reader.position());
    m_number = m_reader.readInteger<int16_t>();
    if (m_reader.tree() != nullptr)
      m_reader.tree()->close(m_reader.position(), m_reader.failed() ? std::string() : std::to_string(m_number));
    if (m_reader.failed()) m_reader.prependField(name);
    return m_number;
  }

  template <class Variant>
  base::Result<Variant> readMessage(const std::string& what, int16_t type, int16_t version) {
    if (m_reader.failed()) return base::fail(m_reader.error("Coordinator record " + what, 0));
    base::Result<Variant> result = unknown("type " + std::to_string(type));
    withAlternative<Variant>(type, [&]<class Message>(std::type_identity<Message>) {
      const std::string name(Message::kInfo.name);
      if (!Message::kInfo.hasVersion(version)) {
        result = unknown(name + " v" + std::to_string(version));
        return;
      }
      if (m_reader.tree() != nullptr) m_reader.tree()->open(name, m_reader.position());
      Message message;
      decodeMessage(m_reader, version, message);
      if (m_reader.tree() != nullptr) m_reader.tree()->close(m_reader.position(), {});
      if (m_reader.failed())
        result = base::fail(m_reader.error(name, version));
      else
        result = Variant(std::move(message));
    });
    return result;
  }

  static tl::unexpected<base::Error> unknown(const std::string& what) {
    return base::fail(base::ErrorCode::UNSUPPORTED_VERSION, "Coordinator record: " + what + " is not known here");
  }

  FrameReader& m_reader;
  int16_t m_number = -1;
};

}  // namespace streamscope::protocol
