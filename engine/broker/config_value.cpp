#include "config_value.h"

#include <charconv>

namespace streamscope::broker {
namespace {

tl::unexpected<base::Error> refuse(std::string_view key, const std::string& value, const std::string& wanted) {
  return base::fail(base::ErrorCode::INVALID_CONFIG,
                    "Config '" + std::string(key) + "' cannot be '" + value + "'; " + wanted + ".");
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string wantedRange(int64_t low, int64_t high) {
  const std::string from = "give a whole number of at least " + std::to_string(low);
  return high == INT64_MAX ? from : from + " and at most " + std::to_string(high);
}

}  // namespace

base::Result<int64_t> parseInteger(std::string_view key, const std::string& value, int64_t low, int64_t high) {
  int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc{} || stopped != end || number < low || number > high)
    return refuse(key, value, wantedRange(low, high));
  return number;
}

base::Result<bool> parseBoolean(std::string_view key, const std::string& value) {
  if (equalsIgnoringCase(value, "true")) return true;
  if (equalsIgnoringCase(value, "false")) return false;
  return refuse(key, value, "give true or false");
}

base::Result<bool> parseTimestampType(std::string_view key, const std::string& value) {
  if (value == "CreateTime") return false;
  if (value == "LogAppendTime") return true;
  return refuse(key, value, "give CreateTime or LogAppendTime");
}

}  // namespace streamscope::broker
