#include "command_members.h"

#include <charconv>
#include <string>

#include "topic_name.h"

namespace streamscope::lab {

std::optional<base::TopicPartition> parseTopicPartition(std::string_view text) {
  const size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  base::TopicPartition partition{std::string(text.substr(0, dash)), 0};
  const std::string_view number = text.substr(dash + 1);
  const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), partition.partition);
  if (failure != std::errc() || end != number.data() + number.size() || partition.partition < 0) return std::nullopt;
  return partition;
}

std::optional<world::Address> parseNode(std::string_view text) {
  for (const world::NodeKind kind : {world::NodeKind::Broker, world::NodeKind::Controller}) {
    const std::string_view prefix = kind == world::NodeKind::Broker ? "broker " : "controller ";
    if (!text.starts_with(prefix)) continue;
    const std::string_view number = text.substr(prefix.size());
    world::Address address{kind, 0};
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), address.id);
    if (failure != std::errc() || end != number.data() + number.size() || address.id < 1) return std::nullopt;
    return address;
  }
  return std::nullopt;
}

void readTopicName(JsonObject& object, std::string& topic) {
  object.text("topic", topic, JsonObject::Need::Required);
  if (object.failed()) return;
  if (const std::optional<std::string> trouble = topicNameTrouble(topic)) object.refuse("topic", topic, *trouble);
}

void readNode(JsonObject& object, const char* name, world::Address& into) {
  const nlohmann::json* value = object.take(name, JsonObject::Need::Required);
  if (value == nullptr) return;
  const std::optional<world::Address> address =
      value->is_string() ? parseNode(value->get_ref<const std::string&>()) : std::nullopt;
  if (address)
    into = *address;
  else
    object.refuse(name, *value, R"("broker 1", "controller 100" or alike)");
}

void readBroker(JsonObject& object, base::BrokerId& broker) {
  object.integer("broker", broker, 1, kBrokerIdMax, JsonObject::Need::Required);
}

}  // namespace streamscope::lab
