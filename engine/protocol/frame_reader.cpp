#include "frame_reader.h"

#include <utility>

namespace streamscope::protocol {

base::ByteView FrameReader::take(size_t count) {
  if (m_failed) return {};
  if (count > remaining()) {
    fail(m_position, std::to_string(count) + (count == 1 ? " byte needed, " : " bytes needed, ") +
                         std::to_string(remaining()) + " left");
    return {};
  }
  const base::ByteView bytes = m_frame.view().subspan(m_position, count);
  m_position += count;
  return bytes;
}

uint32_t FrameReader::readUnsignedVarint() {
  const size_t begin = m_position;
  uint64_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    const base::ByteView byte = take(1);
    if (byte.empty()) return 0;
    value |= static_cast<uint64_t>(byte[0] & 0x7f) << shift;
    if ((byte[0] & 0x80) != 0) continue;
    if (value <= UINT32_MAX) return static_cast<uint32_t>(value);
    break;
  }
  fail(begin, "a variable-length number that does not fit in 32 bits");
  return 0;
}

base::Uuid FrameReader::readUuid() {
  const base::ByteView bytes = take(16);
  return bytes.empty() ? base::kZeroUuid : base::Uuid::fromBytes(bytes.data());
}

std::optional<size_t> FrameReader::readLength(bool compact, bool wide) {
  const size_t begin = m_position;
  int64_t length = 0;
  if (compact)
    length = int64_t{readUnsignedVarint()} - 1;
  else
    length = wide ? int64_t{readInteger<int32_t>()} : int64_t{readInteger<int16_t>()};
  if (m_failed || length == -1) return std::nullopt;
  if (length < -1) {
    fail(begin, "a length of " + std::to_string(length));
    return std::nullopt;
  }
  return static_cast<size_t>(length);
}

std::optional<std::string> FrameReader::readString(bool compact) {
  const size_t begin = m_position;
  const std::optional<size_t> length = readLength(compact, false);
  if (!length) return std::nullopt;
  if (*length > kStringSizeMax) {
    fail(begin, "a string of " + std::to_string(*length) + " bytes, more than " + std::to_string(kStringSizeMax));
    return std::nullopt;
  }
  return std::string(base::asText(take(*length)));
}

std::optional<base::SharedBytes> FrameReader::readRecords(bool compact) {
  const std::optional<size_t> length = readLength(compact, true);
  if (!length) return std::nullopt;
  const size_t begin = m_position;
  take(*length);
  if (m_failed) return std::nullopt;
  return m_frame.slice(begin, *length);
}

std::optional<uint32_t> FrameReader::readCount(bool compact) {
  const size_t begin = m_position;
  const std::optional<size_t> count = readLength(compact, true);
  if (!count) return std::nullopt;
  if (*count > remaining()) {
    fail(begin,
         "an array of " + std::to_string(*count) + " elements, but " + std::to_string(remaining()) + " bytes left");
    return std::nullopt;
  }
  return static_cast<uint32_t>(*count);
}

void FrameReader::fail(size_t at, std::string reason) {
  if (m_failed) return;
  m_failed = true;
  m_failedAt = at;
  m_reason = std::move(reason);
}

void FrameReader::prependField(std::string_view name) {
  const bool needsDot = !m_path.empty() && m_path.front() != '[';
  m_path = std::string(name) + (needsDot ? "." : "") + m_path;
}

void FrameReader::prependIndex(size_t index) {
  const std::string separator = m_path.empty() ? "" : ".";
  m_path = '[' + std::to_string(index) + ']' + separator + m_path;
}

base::Error FrameReader::error(std::string_view message, int16_t version) const {
  return base::Error{base::ErrorCode::INVALID_REQUEST, std::string(message) + " v" + std::to_string(version) + ": " +
                                                           m_path + " at byte " + std::to_string(m_failedAt) + ": " +
                                                           m_reason};
}

}  // namespace streamscope::protocol
