#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

/// Adds partitions to topics; forwarded to the controller.
struct CreatePartitionsRequest {
  static constexpr MessageInfo kInfo{"CreatePartitionsRequest", 37, 0, 3, 2};

  struct CreatePartitionsTopic {
    struct CreatePartitionsAssignment {
      std::vector<int32_t> brokerIds;

      bool operator==(const CreatePartitionsAssignment&) const = default;

      template <class Visitor>
      static void fields(Visitor& visit) {
        visit("BrokerIds", &CreatePartitionsAssignment::brokerIds, since(0));
      }
    };

    std::string name;
    int32_t count = 0;
    std::optional<std::vector<CreatePartitionsAssignment>> assignments;

    bool operator==(const CreatePartitionsTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatePartitionsTopic::name, since(0));
      visit("Count", &CreatePartitionsTopic::count, since(0));
      visit("Assignments", &CreatePartitionsTopic::assignments, since(0).nullable());
    }
  };

  std::vector<CreatePartitionsTopic> topics;
  int32_t timeoutMs = 0;
  bool validateOnly = false;

  bool operator==(const CreatePartitionsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &CreatePartitionsRequest::topics, since(0));
    visit("TimeoutMs", &CreatePartitionsRequest::timeoutMs, since(0));
    visit("ValidateOnly", &CreatePartitionsRequest::validateOnly, since(0));
  }
};

/// What came of it, topic by topic.
struct CreatePartitionsResponse {
  static constexpr MessageInfo kInfo{"CreatePartitionsResponse", 37, 0, 3, 2};

  struct CreatePartitionsTopicResult {
    std::string name;
    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;

    bool operator==(const CreatePartitionsTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatePartitionsTopicResult::name, since(0));
      visit("ErrorCode", &CreatePartitionsTopicResult::errorCode, since(0));
      visit("ErrorMessage", &CreatePartitionsTopicResult::errorMessage, since(0).nullable());
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<CreatePartitionsTopicResult> results;

  bool operator==(const CreatePartitionsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &CreatePartitionsResponse::throttleTimeMs, since(0));
    visit("Results", &CreatePartitionsResponse::results, since(0));
  }
};

}  // namespace streamscope::protocol
