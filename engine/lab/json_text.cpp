#include "json_text.h"

#include <algorithm>
#include <string>

namespace streamscope::lab {

base::Result<nlohmann::json> parseJson(std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& trouble) {
    const size_t at = std::min(trouble.byte == 0 ? 0 : trouble.byte - 1, text.size());
    const std::string_view before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return base::fail(base::ErrorCode::INVALID_REQUEST, "This is no JSON: line " + std::to_string(line) + ", column " +
                                                            std::to_string(at - lineStart + 1) +
                                                            " holds something that cannot stand there.");
  }
}

}  // namespace streamscope::lab
