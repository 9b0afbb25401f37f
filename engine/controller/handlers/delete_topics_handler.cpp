#include <algorithm>
#include <set>

#include "handlers/handlers.h"

namespace streamscope::controller {

namespace {

using base::Error;
using base::ErrorCode;
using Asked = protocol::DeleteTopicsRequest::DeleteTopicState;
using Answered = protocol::DeleteTopicsResponse::DeletableTopicResult;

Answered refusal(const Asked& asked, const Error& error) {
  Answered answered;
  answered.name = asked.name;
  answered.topicId = asked.topicId;
  answered.errorCode = wireCode(error.code);
  answered.errorMessage = error.message;
  return answered;
}

/// Both ways to name topics in one list; before version 6 there are only names.
std::vector<Asked> topicsOf(const protocol::DeleteTopicsRequest& request) {
  std::vector<Asked> topics = request.topics;
  for (const std::string& name : request.topicNames) topics.push_back({name, base::kZeroUuid});
  return topics;
}

/// Which topic is meant, when that is clear and the topic is there.
base::Result<const TopicImage*> resolve(const MetadataImage& image, const std::vector<Asked>& all, const Asked& asked) {
  const bool hasId = !asked.topicId.isZero();
  if (!asked.name && !hasId) return base::fail(ErrorCode::INVALID_REQUEST, "Neither topic name nor id were specified.");
  if (asked.name && hasId)
    return base::fail(ErrorCode::INVALID_REQUEST, "You may not specify both topic name and topic id.");
  if (std::count(all.begin(), all.end(), asked) > 1)
    return base::fail(ErrorCode::INVALID_REQUEST, asked.name ? "Duplicate topic name." : "Duplicate topic id.");
  const TopicImage* topic = asked.name ? image.findTopic(*asked.name) : image.findTopic(asked.topicId);
  if (topic != nullptr) return topic;
  if (asked.name)
    return base::fail(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
  return base::fail(ErrorCode::UNKNOWN_TOPIC_ID, "This server does not host this topic ID.");
}

}  // namespace

protocol::DeleteTopicsResponse handleDeleteTopics(QuorumController& controller,
                                                  const protocol::DeleteTopicsRequest& request) {
  const std::vector<Asked> topics = topicsOf(request);
  const auto refuseAll = [&topics](const Error& error) {
    protocol::DeleteTopicsResponse refused;
    for (const Asked& asked : topics) refused.responses.push_back(refusal(asked, error));
    return refused;
  };
  if (const base::Status active = controller.checkActive(); !active) return refuseAll(active.error());

  protocol::DeleteTopicsResponse response;
  MetadataRecords records;
  std::set<base::Uuid> deleted;
  for (const Asked& asked : topics) {
    const auto topic = resolve(controller.image(), topics, asked);
    if (!topic) {
      response.responses.push_back(refusal(asked, topic.error()));
      continue;
    }
    if (!deleted.insert((*topic)->id).second) {
      const std::string why = "The provided topic name maps to an ID that was already supplied.";
      response.responses.push_back(refusal(asked, {ErrorCode::INVALID_REQUEST, why}));
      continue;
    }
    records.push_back(protocol::RemoveTopicRecord{(*topic)->id});
    Answered& answered = response.responses.emplace_back();
    answered.name = (*topic)->name;
    answered.topicId = (*topic)->id;
  }
  if (const auto committed = controller.append(records); !committed) return refuseAll(committed.error());
  return response;
}

}  // namespace streamscope::controller
