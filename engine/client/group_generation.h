#pragma once

#include <cstdint>
#include <string>

namespace streamscope::client {

inline constexpr int32_t kNoGenerationId = -1;

/// In which generation of its group a consumer is, and as whom (Kafka: AbstractCoordinator.Generation). It can have a
/// member id before it is in any.
struct Generation {
  int32_t id = kNoGenerationId;
  std::string memberId = {};
  /// The assignor that the group chose.
  std::string protocolName = {};
  bool operator==(const Generation&) const = default;
};

}  // namespace streamscope::client
