#include <algorithm>
#include <string_view>

#include "handlers.h"
#include "protocol/api_versions.h"
#include "supported_features.h"

namespace streamscope::broker {
namespace {

constexpr bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Kafka's rule: letters, digits, '-' and '.', beginning and ending with a letter or digit.
bool isSoftwareText(std::string_view text) {
  if (text.empty() || !isAlphanumeric(text.front()) || !isAlphanumeric(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return isAlphanumeric(c) || c == '-' || c == '.'; });
}

/// Before version 4 a feature whose levels begin at 0 cannot be told.
constexpr int16_t kFirstVersionWithZeroLevels = 4;

}  // namespace

void handleApiVersions(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::ApiVersionsRequest>(request.body);
  const int16_t version = request.header.version;
  protocol::ApiVersionsResponse answer;
  answer.apiKeys = protocol::advertisedVersions(protocol::Listener::Broker);
  if (version >= 3 && (!isSoftwareText(question.clientSoftwareName) || !isSoftwareText(question.clientSoftwareVersion)))
    answer.errorCode = codeOf(base::ErrorCode::INVALID_REQUEST);
  for (const FeatureRange& feature : kSupportedFeatures) {
    if (feature.min == 0 && version < kFirstVersionWithZeroLevels) continue;
    answer.supportedFeatures.push_back({std::string(feature.name), feature.min, feature.max});
  }
  answer.finalizedFeaturesEpoch = context.image.offset();
  for (const FeatureRange& feature : kSupportedFeatures) {
    const auto finalized = context.image.features().find(std::string(feature.name));
    if (finalized == context.image.features().end()) continue;
    answer.finalizedFeatures.push_back({finalized->first, finalized->second, finalized->second});
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
