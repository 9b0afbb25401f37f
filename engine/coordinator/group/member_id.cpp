#include "group/member_id.h"

#include "base/bytes.h"
#include "base/uuid.h"

namespace streamscope::coordinator {

std::string newMemberId(const std::string& name, base::Random& random) {
  auto bytes = random.uuid().toBytes();
  // A random one (version 4) of RFC 4122.
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  std::string text = base::toHex(bytes);
  for (const size_t at : {size_t{20}, size_t{16}, size_t{12}, size_t{8}}) text.insert(at, 1, '-');
  return name + '-' + text;
}

}  // namespace streamscope::coordinator
