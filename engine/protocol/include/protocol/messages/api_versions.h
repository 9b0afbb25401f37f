#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// First request of a connection: which requests and versions are served?
struct ApiVersionsRequest {
  static constexpr MessageInfo kInfo{"ApiVersionsRequest", 18, 0, 4, 3};

  std::string clientSoftwareName;
  std::string clientSoftwareVersion;

  bool operator==(const ApiVersionsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ClientSoftwareName", &ApiVersionsRequest::clientSoftwareName, since(3));
    visit("ClientSoftwareVersion", &ApiVersionsRequest::clientSoftwareVersion, since(3));
  }
};

/// Ranges of versions served, and the features of the cluster.
struct ApiVersionsResponse {
  static constexpr MessageInfo kInfo{"ApiVersionsResponse", 18, 0, 4, 3};

  struct ApiVersion {
    int16_t apiKey = 0;
    int16_t minVersion = 0;
    int16_t maxVersion = 0;

    bool operator==(const ApiVersion&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ApiKey", &ApiVersion::apiKey, since(0));
      visit("MinVersion", &ApiVersion::minVersion, since(0));
      visit("MaxVersion", &ApiVersion::maxVersion, since(0));
    }
  };

  struct SupportedFeatureKey {
    std::string name;
    int16_t minVersion = 0;
    int16_t maxVersion = 0;

    bool operator==(const SupportedFeatureKey&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &SupportedFeatureKey::name, since(3));
      visit("MinVersion", &SupportedFeatureKey::minVersion, since(3));
      visit("MaxVersion", &SupportedFeatureKey::maxVersion, since(3));
    }
  };

  struct FinalizedFeatureKey {
    std::string name;
    int16_t maxVersionLevel = 0;
    int16_t minVersionLevel = 0;

    bool operator==(const FinalizedFeatureKey&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &FinalizedFeatureKey::name, since(3));
      visit("MaxVersionLevel", &FinalizedFeatureKey::maxVersionLevel, since(3));
      visit("MinVersionLevel", &FinalizedFeatureKey::minVersionLevel, since(3));
    }
  };

  int16_t errorCode = 0;
  std::vector<ApiVersion> apiKeys;
  int32_t throttleTimeMs = 0;
  std::vector<SupportedFeatureKey> supportedFeatures;
  int64_t finalizedFeaturesEpoch = -1;
  std::vector<FinalizedFeatureKey> finalizedFeatures;
  bool zkMigrationReady = false;

  bool operator==(const ApiVersionsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ErrorCode", &ApiVersionsResponse::errorCode, since(0));
    visit("ApiKeys", &ApiVersionsResponse::apiKeys, since(0));
    visit("ThrottleTimeMs", &ApiVersionsResponse::throttleTimeMs, since(1));
    visit("SupportedFeatures", &ApiVersionsResponse::supportedFeatures, since(3).tag(0));
    visit("FinalizedFeaturesEpoch", &ApiVersionsResponse::finalizedFeaturesEpoch, since(3).tag(1));
    visit("FinalizedFeatures", &ApiVersionsResponse::finalizedFeatures, since(3).tag(2));
    visit("ZkMigrationReady", &ApiVersionsResponse::zkMigrationReady, since(3).tag(3));
  }
};

}  // namespace streamscope::protocol
