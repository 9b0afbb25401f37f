#pragma once

#include <string>

#include "base/bytes.h"

namespace streamscope::base {

/// RFC 4648, section 4, with padding.
std::string toBase64(ByteView bytes);

}  // namespace streamscope::base
