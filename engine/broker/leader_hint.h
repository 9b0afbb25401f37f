#pragma once

#include <algorithm>

#include "base/error_code.h"
#include "controller/metadata_image.h"

namespace streamscope::broker {

/// Tells a client that came to the wrong place who leads now and where to reach it, so that it need not ask for
/// metadata (KIP-951). For the partition and top level of Produce v10+ and Fetch v16+.
template <class Response, class PartitionAnswer>
void addLeaderHint(const controller::MetadataImage& image, const controller::PartitionRegistration* registration,
                   Response& response, PartitionAnswer& answer) {
  const auto error = static_cast<base::ErrorCode>(answer.errorCode);
  if (error != base::ErrorCode::NOT_LEADER_OR_FOLLOWER && error != base::ErrorCode::FENCED_LEADER_EPOCH) return;
  if (registration == nullptr) return;
  answer.currentLeader.leaderId = registration->leader;
  answer.currentLeader.leaderEpoch = registration->leaderEpoch;
  const controller::BrokerRegistration* leader = image.findBroker(registration->leader);
  if (leader == nullptr || leader->endpoints.empty()) return;
  const bool isKnown =
      std::ranges::any_of(response.nodeEndpoints, [&](const auto& endpoint) { return endpoint.nodeId == leader->id; });
  if (isKnown) return;
  auto& endpoint = response.nodeEndpoints.emplace_back();
  endpoint.nodeId = leader->id;
  endpoint.host = leader->endpoints.front().host;
  endpoint.port = leader->endpoints.front().port;
  endpoint.rack = leader->rack;
}

}  // namespace streamscope::broker
