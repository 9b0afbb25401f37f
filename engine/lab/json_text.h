#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

namespace streamscope::lab {

/// Parses JSON text; INVALID_REQUEST with line and column when it is none.
base::Result<nlohmann::json> parseJson(std::string_view text);

}  // namespace streamscope::lab
