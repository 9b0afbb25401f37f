#pragma once

#include <cstddef>
#include <string_view>

namespace streamscope::base {

/// Length of the well-formed UTF-8 sequence at the beginning of `text` (Unicode 15, table 3-7), 0 when there is none.
size_t utf8SequenceLength(std::string_view text);

/// True when all of `text` is well-formed UTF-8.
bool isUtf8(std::string_view text);

}  // namespace streamscope::base
