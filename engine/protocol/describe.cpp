#include "protocol/describe.h"

#include <cctype>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"
#include "value_text.h"

namespace streamscope::protocol {

namespace {

template <class Struct>
std::string describeFields(const Struct& source, int16_t version);

std::string describeValue(const base::SharedBytes& value, int16_t) {
  return std::to_string(value.size());
}

template <class Value>
std::string describeValue(const Value& value, int16_t version) {
  if constexpr (requires { &Value::template fields<int>; })
    return describeFields(value, version);
  else
    return valueText(value);
}

template <class Element>
std::string describeValue(const std::vector<Element>& elements, int16_t version) {
  std::string text = "[";
  for (const Element& element : elements) {
    if (text.size() > 1) text += ',';
    text += describeValue(element, version);
  }
  return text + ']';
}

template <class Value>
std::string describeValue(const std::optional<Value>& value, int16_t version) {
  return value ? describeValue(*value, version) : "null";
}

template <class Value>
bool isToldBySize(const Value&) {
  return false;
}

bool isToldBySize(const std::optional<base::SharedBytes>& records) {
  return records.has_value();
}

/// Visits the fields of a struct; tagged fields appear, as on the wire, when they differ from their default.
template <class Struct>
struct FieldDescriber {
  const Struct& source;
  int16_t version;
  std::string text = {};

  template <class Value>
  void operator()(std::string_view name, Value Struct::*member, FieldRule rule) {
    if (!rule.isIn(version)) return;
    static const Struct kDefaults{};
    if (rule.isTagged() && source.*member == kDefaults.*member) return;
    text += text.empty() ? '{' : ',';
    std::string key(name);
    key.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(key.front())));
    if (isToldBySize(source.*member)) key += "SizeInBytes";
    text += quoted(key) + ':' + describeValue(source.*member, version);
  }
};

template <class Struct>
std::string describeFields(const Struct& source, int16_t version) {
  FieldDescriber<Struct> visitor{source, version};
  Struct::fields(visitor);
  return visitor.text.empty() ? "{}" : visitor.text + '}';
}

/// "PartitionChangeRecord" -> "PARTITION_CHANGE_RECORD".
std::string upperSnake(std::string_view name) {
  std::string text;
  for (const char character : name) {
    const auto code = static_cast<unsigned char>(character);
    if (std::isupper(code) != 0 && !text.empty()) text += '_';
    text += static_cast<char>(std::toupper(code));
  }
  return text;
}

std::string describeRecord(const std::string& type, int16_t version, const std::string& data) {
  return "{\"type\":\"" + type + "\",\"version\":" + std::to_string(version) + ",\"data\":" + data + '}';
}

std::string controlTypeName(const LeaderChangeMessage&) {
  return "LEADER_CHANGE";
}
std::string controlTypeName(const SnapshotHeaderRecord&) {
  return "SNAPSHOT_HEADER";
}
std::string controlTypeName(const SnapshotFooterRecord&) {
  return "SNAPSHOT_FOOTER";
}

}  // namespace

std::string describe(const RequestBody& body, int16_t version) {
  return std::visit([&](const auto& message) { return describeFields(message, version); }, body);
}

std::string describe(const ResponseBody& body, int16_t version) {
  return std::visit([&](const auto& message) { return describeFields(message, version); }, body);
}

std::string describe(const MetadataRecord& record, int16_t version) {
  return std::visit(
      [&]<class Record>(const Record& body) {
        return describeRecord(upperSnake(Record::kInfo.name), version, describeFields(body, version));
      },
      record);
}

std::string describe(const ControlRecord& record) {
  return std::visit(
      [](const auto& body) {
        return describeRecord(controlTypeName(body), body.version, describeFields(body, body.version));
      },
      record);
}

}  // namespace streamscope::protocol
