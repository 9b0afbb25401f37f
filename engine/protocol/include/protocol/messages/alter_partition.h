#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

/// A leader asks the controller to change the ISR.
struct AlterPartitionRequest {
  static constexpr MessageInfo kInfo{"AlterPartitionRequest", 56, 2, 3, 0};

  struct BrokerState {
    int32_t brokerId = 0;
    int64_t brokerEpoch = -1;

    bool operator==(const BrokerState&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("BrokerId", &BrokerState::brokerId, since(3));
      visit("BrokerEpoch", &BrokerState::brokerEpoch, since(3));
    }
  };

  struct PartitionData {
    int32_t partitionIndex = 0;
    int32_t leaderEpoch = 0;
    std::vector<int32_t> newIsr;
    std::vector<BrokerState> newIsrWithEpochs;
    int8_t leaderRecoveryState = 0;
    int32_t partitionEpoch = 0;

    bool operator==(const PartitionData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
      visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
      visit("NewIsr", &PartitionData::newIsr, versions(0, 2));
      visit("NewIsrWithEpochs", &PartitionData::newIsrWithEpochs, since(3));
      visit("LeaderRecoveryState", &PartitionData::leaderRecoveryState, since(1));
      visit("PartitionEpoch", &PartitionData::partitionEpoch, since(0));
    }
  };

  struct TopicData {
    base::Uuid topicId;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicData::topicId, since(2));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  int32_t brokerId = 0;
  int64_t brokerEpoch = -1;
  std::vector<TopicData> topics;

  bool operator==(const AlterPartitionRequest&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("BrokerId", &AlterPartitionRequest::brokerId, since(0));
    visit("BrokerEpoch", &AlterPartitionRequest::brokerEpoch, since(0));
    visit("Topics", &AlterPartitionRequest::topics, since(0));
  }
};

/// The partition as the controller has it now.
struct AlterPartitionResponse {
  static constexpr MessageInfo kInfo{"AlterPartitionResponse", 56, 2, 3, 0};

  struct PartitionData {
    int32_t partitionIndex = 0;
    int16_t errorCode = 0;
    int32_t leaderId = 0;
    int32_t leaderEpoch = 0;
    std::vector<int32_t> isr;
    int8_t leaderRecoveryState = 0;
    int32_t partitionEpoch = 0;

    bool operator==(const PartitionData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("PartitionIndex", &PartitionData::partitionIndex, since(0));
      visit("ErrorCode", &PartitionData::errorCode, since(0));
      visit("LeaderId", &PartitionData::leaderId, since(0));
      visit("LeaderEpoch", &PartitionData::leaderEpoch, since(0));
      visit("Isr", &PartitionData::isr, since(0));
      visit("LeaderRecoveryState", &PartitionData::leaderRecoveryState, since(1));
      visit("PartitionEpoch", &PartitionData::partitionEpoch, since(0));
    }
  };

  struct TopicData {
    base::Uuid topicId;
    std::vector<PartitionData> partitions;

    bool operator==(const TopicData&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("TopicId", &TopicData::topicId, since(2));
      visit("Partitions", &TopicData::partitions, since(0));
    }
  };

  int32_t throttleTimeMs = 0;
  int16_t errorCode = 0;
  std::vector<TopicData> topics;

  bool operator==(const AlterPartitionResponse&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ThrottleTimeMs", &AlterPartitionResponse::throttleTimeMs, since(0));
    visit("ErrorCode", &AlterPartitionResponse::errorCode, since(0));
    visit("Topics", &AlterPartitionResponse::topics, since(0));
  }
};

}  // namespace streamscope::protocol
