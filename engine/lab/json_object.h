#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/virtual_time.h"

namespace streamscope::lab {

/// Reads the members of one JSON object strictly. The first thing that is wrong is kept as an error with its place (a
/// JSON pointer) and what is allowed there; after it nothing is read. `done` refuses members nobody asked for.
class JsonObject {
 public:
  enum class Need : uint8_t { Optional, Required };

  JsonObject(const nlohmann::json& value, std::string path, std::optional<base::Error>& error);

  void text(const char* name, std::string& into, Need need = Need::Optional);
  void boolean(const char* name, bool& into);
  /// "5 ms"; from `min` to `max`. Only where `min` is negative a "-5 ms" is a duration.
  void duration(const char* name, base::Duration& into, base::Duration min, base::Duration max = base::Duration::max(),
                Need need = Need::Optional);
  void number(const char* name, double& into, double min, double max);
  void textMap(const char* name, std::map<std::string, std::string>& into);
  template <class Integer>
  void integer(const char* name, Integer& into, Integer min, Integer max = std::numeric_limits<Integer>::max(),
               Need need = Need::Optional) {
    const nlohmann::json* value = take(name, need);
    if (value == nullptr) return;
    if (!readInteger(*value, into, min, max)) refuse(name, *value, integerRange(min, max));
  }

  /// For what the functions above do not know; null when absent.
  const nlohmann::json* take(const char* name, Need need = Need::Optional);
  void refuse(const char* name, const nlohmann::json& found, const std::string& allowed);
  std::string pathOf(const std::string& name) const;
  bool failed() const { return m_error.has_value(); }

  void done();

 private:
  template <class Integer>
  static bool readInteger(const nlohmann::json& value, Integer& into, Integer min, Integer max) {
    if (!value.is_number_integer()) return false;
    if constexpr (std::is_unsigned_v<Integer>) {
      if (!value.is_number_unsigned()) return false;
      const auto read = value.get<uint64_t>();
      if (read < min || read > max) return false;
      into = static_cast<Integer>(read);
    } else {
      if (value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) return false;
      const auto read = value.get<int64_t>();
      if (read < min || read > max) return false;
      into = static_cast<Integer>(read);
    }
    return true;
  }
  template <class Integer>
  static std::string integerRange(Integer min, Integer max) {
    if (max == std::numeric_limits<Integer>::max()) return "a whole number, at least " + std::to_string(min);
    return "a whole number from " + std::to_string(min) + " to " + std::to_string(max);
  }

  const nlohmann::json* m_object = nullptr;
  const std::string m_path;
  std::optional<base::Error>& m_error;
  std::vector<std::string> m_known;
};

/// A short text of a value for a message.
std::string describeJson(const nlohmann::json& value);

/// "500 us", "5 ms", "20 s", "2 min", "1 h": the largest unit that is exact.
std::string formatDuration(base::Duration duration);
std::optional<base::Duration> parseDuration(std::string_view text);
/// As parseDuration, and with a "-" before it: "-1 h".
std::optional<base::Duration> parseSignedDuration(std::string_view text);

}  // namespace streamscope::lab
