#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Deletes topics by name, from version 6 also by id; forwarded to the controller.
struct DeleteTopicsRequest {
  static constexpr MessageInfo kInfo{"DeleteTopicsRequest", 20, 0, 6, 4};

  struct DeleteTopicState {
    std::optional<std::string> name;
    base::Uuid topicId;

    bool operator==(const DeleteTopicState&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &DeleteTopicState::name, since(6).nullable());
      visit("TopicId", &DeleteTopicState::topicId, since(6));
    }
  };

  std::vector<DeleteTopicState> topics;
  std::vector<std::string> topicNames;
  int32_t timeoutMs = 0;

  bool operator==(const DeleteTopicsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &DeleteTopicsRequest::topics, since(6));
    visit("TopicNames", &DeleteTopicsRequest::topicNames, versions(0, 5));
    visit("TimeoutMs", &DeleteTopicsRequest::timeoutMs, since(0));
  }
};

/// What was deleted, topic by topic.
struct DeleteTopicsResponse {
  static constexpr MessageInfo kInfo{"DeleteTopicsResponse", 20, 0, 6, 4};

  struct DeletableTopicResult {
    std::optional<std::string> name;
    base::Uuid topicId;
    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;

    bool operator==(const DeletableTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &DeletableTopicResult::name, since(0).nullableSince(6));
      visit("TopicId", &DeletableTopicResult::topicId, since(6));
      visit("ErrorCode", &DeletableTopicResult::errorCode, since(0));
      visit("ErrorMessage", &DeletableTopicResult::errorMessage, since(5).nullable());
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<DeletableTopicResult> responses;

  bool operator==(const DeleteTopicsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &DeleteTopicsResponse::throttleTimeMs, since(1));
    visit("Responses", &DeleteTopicsResponse::responses, since(0));
  }
};

}  // namespace streamscope::protocol
