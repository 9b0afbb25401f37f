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

/// Told to the controller beside those: what Kafka 4.3.1 finalizes in the directories it formats. A broker here can
/// live in such a cluster, but does nothing of what they are about, so that no client is told of them.
inline constexpr std::array kToleratedFeatures{
    FeatureRange{"eligible.leader.replicas.version", 0, 1},
    FeatureRange{"group.version", 0, 1},
    FeatureRange{"share.version", 0, 1},
    FeatureRange{"streams.version", 0, 1},
    FeatureRange{"transaction.version", 0, 2},
};

}  // namespace streamscope::broker
