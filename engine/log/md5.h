#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace streamscope::log {

using Md5Digest = std::array<uint8_t, 16>;

/// MD5 (RFC 1321), by which Kafka's cleaner tells keys apart. Nothing here needs it to withstand an attack, and a
/// library for one hash of 60 lines would have to be there on every system.
Md5Digest md5(base::ByteView bytes);

}  // namespace streamscope::log
