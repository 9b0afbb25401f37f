#include "message_encoder.h"

namespace streamscope::protocol {

std::string_view cutToStringSizeMax(std::string_view text) {
  if (text.size() <= kStringSizeMax) return text;
  size_t size = kStringSizeMax;
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace streamscope::protocol
