#include "world/trace_json.h"

#include <concepts>
#include <nlohmann/json.hpp>

#include "protocol/api_key.h"
#include "world/trace_fields.h"

namespace streamscope::world {
namespace {

struct NameVisitor {
  std::string_view name;
  void kind(std::string_view kindName) { name = kindName; }
  template <class Value>
  void operator()(std::string_view, const Value&) {}
};

class JsonVisitor {
 public:
  explicit JsonVisitor(nlohmann::ordered_json& object) : m_object(object) {}

  void kind(std::string_view name) { m_object["event"] = name; }
  template <class Value>
  void operator()(std::string_view name, const Value& value) {
    m_object[std::string(name)] = toValue(value);
  }

 private:
  template <std::integral Integer>
  static Integer toValue(Integer value) {
    return value;
  }
  static std::string toValue(const Address& address) { return address.toString(); }
  static std::string_view toValue(protocol::ApiKey api) { return protocol::apiName(api); }
  static int64_t toValue(base::VirtualTime time) { return base::microseconds(time); }
  static const std::string& toValue(const std::string& text) { return text; }
  static std::string toValue(const base::TopicPartition& partition) {
    return partition.topic.empty() ? std::string() : partition.toString();
  }
  static const std::vector<base::BrokerId>& toValue(const std::vector<base::BrokerId>& brokers) { return brokers; }
  static std::vector<std::string> toValue(const std::vector<base::TopicPartition>& partitions) {
    std::vector<std::string> names;
    for (const base::TopicPartition& partition : partitions) names.push_back(partition.toString());
    return names;
  }
  static std::string_view toValue(RequestFailed::Reason reason) {
    return reason == RequestFailed::Reason::TimedOut ? "TimedOut" : "Disconnected";
  }
  static std::string_view toValue(NodeStopped::Manner manner) {
    switch (manner) {
      case NodeStopped::Manner::Killed:
        return "Killed";
      case NodeStopped::Manner::LostPower:
        return "LostPower";
      case NodeStopped::Manner::Gracefully:
        break;
    }
    return "Gracefully";
  }

  nlohmann::ordered_json& m_object;
};

}  // namespace

std::string_view eventName(const EventPayload& payload) {
  NameVisitor visitor;
  visitFields(payload, visitor);
  return visitor.name;
}

std::string toJson(const TraceEvent& event) {
  nlohmann::ordered_json object;
  object["id"] = event.id;
  object["cause"] = event.cause;
  object["timeUs"] = base::microseconds(event.time);
  JsonVisitor visitor(object);
  visitFields(event.payload, visitor);
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace streamscope::world
