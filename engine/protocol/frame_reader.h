#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/uuid.h"
#include "protocol/field.h"
#include "tree_builder.h"

namespace streamscope::protocol {

/// Reads the protocol's types from a frame. The first thing that is wrong is remembered with its place; afterwards
/// every read gives nothing. Whoever asked adds the path of the field while it returns, so that a good frame pays
/// nothing for the message of a bad one.
class FrameReader {
 public:
  /// `tree`, when given, learns of every field; it must outlive the reader.
  FrameReader(const base::SharedBytes& frame, size_t begin, TreeBuilder* tree = nullptr)
      : m_frame(frame), m_position(begin), m_tree(tree) {}

  template <std::integral Integer>
  Integer readInteger() {
    const base::ByteView raw = take(sizeof(Integer));
    uint64_t value = 0;
    for (const uint8_t byte : raw) value = (value << 8) | byte;
    return static_cast<Integer>(value);
  }
  /// Base 128, at most five bytes.
  uint32_t readUnsignedVarint();
  base::Uuid readUuid();
  /// Null is nullopt. Refuses more than kStringSizeMax bytes.
  std::optional<std::string> readString(bool compact);
  /// Shares the frame's buffer.
  std::optional<base::SharedBytes> readRecords(bool compact);
  /// An array's number of elements; refuses more elements than bytes are left, as each takes at least one.
  std::optional<uint32_t> readCount(bool compact);
  void skip(size_t count) { take(count); }

  size_t position() const { return m_position; }
  size_t remaining() const { return m_frame.size() - m_position; }

  bool failed() const { return m_failed; }
  /// Ends the reading with this sentence about the place `at`.
  void fail(size_t at, std::string reason);
  void prependField(std::string_view name);
  void prependIndex(size_t index);
  /// "FetchRequest v12: Topics[0].FetchOffset at byte 87: 8 bytes needed, 3 left".
  base::Error error(std::string_view message, int16_t version) const;

  TreeBuilder* tree() { return m_tree; }

 private:
  base::ByteView take(size_t count);
  /// Bytes of a string or of records; nullopt for null and after a failure.
  std::optional<size_t> readLength(bool compact, bool wide);

  const base::SharedBytes& m_frame;
  size_t m_position = 0;
  TreeBuilder* m_tree = nullptr;
  bool m_failed = false;
  size_t m_failedAt = 0;
  std::string m_path;
  std::string m_reason;
};

}  // namespace streamscope::protocol
