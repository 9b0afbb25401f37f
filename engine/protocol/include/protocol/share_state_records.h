#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Records of `__share_group_state`: what was delivered of the partitions that share groups read. A key's apiKey is the
// type number it begins with; a value has the number of its key.

/// Everything about one partition of a share group.
struct ShareSnapshotKey {
  static constexpr MessageInfo kInfo{"ShareSnapshotKey", 0, 0, 0};

  std::string groupId;
  base::Uuid topicId;
  int32_t partition = 0;

  bool operator==(const ShareSnapshotKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareSnapshotKey::groupId, since(0));
    visit("TopicId", &ShareSnapshotKey::topicId, since(0));
    visit("Partition", &ShareSnapshotKey::partition, since(0));
  }
};

/// It replaces what was written before.
struct ShareSnapshotValue {
  static constexpr MessageInfo kInfo{"ShareSnapshotValue", 0, 0, 0, 0};

  struct StateBatch {
    int64_t firstOffset = 0;
    int64_t lastOffset = 0;
    /// 0: available; 2: acknowledged; 4: archived.
    int8_t deliveryState = 0;
    int16_t deliveryCount = 0;

    bool operator==(const StateBatch&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("FirstOffset", &StateBatch::firstOffset, since(0));
      visit("LastOffset", &StateBatch::lastOffset, since(0));
      visit("DeliveryState", &StateBatch::deliveryState, since(0));
      visit("DeliveryCount", &StateBatch::deliveryCount, since(0));
    }
  };

  int32_t snapshotEpoch = 0;
  int32_t stateEpoch = 0;
  int32_t leaderEpoch = 0;
  int64_t startOffset = 0;
  int32_t deliveryCompleteCount = -1;
  int64_t createTimestamp = 0;
  int64_t writeTimestamp = 0;
  std::vector<StateBatch> stateBatches;

  bool operator==(const ShareSnapshotValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("SnapshotEpoch", &ShareSnapshotValue::snapshotEpoch, since(0));
    visit("StateEpoch", &ShareSnapshotValue::stateEpoch, since(0));
    visit("LeaderEpoch", &ShareSnapshotValue::leaderEpoch, since(0));
    visit("StartOffset", &ShareSnapshotValue::startOffset, since(0));
    visit("DeliveryCompleteCount", &ShareSnapshotValue::deliveryCompleteCount, since(0).tag(0));
    visit("CreateTimestamp", &ShareSnapshotValue::createTimestamp, since(0));
    visit("WriteTimestamp", &ShareSnapshotValue::writeTimestamp, since(0));
    visit("StateBatches", &ShareSnapshotValue::stateBatches, since(0));
  }
};

/// A change since the last snapshot.
struct ShareUpdateKey {
  static constexpr MessageInfo kInfo{"ShareUpdateKey", 1, 0, 0};

  std::string groupId;
  base::Uuid topicId;
  int32_t partition = 0;

  bool operator==(const ShareUpdateKey&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("GroupId", &ShareUpdateKey::groupId, since(0));
    visit("TopicId", &ShareUpdateKey::topicId, since(0));
    visit("Partition", &ShareUpdateKey::partition, since(0));
  }
};

/// What changed.
struct ShareUpdateValue {
  static constexpr MessageInfo kInfo{"ShareUpdateValue", 1, 0, 0, 0};

  struct StateBatch {
    int64_t firstOffset = 0;
    int64_t lastOffset = 0;
    /// 0: available; 2: acknowledged; 4: archived.
    int8_t deliveryState = 0;
    int16_t deliveryCount = 0;

    bool operator==(const StateBatch&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("FirstOffset", &StateBatch::firstOffset, since(0));
      visit("LastOffset", &StateBatch::lastOffset, since(0));
      visit("DeliveryState", &StateBatch::deliveryState, since(0));
      visit("DeliveryCount", &StateBatch::deliveryCount, since(0));
    }
  };

  int32_t snapshotEpoch = 0;
  int32_t leaderEpoch = 0;
  int64_t startOffset = 0;
  int32_t deliveryCompleteCount = -1;
  std::vector<StateBatch> stateBatches;

  bool operator==(const ShareUpdateValue&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("SnapshotEpoch", &ShareUpdateValue::snapshotEpoch, since(0));
    visit("LeaderEpoch", &ShareUpdateValue::leaderEpoch, since(0));
    visit("StartOffset", &ShareUpdateValue::startOffset, since(0));
    visit("DeliveryCompleteCount", &ShareUpdateValue::deliveryCompleteCount, since(0).tag(0));
    visit("StateBatches", &ShareUpdateValue::stateBatches, since(0));
  }
};

}  // namespace streamscope::protocol
