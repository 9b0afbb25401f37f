#include "base/uuid.h"

namespace streamscope::base {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kTextLength = 22;

}  // namespace

std::array<uint8_t, 16> Uuid::toBytes() const {
  std::array<uint8_t, 16> bytes{};
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(mostSignificant >> (56 - 8 * i));
    bytes[8 + i] = static_cast<uint8_t>(leastSignificant >> (56 - 8 * i));
  }
  return bytes;
}

Uuid Uuid::fromBytes(const uint8_t* bytes) {
  Uuid id;
  for (size_t i = 0; i < 8; ++i) {
    id.mostSignificant = (id.mostSignificant << 8) | bytes[i];
    id.leastSignificant = (id.leastSignificant << 8) | bytes[8 + i];
  }
  return id;
}

std::string Uuid::toString() const {
  const auto bytes = toBytes();
  std::string text;
  text.reserve(kTextLength);
  uint32_t pending = 0;
  int bits = 0;
  for (const uint8_t byte : bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text.push_back(kAlphabet[(pending >> bits) & 63]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[(pending << (6 - bits)) & 63]);
  return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  std::array<uint8_t, 16> bytes{};
  uint32_t pending = 0;
  int bits = 0;
  size_t filled = 0;
  for (const char c : text) {
    const size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    pending = (pending << 6) | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8 && filled < bytes.size()) {
      bits -= 8;
      bytes[filled++] = static_cast<uint8_t>(pending >> bits);
    }
  }
  return fromBytes(bytes.data());
}

}  // namespace streamscope::base
