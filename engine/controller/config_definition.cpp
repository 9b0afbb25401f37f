#include "controller/config_definition.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace streamscope::controller {

std::string_view trimmedConfig(std::string_view text) {
  const auto isSpace = [](char each) { return each == ' ' || (each >= '\t' && each <= '\r'); };
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

base::Status refuse(const ConfigDefinition& definition, std::string_view value, const std::string& why) {
  return base::fail(base::ErrorCode::INVALID_CONFIG, "Invalid value " + std::string(value) + " for configuration " +
                                                         std::string(definition.name) + ": " + why);
}

base::Status checkInteger(const ConfigDefinition& definition, std::string_view value) {
  const bool isInt = definition.type == ConfigType::Int;
  const bool isShort = definition.type == ConfigType::Short;
  const std::optional<int64_t> number = parseNumber<int64_t>(value);
  const int64_t typeMax = isShort ? INT16_MAX : isInt ? INT32_MAX : INT64_MAX;
  if (!number || *number > typeMax || *number < -typeMax - 1)
    return refuse(definition, value,
                  std::string("Not a number of type ") + (isShort ? "SHORT"
                                                          : isInt ? "INT"
                                                                  : "LONG"));
  if (number == definition.alsoAllowed) return {};
  if (*number >= definition.min && *number <= definition.max) return {};
  if (definition.alsoAllowed) {
    return refuse(definition, value,
                  "Value must be between " + std::to_string(definition.min) + " and " + std::to_string(definition.max) +
                      " or equal to " + std::to_string(*definition.alsoAllowed));
  }
  if (*number < definition.min)
    return refuse(definition, value, "Value must be at least " + std::to_string(definition.min));
  return refuse(definition, value, "Value must be no more than " + std::to_string(definition.max));
}

base::Status checkDouble(const ConfigDefinition& definition, std::string_view value) {
  const std::optional<double> number = parseNumber<double>(value);
  if (!number) return refuse(definition, value, "Not a number of type DOUBLE");
  if (*number < static_cast<double>(definition.min))
    return refuse(definition, value, "Value must be at least " + std::to_string(definition.min));
  // Written this way round so that NaN is refused too.
  if (!(*number <= static_cast<double>(definition.max)))
    return refuse(definition, value, "Value must be no more than " + std::to_string(definition.max));
  return {};
}

bool isOneOf(const ConfigDefinition& definition, std::string_view value) {
  const auto allowed = split(definition.allowed, ", ");
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

base::Status checkList(const ConfigDefinition& definition, std::string_view value) {
  if (value.empty()) return {};
  for (const std::string_view part : split(value, ",")) {
    if (!isOneOf(definition, trimmedConfig(part))) {
      return refuse(definition, trimmedConfig(part), "String must be one of: " + std::string(definition.allowed));
    }
  }
  return {};
}

base::Status checkThrottledReplicas(const ConfigDefinition& definition, std::string_view value) {
  if (value.empty() || value == "*") return {};
  for (const std::string_view part : split(value, ",")) {
    const auto ids = split(trimmedConfig(part), ":");
    if (ids.size() != 2 || !parseNumber<uint32_t>(ids[0]) || !parseNumber<uint32_t>(ids[1])) {
      return refuse(definition, value,
                    std::string(definition.name) +
                        " must be the literal '*' or a list of replicas in the following format: "
                        "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
    }
  }
  return {};
}

bool equalsIgnoringCase(std::string_view value, std::string_view lowerCase) {
  return std::equal(value.begin(), value.end(), lowerCase.begin(), lowerCase.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

base::Status checkBoolean(const ConfigDefinition& definition, std::string_view value) {
  if (isTrueConfig(value) || equalsIgnoringCase(value, "false")) return {};
  return refuse(definition, value, "Expected value to be either true or false");
}

base::Status checkString(const ConfigDefinition& definition, std::string_view value) {
  if (definition.allowed.empty() || isOneOf(definition, value)) return {};
  return refuse(definition, value, "String must be one of: " + std::string(definition.allowed));
}

}  // namespace

bool isTrueConfig(std::string_view value) {
  return equalsIgnoringCase(value, "true");
}

base::Status checkConfigValue(const ConfigDefinition& definition, std::string_view untrimmed) {
  const std::string_view value = trimmedConfig(untrimmed);
  if (definition.isThrottledReplicas) return checkThrottledReplicas(definition, value);
  switch (definition.type) {
    case ConfigType::Int:
    case ConfigType::Short:
    case ConfigType::Long:
      return checkInteger(definition, value);
    case ConfigType::Double:
      return checkDouble(definition, value);
    case ConfigType::Boolean:
      return checkBoolean(definition, value);
    case ConfigType::String:
      return checkString(definition, value);
    case ConfigType::List:
      return definition.allowed.empty() ? base::Status() : checkList(definition, value);
    case ConfigType::Class:
    case ConfigType::Password:
      return {};
  }
  return {};
}

}  // namespace streamscope::controller
