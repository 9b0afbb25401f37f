#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"

namespace streamscope::gateway {

/// Kafka's framing: a big-endian int32 size, then so many bytes. Bytes of a socket go in as they come, whole frames
/// come out; nothing is reserved for bytes that a size only promises. Use: read into `space()`, tell `filled`, then
/// take frames with `next` until there is none.
class FrameReader {
 public:
  /// `frameBytesMax`: Kafka's socket.request.max.bytes.
  explicit FrameReader(uint32_t frameBytesMax);

  /// Where the next bytes may be written; never empty. Invalidates views handed out by `next`.
  std::span<uint8_t> space();
  void filled(size_t count);

  /// The next whole frame without its size; none while it is incomplete or the input is refused.
  std::optional<base::ByteView> next();

  /// Set for good once a size is negative or too large: the stream has no frame after that.
  const std::string& refusal() const { return m_refusal; }
  /// True between frames: a peer that leaves now leaves nothing half said.
  bool isAtFrameStart() const { return m_begin == m_end; }

 private:
  void makeRoom();

  const uint32_t m_frameBytesMax;
  std::unique_ptr<uint8_t[]> m_buffer;
  size_t m_capacity = 0;
  /// Bytes received and not yet handed out are [m_begin, m_end).
  size_t m_begin = 0, m_end = 0;
  std::string m_refusal;
};

}  // namespace streamscope::gateway
