#include "handlers/api_versions_handler.h"

#include "controller/bootstrap.h"
#include "protocol/api_versions.h"

namespace streamscope::controller {

protocol::ApiVersionsResponse handleApiVersions(const QuorumController& controller, int16_t version) {
  const auto served = protocol::servedVersions(protocol::ApiKey::ApiVersions, protocol::Listener::Controller);
  if (!served || !served->contains(version)) return protocol::unsupportedVersionAnswer();
  protocol::ApiVersionsResponse response;
  response.apiKeys = protocol::advertisedVersions(protocol::Listener::Controller);
  response.supportedFeatures.push_back(
      {std::string(kMetadataVersionFeature), kMetadataVersionLevelMin, kMetadataVersionLevel});
  response.finalizedFeaturesEpoch = controller.image().offset();
  for (const auto& [name, level] : controller.image().features())
    response.finalizedFeatures.push_back({name, level, level});
  return response;
}

}  // namespace streamscope::controller
