#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for the configs of topics and brokers.
struct DescribeConfigsRequest {
  static constexpr MessageInfo kInfo{"DescribeConfigsRequest", 32, 1, 4, 4};

  struct DescribeConfigsResource {
    int8_t resourceType = 0;
    std::string resourceName;
    std::optional<std::vector<std::string>> configurationKeys;

    bool operator==(const DescribeConfigsResource&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ResourceType", &DescribeConfigsResource::resourceType, since(0));
      visit("ResourceName", &DescribeConfigsResource::resourceName, since(0));
      visit("ConfigurationKeys", &DescribeConfigsResource::configurationKeys, since(0).nullable());
    }
  };

  std::vector<DescribeConfigsResource> resources;
  bool includeSynonyms = false;
  bool includeDocumentation = false;

  bool operator==(const DescribeConfigsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Resources", &DescribeConfigsRequest::resources, since(0));
    visit("IncludeSynonyms", &DescribeConfigsRequest::includeSynonyms, since(1));
    visit("IncludeDocumentation", &DescribeConfigsRequest::includeDocumentation, since(3));
  }
};

/// Values, where they come from, and what overrides what.
struct DescribeConfigsResponse {
  static constexpr MessageInfo kInfo{"DescribeConfigsResponse", 32, 1, 4, 4};

  struct DescribeConfigsResult {
    struct DescribeConfigsResourceResult {
      struct DescribeConfigsSynonym {
        std::string name;
        std::optional<std::string> value;
        int8_t source = 0;

        bool operator==(const DescribeConfigsSynonym&) const = default;

        template <class Visitor>
        static void fields(Visitor& visit) {
          visit("Name", &DescribeConfigsSynonym::name, since(1));
          visit("Value", &DescribeConfigsSynonym::value, since(1).nullableSince(0));
          visit("Source", &DescribeConfigsSynonym::source, since(1));
        }
      };

      std::string name;
      std::optional<std::string> value;
      bool readOnly = false;
      int8_t configSource = -1;
      bool isSensitive = false;
      std::vector<DescribeConfigsSynonym> synonyms;
      int8_t configType = 0;
      std::optional<std::string> documentation;

      bool operator==(const DescribeConfigsResourceResult&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("Name", &DescribeConfigsResourceResult::name, since(0));
        visit("Value", &DescribeConfigsResourceResult::value, since(0).nullable());
        visit("ReadOnly", &DescribeConfigsResourceResult::readOnly, since(0));
        visit("ConfigSource", &DescribeConfigsResourceResult::configSource, since(1));
        visit("IsSensitive", &DescribeConfigsResourceResult::isSensitive, since(0));
        visit("Synonyms", &DescribeConfigsResourceResult::synonyms, since(1));
        visit("ConfigType", &DescribeConfigsResourceResult::configType, since(3));
        visit("Documentation", &DescribeConfigsResourceResult::documentation, since(3).nullableSince(0));
      }
    };

    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;
    int8_t resourceType = 0;
    std::string resourceName;
    std::vector<DescribeConfigsResourceResult> configs;

    bool operator==(const DescribeConfigsResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("ErrorCode", &DescribeConfigsResult::errorCode, since(0));
      visit("ErrorMessage", &DescribeConfigsResult::errorMessage, since(0).nullable());
      visit("ResourceType", &DescribeConfigsResult::resourceType, since(0));
      visit("ResourceName", &DescribeConfigsResult::resourceName, since(0));
      visit("Configs", &DescribeConfigsResult::configs, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DescribeConfigsResult> results;

  bool operator==(const DescribeConfigsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DescribeConfigsResponse::throttleTimeMs, since(0));
    visit("Results", &DescribeConfigsResponse::results, since(0));
  }
};

}  // namespace streamscope::protocol
