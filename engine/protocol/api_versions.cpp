#include "protocol/api_versions.h"

#include <array>

#include "alternatives.h"
#include "base/assert.h"
#include "base/error_code.h"
#include "protocol/message.h"

namespace streamscope::protocol {

namespace {

struct Service {
  ApiKey key;
  bool onBroker;
  bool onController;
  bool isForwardable;
};

/// In the order of the API keys.
constexpr std::array kServices{
    Service{ApiKey::Produce, true, false, false},
    Service{ApiKey::Fetch, true, true, false},
    Service{ApiKey::ListOffsets, true, false, false},
    Service{ApiKey::Metadata, true, false, false},
    Service{ApiKey::OffsetCommit, true, false, false},
    Service{ApiKey::OffsetFetch, true, false, false},
    Service{ApiKey::FindCoordinator, true, false, false},
    Service{ApiKey::JoinGroup, true, false, false},
    Service{ApiKey::Heartbeat, true, false, false},
    Service{ApiKey::LeaveGroup, true, false, false},
    Service{ApiKey::SyncGroup, true, false, false},
    Service{ApiKey::DescribeGroups, true, false, false},
    Service{ApiKey::ListGroups, true, false, false},
    Service{ApiKey::ApiVersions, true, true, false},
    Service{ApiKey::CreateTopics, true, true, true},
    Service{ApiKey::DeleteTopics, true, true, true},
    Service{ApiKey::DeleteRecords, true, false, false},
    Service{ApiKey::InitProducerId, true, false, false},
    Service{ApiKey::OffsetForLeaderEpoch, true, false, false},
    Service{ApiKey::DescribeConfigs, true, false, false},
    Service{ApiKey::AlterConfigs, true, true, true},
    Service{ApiKey::AlterReplicaLogDirs, true, false, false},
    Service{ApiKey::DescribeLogDirs, true, false, false},
    Service{ApiKey::CreatePartitions, true, true, true},
    Service{ApiKey::DeleteGroups, true, false, false},
    Service{ApiKey::ElectLeaders, true, true, true},
    Service{ApiKey::IncrementalAlterConfigs, true, true, true},
    Service{ApiKey::AlterPartitionReassignments, true, true, true},
    Service{ApiKey::ListPartitionReassignments, true, true, true},
    Service{ApiKey::OffsetDelete, true, false, false},
    Service{ApiKey::Vote, false, true, false},
    Service{ApiKey::BeginQuorumEpoch, false, true, false},
    Service{ApiKey::EndQuorumEpoch, false, true, false},
    Service{ApiKey::DescribeQuorum, true, true, true},
    Service{ApiKey::AlterPartition, false, true, false},
    Service{ApiKey::FetchSnapshot, false, true, false},
    Service{ApiKey::DescribeCluster, true, true, false},
    Service{ApiKey::BrokerRegistration, false, true, false},
    Service{ApiKey::BrokerHeartbeat, false, true, false},
    Service{ApiKey::UnregisterBroker, true, true, true},
    Service{ApiKey::AllocateProducerIds, false, true, true},
    Service{ApiKey::ConsumerGroupHeartbeat, true, false, false},
    Service{ApiKey::ConsumerGroupDescribe, true, false, false},
    Service{ApiKey::AssignReplicasToDirs, false, true, false},
};

/// Version 6, two-phase commit (KIP-939), is unstable in Kafka 4.3.
constexpr int16_t kInitProducerIdStableMax = 5;

const Service& serviceOf(ApiKey key) {
  for (const Service& service : kServices)
    if (service.key == key) return service;
  base::assertionFailed("every ApiKey has a service", __FILE__, __LINE__, std::to_string(static_cast<int>(key)));
}

MessageInfo requestInfo(ApiKey key) {
  MessageInfo info;
  const bool isKnown = withAlternative<RequestBody>(
      static_cast<int16_t>(key), [&]<class Message>(std::type_identity<Message>) { info = Message::kInfo; });
  STREAMSCOPE_ASSERT(isKnown);
  return info;
}

}  // namespace

std::optional<ApiKey> apiKeyFromId(int16_t id) {
  for (const Service& service : kServices)
    if (static_cast<int16_t>(service.key) == id) return service.key;
  return std::nullopt;
}

std::optional<VersionRange> servedVersions(ApiKey key, Listener listener) {
  const Service& service = serviceOf(key);
  if (!(listener == Listener::Broker ? service.onBroker : service.onController)) return std::nullopt;
  const MessageInfo info = requestInfo(key);
  return VersionRange{info.versionMin, key == ApiKey::InitProducerId ? kInitProducerIdStableMax : info.versionMax};
}

std::vector<ApiVersionsResponse::ApiVersion> advertisedVersions(Listener listener) {
  std::vector<ApiVersionsResponse::ApiVersion> advertised;
  for (const Service& service : kServices) {
    const std::optional<VersionRange> range = servedVersions(service.key, listener);
    if (!range) continue;
    const int16_t versionMin = service.key == ApiKey::Produce ? int16_t{0} : range->min;
    advertised.push_back({static_cast<int16_t>(service.key), versionMin, range->max});
  }
  return advertised;
}

ApiVersionsResponse unsupportedVersionAnswer() {
  const VersionRange range = servedVersions(ApiKey::ApiVersions, Listener::Broker).value();
  ApiVersionsResponse answer;
  answer.errorCode = static_cast<int16_t>(base::ErrorCode::UNSUPPORTED_VERSION);
  answer.apiKeys.push_back({static_cast<int16_t>(ApiKey::ApiVersions), range.min, range.max});
  return answer;
}

bool isForwardable(ApiKey key) {
  return serviceOf(key).isForwardable;
}

int16_t requestHeaderVersion(ApiKey key, int16_t version) {
  return requestInfo(key).isFlexible(version) ? 2 : 1;
}

int16_t responseHeaderVersion(ApiKey key, int16_t version) {
  // A client that asks for a version the broker does not know must be able to read the answer.
  if (key == ApiKey::ApiVersions) return 0;
  return requestInfo(key).isFlexible(version) ? 1 : 0;
}

}  // namespace streamscope::protocol
