#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__transaction_state`.

/// A transactional id.
struct TransactionLogKey {
  static constexpr MessageInfo kInfo{"TransactionLogKey", 0, 0, 0};

  std::string transactionalId;

  bool operator==(const TransactionLogKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("TransactionalId", &TransactionLogKey::transactionalId, since(0));
  }
};

/// The state of its producer and of its transaction; no value: it expired.
struct TransactionLogValue {
  static constexpr MessageInfo kInfo{"TransactionLogValue", 0, 0, 1, 1};

  struct PartitionsSchema {
    std::string topic;
    std::vector<int32_t> partitionIds;

    bool operator==(const PartitionsSchema&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Topic", &PartitionsSchema::topic, since(0));
      visit("PartitionIds", &PartitionsSchema::partitionIds, since(0));
    }
  };

  int64_t producerId = 0;
  int64_t previousProducerId = -1;
  int64_t nextProducerId = -1;
  int16_t producerEpoch = 0;
  int16_t nextProducerEpoch = -1;
  int32_t transactionTimeoutMs = 0;
  /// Number of Kafka's TransactionState.
  int8_t transactionStatus = 0;
  std::optional<std::vector<PartitionsSchema>> transactionPartitions;
  int64_t transactionLastUpdateTimestampMs = 0;
  int64_t transactionStartTimestampMs = 0;
  int16_t clientTransactionVersion = 0;

  bool operator==(const TransactionLogValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("ProducerId", &TransactionLogValue::producerId, since(0));
    visit("PreviousProducerId", &TransactionLogValue::previousProducerId, since(1).tag(0));
    visit("NextProducerId", &TransactionLogValue::nextProducerId, since(1).tag(1));
    visit("ProducerEpoch", &TransactionLogValue::producerEpoch, since(0));
    visit("NextProducerEpoch", &TransactionLogValue::nextProducerEpoch, since(1).tag(3));
    visit("TransactionTimeoutMs", &TransactionLogValue::transactionTimeoutMs, since(0));
    visit("TransactionStatus", &TransactionLogValue::transactionStatus, since(0));
    visit("TransactionPartitions", &TransactionLogValue::transactionPartitions, since(0).nullable());
    visit("TransactionLastUpdateTimestampMs", &TransactionLogValue::transactionLastUpdateTimestampMs, since(0));
    visit("TransactionStartTimestampMs", &TransactionLogValue::transactionStartTimestampMs, since(0));
    visit("ClientTransactionVersion", &TransactionLogValue::clientTransactionVersion, since(1).tag(2));
  }
};

}  // namespace streamscope::protocol
