#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Replaces all configs of resources; Kafka has deprecated it.
struct AlterConfigsRequest {
  static constexpr MessageInfo kInfo{"AlterConfigsRequest", 33, 0, 2, 2};

  struct AlterConfigsResource {
    struct AlterableConfig {
      std::string name;
      std::optional<std::string> value;

      bool operator==(const AlterableConfig&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &AlterableConfig::name, since(0));
        visit("Value", &AlterableConfig::value, since(0).nullable());
      }
    };

    int8_t resourceType = 0;
    std::string resourceName;
    std::vector<AlterableConfig> configs;

    bool operator==(const AlterConfigsResource&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ResourceType", &AlterConfigsResource::resourceType, since(0));
      visit("ResourceName", &AlterConfigsResource::resourceName, since(0));
      visit("Configs", &AlterConfigsResource::configs, since(0));
    }
  };

  std::vector<AlterConfigsResource> resources;
  bool validateOnly = false;

  bool operator==(const AlterConfigsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Resources", &AlterConfigsRequest::resources, since(0));
    visit("ValidateOnly", &AlterConfigsRequest::validateOnly, since(0));
  }
};

/// What came of it, resource by resource.
struct AlterConfigsResponse {
  static constexpr MessageInfo kInfo{"AlterConfigsResponse", 33, 0, 2, 2};

  struct AlterConfigsResourceResponse {
    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;
    int8_t resourceType = 0;
    std::string resourceName;

    bool operator==(const AlterConfigsResourceResponse&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &AlterConfigsResourceResponse::errorCode, since(0));
      visit("ErrorMessage", &AlterConfigsResourceResponse::errorMessage, since(0).nullable());
      visit("ResourceType", &AlterConfigsResourceResponse::resourceType, since(0));
      visit("ResourceName", &AlterConfigsResourceResponse::resourceName, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<AlterConfigsResourceResponse> responses;

  bool operator==(const AlterConfigsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AlterConfigsResponse::throttleTimeMs, since(0));
    visit("Responses", &AlterConfigsResponse::responses, since(0));
  }
};

}  // namespace streamscope::protocol
