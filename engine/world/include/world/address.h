#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace streamscope::world {

enum class NodeKind : uint8_t {
  Broker,
  Controller,
  /// A simulated producer or consumer.
  Client,
  /// A real client's connection from outside, one for each TCP connection.
  External,
};

/// Who sends or receives in a world: "broker 1", "controller 100", "client 3", "external 17". Totally ordered, so that
/// nothing ever iterates in the order of memory addresses.
struct Address {
  NodeKind kind = NodeKind::Broker;
  int32_t id = 0;

  auto operator<=>(const Address&) const = default;

  std::string toString() const;
};

inline Address brokerAddress(int32_t id) {
  return {NodeKind::Broker, id};
}
inline Address controllerAddress(int32_t id) {
  return {NodeKind::Controller, id};
}
inline Address clientAddress(int32_t id) {
  return {NodeKind::Client, id};
}
inline Address externalAddress(int32_t id) {
  return {NodeKind::External, id};
}

}  // namespace streamscope::world
