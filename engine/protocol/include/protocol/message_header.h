#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Stands before every request body. Version 2 when the API version is flexible, else 1; Kafka used 0 once.
struct RequestHeader {
  static constexpr MessageInfo kInfo{"RequestHeader", -1, 0, 2, 2};

  int16_t requestApiKey = 0;
  int16_t requestApiVersion = 0;
  int32_t correlationId = 0;
  std::optional<std::string> clientId;

  bool operator==(const RequestHeader&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("RequestApiKey", &RequestHeader::requestApiKey, since(0));
    visit("RequestApiVersion", &RequestHeader::requestApiVersion, since(0));
    visit("CorrelationId", &RequestHeader::correlationId, since(0));
    visit("ClientId", &RequestHeader::clientId, since(1).nullable().notCompact());
  }
};

/// Stands before every response body. Version 1 when the API version is flexible, else 0; always 0 for ApiVersions.
struct ResponseHeader {
  static constexpr MessageInfo kInfo{"ResponseHeader", -1, 0, 1, 1};

  int32_t correlationId = 0;

  bool operator==(const ResponseHeader&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("CorrelationId", &ResponseHeader::correlationId, since(0));
  }
};

}  // namespace streamscope::protocol
