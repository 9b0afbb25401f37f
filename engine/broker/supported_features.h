#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace streamscope::broker {

/// The levels of a feature a broker can run at.
struct FeatureRange {
  std::string_view name;
  int16_t min = 0, max = 0;
};

/// Those of the release named by protocol::kKafkaVersion, as far as this broker obeys them (Kafka: Feature,
/// MetadataVersion).
inline constexpr std::array kSupportedFeatures{
    FeatureRange{"kraft.version", 0, 1},
    FeatureRange{"metadata.version", 7, 30},
};

}  // namespace streamscope::broker
