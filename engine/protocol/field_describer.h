#pragma once

#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/base64.h"
#include "base/bytes.h"
#include "protocol/classic_group_records.h"
#include "protocol/field.h"
#include "value_text.h"

namespace streamscope::protocol {

/// How bytes are told: requests and responses carry whole batches, records of internal topics small things.
enum class BytesForm : uint8_t { Size, Base64 };

/// How one message is described.
struct DescribeContext {
  int16_t version = 0;
  BytesForm bytesForm = BytesForm::Size;
  /// The group whose members are described speaks the consumer protocol.
  bool isConsumerGroup = false;
};

/// A member's subscription or assignment in the consumer protocol, as JSON; base64 when it is not.
std::string describeConsumerProtocol(std::string_view field, const base::SharedBytes& bytes);

template <class Struct>
std::string describeFields(const Struct& source, const DescribeContext& context);

inline std::string describeValue(const base::SharedBytes& value, const DescribeContext& context) {
  if (context.bytesForm == BytesForm::Size) return std::to_string(value.size());
  return '"' + base::toBase64(value.view()) + '"';
}

template <class Value>
std::string describeValue(const Value& value, const DescribeContext& context) {
  if constexpr (requires { &Value::template fields<int>; })
    return describeFields(value, context);
  else
    return valueText(value);
}

template <class Element>
std::string describeValue(const std::vector<Element>& elements, const DescribeContext& context) {
  std::string text = "[";
  for (const Element& element : elements) {
    if (text.size() > 1) text += ',';
    text += describeValue(element, context);
  }
  return text + ']';
}

template <class Value>
std::string describeValue(const std::optional<Value>& value, const DescribeContext& context) {
  return value ? describeValue(*value, context) : "null";
}

/// Visits the fields of a struct; tagged fields appear, as on the wire, when they differ from their default.
template <class Struct>
struct FieldDescriber {
  const Struct& source;
  const DescribeContext& context;
  std::string text = {};

  template <class Value>
  void operator()(std::string_view name, Value Struct::*member, FieldRule rule) {
    if (!rule.isIn(context.version)) return;
    static const Struct kDefaults{};
    const Value& value = source.*member;
    if (rule.isTagged() && value == kDefaults.*member) return;
    text += text.empty() ? '{' : ',';
    std::string key(name);
    key.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(key.front())));
    if (isToldBySize(value)) key += "SizeInBytes";
    text += quoted(key) + ':';
    if constexpr (std::is_same_v<Struct, GroupMetadataValue::MemberMetadata> &&
                  std::is_same_v<Value, base::SharedBytes>) {
      if (context.isConsumerGroup) {
        text += describeConsumerProtocol(name, value);
        return;
      }
    }
    text += describeValue(value, context);
  }

 private:
  template <class Value>
  bool isToldBySize(const Value&) const {
    return false;
  }
  bool isToldBySize(const std::optional<base::SharedBytes>& bytes) const {
    return bytes.has_value() && context.bytesForm == BytesForm::Size;
  }
};

template <class Struct>
std::string describeFields(const Struct& source, const DescribeContext& context) {
  FieldDescriber<Struct> visitor{source, context};
  Struct::fields(visitor);
  return visitor.text.empty() ? "{}" : visitor.text + '}';
}

}  // namespace streamscope::protocol
