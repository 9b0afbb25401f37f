#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace streamscope::base {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

inline ByteView asBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view asText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// An immutable slice of a reference-counted buffer. Record batches travel in it from socket to segment file and from
/// leader to follower, so that one buffer serves three replicas without a copy. Copying costs one reference count.
class SharedBytes {
 public:
  SharedBytes() = default;
  /* implicit */ SharedBytes(Bytes bytes) {
    const auto owner = std::make_shared<const Bytes>(std::move(bytes));
    m_data = owner->data();
    m_size = owner->size();
    m_owner = owner;
  }

  /// A buffer of `size` bytes that are not set yet, and the place to write them before anybody else reads them; saves
  /// the zeros a vector would begin with.
  static std::pair<uint8_t*, SharedBytes> makeUninitialized(size_t size) {
    const auto owner = std::make_shared_for_overwrite<uint8_t[]>(size);
    SharedBytes bytes;
    bytes.m_owner = owner;
    bytes.m_data = owner.get();
    bytes.m_size = size;
    return {owner.get(), std::move(bytes)};
  }

  static SharedBytes copyOf(ByteView bytes) { return SharedBytes(Bytes(bytes.begin(), bytes.end())); }

  const uint8_t* data() const { return m_data; }
  size_t size() const { return m_size; }
  bool empty() const { return m_size == 0; }
  ByteView view() const { return {m_data, m_size}; }

  /// The part [offset, offset + length), sharing the buffer. The range must lie inside.
  SharedBytes slice(size_t offset, size_t length) const {
    SharedBytes part = *this;
    part.m_data = m_data + offset;
    part.m_size = length;
    return part;
  }

  bool operator==(const SharedBytes& other) const {
    return m_size == other.m_size && (m_size == 0 || std::memcmp(m_data, other.m_data, m_size) == 0);
  }

 private:
  std::shared_ptr<const void> m_owner;
  const uint8_t* m_data = nullptr;
  size_t m_size = 0;
};

/// Lower-case hexadecimal, two digits a byte, no separators.
std::string toHex(ByteView bytes);

}  // namespace streamscope::base
