#include <algorithm>

#include "config_description.h"
#include "handlers.h"
#include "topic_names.h"

namespace streamscope::broker {

using base::ErrorCode;
using controller::ConfigResourceType;

namespace {

using Asked = protocol::DescribeConfigsRequest::DescribeConfigsResource;
using Entries = std::vector<ConfigDescription::Entry>;

base::Result<Entries> describe(const HandlerContext& context, const Asked& asked) {
  const ConfigDescription description(context.config, context.image);
  const std::string& name = asked.resourceName;
  switch (static_cast<ConfigResourceType>(asked.resourceType)) {
    case ConfigResourceType::Topic:
      if (!isValidTopicName(name))
        return base::fail(ErrorCode::INVALID_TOPIC_EXCEPTION, "Topic name is invalid: '" + name + "'");
      if (context.image.findTopic(name) == nullptr) return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "");
      return description.ofTopic(name);
    case ConfigResourceType::Broker:
      if (name.empty()) return description.ofAllBrokers();
      if (name == std::to_string(context.config.nodeId)) return description.ofBroker();
      return base::fail(ErrorCode::INVALID_REQUEST, "Unexpected broker id, expected " +
                                                        std::to_string(context.config.nodeId) +
                                                        " or empty string, but received " + name);
    default:
      return base::fail(ErrorCode::INVALID_REQUEST, "Unsupported resource type " +
                                                        std::to_string(static_cast<int>(asked.resourceType)) +
                                                        "; ask for configs of topics (2) or brokers (4).");
  }
}

void keepAskedFor(const Asked& asked, Entries& entries) {
  if (!asked.configurationKeys || asked.configurationKeys->empty()) return;
  const auto& keys = *asked.configurationKeys;
  std::erase_if(entries,
                [&](const auto& entry) { return std::find(keys.begin(), keys.end(), entry.name) == keys.end(); });
}

}  // namespace

void handleDescribeConfigs(HandlerContext& context, world::IncomingRequest request) {
  const auto& question = std::get<protocol::DescribeConfigsRequest>(request.body);
  protocol::DescribeConfigsResponse answer;
  for (const Asked& asked : question.resources) {
    auto& result = answer.results.emplace_back();
    result.resourceType = asked.resourceType;
    result.resourceName = asked.resourceName;
    auto entries = describe(context, asked);
    if (!entries) {
      result.errorCode = codeOf(entries.error().code);
      result.errorMessage = entries.error().message;
      continue;
    }
    keepAskedFor(asked, *entries);
    if (!question.includeSynonyms)
      for (auto& entry : *entries) entry.synonyms.clear();
    result.configs = std::move(*entries);
  }
  context.node.network.respond(request.reply, std::move(answer));
}

}  // namespace streamscope::broker
