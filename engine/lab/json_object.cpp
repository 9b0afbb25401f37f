#include "json_object.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace streamscope::lab {

namespace {

struct Unit {
  std::string_view name;
  int64_t microseconds;
};
/// Largest first.
constexpr std::array<Unit, 5> kUnits = {
    {{"h", 3'600'000'000}, {"min", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};

constexpr const char* kDurationForm = R"(a duration such as "500 us", "5 ms", "20 s", "2 min" or "1 h")";

/// A member's name inside a JSON pointer (RFC 6901).
std::string escapePointer(const std::string& name) {
  std::string escaped;
  for (const char letter : name) {
    if (letter == '~')
      escaped += "~0";
    else if (letter == '/')
      escaped += "~1";
    else
      escaped += letter;
  }
  return escaped;
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string plain(double value) {
  return nlohmann::json(value).dump();
}

}  // namespace

std::string describeJson(const nlohmann::json& value) {
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  constexpr size_t kTextMax = 60;
  if (text.size() > kTextMax) text = text.substr(0, kTextMax) + "...";
  return text;
}

std::string formatDuration(base::Duration duration) {
  for (const Unit& unit : kUnits)
    if (duration.count() % unit.microseconds == 0 && (duration.count() != 0 || unit.name == "s"))
      return std::to_string(duration.count() / unit.microseconds) + " " + std::string(unit.name);
  return std::to_string(duration.count()) + " us";
}

std::optional<base::Duration> parseDuration(std::string_view text) {
  int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure != std::errc() || count < 0) return std::nullopt;
  std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
  if (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  for (const Unit& unit : kUnits) {
    if (rest != unit.name) continue;
    if (count > INT64_MAX / 4 / unit.microseconds) return std::nullopt;
    return base::Duration(count * unit.microseconds);
  }
  return std::nullopt;
}

std::optional<base::Duration> parseSignedDuration(std::string_view text) {
  if (!text.starts_with('-')) return parseDuration(text);
  const std::optional<base::Duration> magnitude = parseDuration(text.substr(1));
  return magnitude ? std::optional(-*magnitude) : std::nullopt;
}

JsonObject::JsonObject(const nlohmann::json& value, std::string path, std::optional<base::Error>& error)
    : m_path(std::move(path)), m_error(error) {
  if (value.is_object())
    m_object = &value;
  else if (!m_error)
    m_error = base::Error{base::ErrorCode::INVALID_REQUEST, (m_path.empty() ? "The whole" : m_path) + " is " +
                                                                describeJson(value) + "; it must be an object {...}."};
}

std::string JsonObject::pathOf(const std::string& name) const {
  return m_path + "/" + escapePointer(name);
}

const nlohmann::json* JsonObject::take(const char* name, Need need) {
  m_known.emplace_back(name);
  if (m_error || m_object == nullptr) return nullptr;
  const auto found = m_object->find(name);
  if (found != m_object->end()) return &*found;
  if (need == Need::Required)
    m_error = base::Error{base::ErrorCode::INVALID_REQUEST, pathOf(name) + " is missing; it must be given."};
  return nullptr;
}

void JsonObject::refuse(const char* name, const nlohmann::json& found, const std::string& allowed) {
  if (m_error) return;
  m_error = base::Error{base::ErrorCode::INVALID_REQUEST,
                        pathOf(name) + " is " + describeJson(found) + "; it must be " + allowed + "."};
}

void JsonObject::text(const char* name, std::string& into, Need need) {
  const nlohmann::json* value = take(name, need);
  if (value == nullptr) return;
  if (!value->is_string()) return refuse(name, *value, "text");
  into = value->get<std::string>();
  if (need == Need::Required && into.empty()) refuse(name, *value, "text that is not empty");
}

void JsonObject::boolean(const char* name, bool& into) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  if (!value->is_boolean()) return refuse(name, *value, "true or false");
  into = value->get<bool>();
}

void JsonObject::duration(const char* name, base::Duration& into, base::Duration min, base::Duration max, Need need) {
  const nlohmann::json* value = take(name, need);
  if (value == nullptr) return;
  const auto parse = min < base::Duration::zero() ? parseSignedDuration : parseDuration;
  const std::optional<base::Duration> read =
      value->is_string() ? parse(value->get_ref<const std::string&>()) : std::nullopt;
  if (!read) return refuse(name, *value, kDurationForm);
  if (*read < min) return refuse(name, *value, "at least " + formatDuration(min));
  if (*read > max) return refuse(name, *value, "at most " + formatDuration(max));
  into = *read;
}

void JsonObject::number(const char* name, double& into, double min, double max) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  const double read = value->is_number() ? value->get<double>() : min - 1;
  if (!(read >= min && read <= max)) return refuse(name, *value, "a number from " + plain(min) + " to " + plain(max));
  into = read;
}

void JsonObject::textMap(const char* name, std::map<std::string, std::string>& into) {
  const nlohmann::json* value = take(name);
  if (value == nullptr) return;
  if (!value->is_object()) return refuse(name, *value, "an object of texts {\"key\": \"value\"}");
  for (const auto& [key, entry] : value->items()) {
    if (!entry.is_string()) {
      if (!m_error)
        m_error = base::Error{base::ErrorCode::INVALID_REQUEST, pathOf(name) + "/" + escapePointer(key) + " is " +
                                                                    describeJson(entry) + "; it must be text."};
      return;
    }
    into[key] = entry.get<std::string>();
  }
}

void JsonObject::done() {
  if (m_error || m_object == nullptr) return;
  for (const auto& [name, value] : m_object->items())
    if (std::find(m_known.begin(), m_known.end(), name) == m_known.end()) {
      m_error = base::Error{base::ErrorCode::INVALID_REQUEST,
                            pathOf(name) + " is unknown; allowed here: " + list(m_known) + "."};
      return;
    }
}

}  // namespace streamscope::lab
