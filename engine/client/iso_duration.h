#pragma once

#include <optional>
#include <string_view>

#include "base/virtual_time.h"

namespace streamscope::client {

/// "P1DT2H3M4.5S", as Java's Duration.parse reads it, without signs; none when it is not one.
std::optional<base::Duration> parseIsoDuration(std::string_view text);

}  // namespace streamscope::client
