#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// Creates topics; forwarded to the controller.
struct CreateTopicsRequest {
  static constexpr MessageInfo kInfo{"CreateTopicsRequest", 19, 0, 7, 5};

  struct CreatableReplicaAssignment {
    int32_t partitionIndex = 0;
    std::vector<int32_t> brokerIds;

    bool operator==(const CreatableReplicaAssignment&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &CreatableReplicaAssignment::partitionIndex, since(0));
      visit("BrokerIds", &CreatableReplicaAssignment::brokerIds, since(0));
    }
  };

  struct CreatableTopicConfig {
    std::string name;
    std::optional<std::string> value;

    bool operator==(const CreatableTopicConfig&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatableTopicConfig::name, since(0));
      visit("Value", &CreatableTopicConfig::value, since(0).nullable());
    }
  };

  struct CreatableTopic {
    std::string name;
    int32_t numPartitions = 0;
    int16_t replicationFactor = 0;
    std::vector<CreatableReplicaAssignment> assignments;
    std::vector<CreatableTopicConfig> configs;

    bool operator==(const CreatableTopic&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatableTopic::name, since(0));
      visit("NumPartitions", &CreatableTopic::numPartitions, since(0));
      visit("ReplicationFactor", &CreatableTopic::replicationFactor, since(0));
      visit("Assignments", &CreatableTopic::assignments, since(0));
      visit("Configs", &CreatableTopic::configs, since(0));
    }
  };

  std::vector<CreatableTopic> topics;
  int32_t timeoutMs = 60000;
  bool validateOnly = false;

  bool operator==(const CreateTopicsRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Topics", &CreateTopicsRequest::topics, since(0));
    visit("timeoutMs", &CreateTopicsRequest::timeoutMs, since(0));
    visit("validateOnly", &CreateTopicsRequest::validateOnly, since(1));
  }
};

/// What was created, topic by topic.
struct CreateTopicsResponse {
  static constexpr MessageInfo kInfo{"CreateTopicsResponse", 19, 0, 7, 5};

  struct CreatableTopicConfigs {
    std::string name;
    std::optional<std::string> value;
    bool readOnly = false;
    int8_t configSource = -1;
    bool isSensitive = false;

    bool operator==(const CreatableTopicConfigs&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatableTopicConfigs::name, since(5));
      visit("Value", &CreatableTopicConfigs::value, since(5).nullable());
      visit("ReadOnly", &CreatableTopicConfigs::readOnly, since(5));
      visit("ConfigSource", &CreatableTopicConfigs::configSource, since(5));
      visit("IsSensitive", &CreatableTopicConfigs::isSensitive, since(5));
    }
  };

  struct CreatableTopicResult {
    std::string name;
    base::Uuid topicId;
    int16_t errorCode = 0;
    std::optional<std::string> errorMessage;
    int16_t topicConfigErrorCode = 0;
    int32_t numPartitions = -1;
    int16_t replicationFactor = -1;
    std::optional<std::vector<CreatableTopicConfigs>> configs;

    bool operator==(const CreatableTopicResult&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &CreatableTopicResult::name, since(0));
      visit("TopicId", &CreatableTopicResult::topicId, since(7));
      visit("ErrorCode", &CreatableTopicResult::errorCode, since(0));
      visit("ErrorMessage", &CreatableTopicResult::errorMessage, since(1).nullable());
      visit("TopicConfigErrorCode", &CreatableTopicResult::topicConfigErrorCode, since(5).tag(0));
      visit("NumPartitions", &CreatableTopicResult::numPartitions, since(5));
      visit("ReplicationFactor", &CreatableTopicResult::replicationFactor, since(5));
      visit("Configs", &CreatableTopicResult::configs, since(5).nullable());
    }
  };

  int32_t throttleTimeMs = 0;
  std::vector<CreatableTopicResult> topics;

  bool operator==(const CreateTopicsResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &CreateTopicsResponse::throttleTimeMs, since(2));
    visit("Topics", &CreateTopicsResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
