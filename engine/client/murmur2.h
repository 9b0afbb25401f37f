#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace streamscope::client {

/// Kafka's 32-bit murmur2 over a record's key (`Utils.murmur2`), as the signed number Java prints.
int32_t murmur2(base::ByteView bytes);

}  // namespace streamscope::client
