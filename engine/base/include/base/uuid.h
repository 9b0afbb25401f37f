#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace streamscope::base {

/// Kafka's 128-bit id (`Uuid.java`): topic ids, directory ids, incarnation ids, cluster ids.
struct Uuid {
  uint64_t mostSignificant = 0;
  uint64_t leastSignificant = 0;

  auto operator<=>(const Uuid&) const = default;

  bool isZero() const { return mostSignificant == 0 && leastSignificant == 0; }

  /// URL-safe base64 of the 16 bytes without padding: 22 characters, Kafka's text form.
  std::string toString() const;
  static std::optional<Uuid> parse(std::string_view text);

  std::array<uint8_t, 16> toBytes() const;
  static Uuid fromBytes(const uint8_t* bytes);
};

/// "None".
inline constexpr Uuid kZeroUuid{0, 0};
/// Topic id of `__cluster_metadata`.
inline constexpr Uuid kMetadataTopicId{0, 1};

}  // namespace streamscope::base
