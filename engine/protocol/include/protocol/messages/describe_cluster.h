#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Asks for the nodes of the cluster.
struct DescribeClusterRequest {
  static constexpr MessageInfo kInfo{"DescribeClusterRequest", 60, 0, 2, 0};

  bool includeClusterAuthorizedOperations = false;
  int8_t endpointType = 1;
  bool includeFencedBrokers = false;

  bool operator==(const DescribeClusterRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("IncludeClusterAuthorizedOperations", &DescribeClusterRequest::includeClusterAuthorizedOperations, since(0));
    visit("EndpointType", &DescribeClusterRequest::endpointType, since(1));
    visit("IncludeFencedBrokers", &DescribeClusterRequest::includeFencedBrokers, since(2));
  }
};

/// The nodes of the cluster.
struct DescribeClusterResponse {
  static constexpr MessageInfo kInfo{"DescribeClusterResponse", 60, 0, 2, 0};

  struct DescribeClusterBroker {
    int32_t brokerId = 0;
    std::string host;
    int32_t port = 0;
    std::optional<std::string> rack;
    bool isFenced = false;

    bool operator==(const DescribeClusterBroker&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("BrokerId", &DescribeClusterBroker::brokerId, since(0));
      visit("Host", &DescribeClusterBroker::host, since(0));
      visit("Port", &DescribeClusterBroker::port, since(0));
      visit("Rack", &DescribeClusterBroker::rack, since(0).nullable());
      visit("IsFenced", &DescribeClusterBroker::isFenced, since(2));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::optional<std::string> errorMessage;
  int8_t endpointType = 1;
  std::string clusterId;
  int32_t controllerId = -1;
  std::vector<DescribeClusterBroker> brokers;
  int32_t clusterAuthorizedOperations = std::numeric_limits<int32_t>::min();

  bool operator==(const DescribeClusterResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DescribeClusterResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &DescribeClusterResponse::errorCode, since(0));
    visit("ErrorMessage", &DescribeClusterResponse::errorMessage, since(0).nullable());
    visit("EndpointType", &DescribeClusterResponse::endpointType, since(1));
    visit("ClusterId", &DescribeClusterResponse::clusterId, since(0));
    visit("ControllerId", &DescribeClusterResponse::controllerId, since(0));
    visit("Brokers", &DescribeClusterResponse::brokers, since(0));
    visit("ClusterAuthorizedOperations", &DescribeClusterResponse::clusterAuthorizedOperations, since(0));
  }
};

}  // namespace streamscope::protocol
