#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/api_key.h"
#include "protocol/messages/api_versions.h"

namespace streamscope::protocol {

/// The Apache Kafka release this program behaves like.
inline constexpr std::string_view kKafkaVersion = "4.3.1";

/// Who answers a request: a broker serves clients, a controller serves brokers.
enum class Listener : uint8_t { Broker, Controller };

struct VersionRange {
  int16_t min = 0;
  int16_t max = 0;

  constexpr bool contains(int16_t version) const { return version >= min && version <= max; }
  bool operator==(const VersionRange&) const = default;
};

/// The request with this number on the wire; nullopt for one this program does not know.
std::optional<ApiKey> apiKeyFromId(int16_t id);

/// Versions of a request that a listener answers; nullopt when it does not take this request at all. Reaches back to
/// what Kafka 3.x brokers answered, save for record formats before v2 (Produce below 3, Fetch below 4) and what Kafka
/// keeps behind its unstable switch.
std::optional<VersionRange> servedVersions(ApiKey key, Listener listener);

/// What ApiVersions tells, in the order of the API keys. The same ranges, but Produce from 0 although lower versions
/// than 3 are refused: librdkafka takes an absent Produce 0 for a broker without some compressions (KAFKA-18659).
std::vector<ApiVersionsResponse::ApiVersion> advertisedVersions(Listener listener);

/// The answer to an ApiVersions request of a version that is not served: error 35 and the range of ApiVersions alone.
/// Goes out as version 0, whatever was asked (KIP-511).
ApiVersionsResponse unsupportedVersionAnswer();

/// True when a broker passes this request on to the active controller (`ApiKeys.forwardable`).
bool isForwardable(ApiKey key);

/// Header versions for any version of a request, also one this program does not serve.
int16_t requestHeaderVersion(ApiKey key, int16_t version);
int16_t responseHeaderVersion(ApiKey key, int16_t version);

}  // namespace streamscope::protocol
