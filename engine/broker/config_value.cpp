#include "config_value.h"

#include <array>
#include <charconv>
#include <limits>
#include <sstream>
#include <utility>

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

std::string wantedRange(double low, double high) {
  std::ostringstream range;
  range << "of at least " << low;
  if (high < std::numeric_limits<double>::max()) range << " and at most " << high;
  return range.str();
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
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

base::Result<double> parseDouble(std::string_view key, const std::string& value, double low, double high) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  // Written this way round so that NaN is refused too.
  if (error == std::errc{} && stopped == end && number >= low && number <= high) return number;
  return refuse(key, value, "give a number " + wantedRange(low, high));
}

base::Result<CleanupPolicy> parseCleanupPolicy(std::string_view key, const std::string& value) {
  CleanupPolicy policy;
  std::string_view rest = value;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const std::string_view name = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    if (name == "delete")
      policy.deletes = true;
    else if (name == "compact")
      policy.compacts = true;
    else
      return refuse(key, value, "give delete, compact, or compact,delete");
  }
  return policy;
}

base::Result<std::optional<log::Compression>> parseCompressionType(std::string_view key, const std::string& value) {
  using enum log::Compression;
  constexpr std::array kNames{std::pair{"uncompressed", None}, std::pair{"gzip", Gzip}, std::pair{"snappy", Snappy},
                              std::pair{"lz4", Lz4}, std::pair{"zstd", Zstd}};
  if (value == "producer") return std::optional<log::Compression>{};
  for (const auto& [name, compression] : kNames)
    if (value == name) return compression;
  return refuse(key, value, "give producer, uncompressed, gzip, snappy, lz4 or zstd");
}

}  // namespace streamscope::broker
