#include "protocol/message_facts.h"

#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "protocol/field.h"

namespace streamscope::protocol {

namespace {

/// Goes through a struct and everything in it in the order of the fields and shows every leaf to `Leaf`.
template <class Leaf>
class Walk {
 public:
  explicit Walk(Leaf leaf) : m_leaf(std::move(leaf)) {}

  template <class Value>
  void go(std::string_view name, const Value& value) {
    if constexpr (requires { &Value::template fields<int>; })
      goStruct(value);
    else
      m_leaf(name, value);
  }
  template <class Element>
  void go(std::string_view name, const std::vector<Element>& elements) {
    for (const Element& element : elements) go(name, element);
  }
  template <class Value>
  void go(std::string_view name, const std::optional<Value>& value) {
    if (value) go(name, *value);
  }
  template <class Struct>
  void goStruct(const Struct& value) {
    const auto visitor = [&](std::string_view name, auto member, FieldRule) { go(name, value.*member); };
    Struct::fields(visitor);
  }

 private:
  Leaf m_leaf;
};

template <class Body, class Leaf>
void walk(const Body& body, Leaf leaf) {
  std::visit([&](const auto& message) { Walk<Leaf>(leaf).goStruct(message); }, body);
}

template <class Body>
size_t sumOfRecords(const Body& body) {
  size_t sum = 0;
  walk(body, [&]<class Value>([[maybe_unused]] std::string_view name, [[maybe_unused]] const Value& value) {
    // What members of groups tell each other are bytes too.
    if constexpr (std::is_same_v<Value, base::SharedBytes>)
      if (name.ends_with("Records")) sum += value.size();
  });
  return sum;
}

}  // namespace

int16_t firstErrorCode(const ResponseBody& body) {
  int16_t first = 0;
  walk(body, [&]<class Value>(std::string_view name, const Value& value) {
    if constexpr (std::is_same_v<Value, int16_t>)
      if (first == 0 && name == "ErrorCode") first = value;
  });
  return first;
}

size_t recordBytes(const RequestBody& body) {
  return sumOfRecords(body);
}

size_t recordBytes(const ResponseBody& body) {
  return sumOfRecords(body);
}

namespace {

template <class Topics, class PartitionsOf, class Reference>
std::optional<PartitionReference> onlyOne(const Topics& topics, PartitionsOf partitionsOf, Reference reference) {
  std::optional<PartitionReference> only;
  for (const auto& topic : topics) {
    for (const auto& partition : topic.*partitionsOf) {
      if (only) return std::nullopt;
      only = reference(topic, partition);
    }
  }
  return only;
}

std::optional<PartitionReference> onlyPartitionOf(const ProduceRequest& request) {
  using Topic = ProduceRequest::TopicProduceData;
  return onlyOne(request.topicData, &Topic::partitionData,
                 [](const Topic& topic, const ProduceRequest::PartitionProduceData& partition) {
                   return PartitionReference{topic.name, topic.topicId, partition.index};
                 });
}

std::optional<PartitionReference> onlyPartitionOf(const FetchRequest& request) {
  using Topic = FetchRequest::FetchTopic;
  return onlyOne(request.topics, &Topic::partitions,
                 [](const Topic& topic, const FetchRequest::FetchPartition& partition) {
                   return PartitionReference{topic.topic, topic.topicId, partition.partition};
                 });
}

std::optional<PartitionReference> onlyPartitionOf(const ListOffsetsRequest& request) {
  using Topic = ListOffsetsRequest::ListOffsetsTopic;
  return onlyOne(request.topics, &Topic::partitions,
                 [](const Topic& topic, const ListOffsetsRequest::ListOffsetsPartition& partition) {
                   return PartitionReference{topic.name, base::kZeroUuid, partition.partitionIndex};
                 });
}

std::optional<PartitionReference> onlyPartitionOf(const DeleteRecordsRequest& request) {
  using Topic = DeleteRecordsRequest::DeleteRecordsTopic;
  return onlyOne(request.topics, &Topic::partitions,
                 [](const Topic& topic, const DeleteRecordsRequest::DeleteRecordsPartition& partition) {
                   return PartitionReference{topic.name, base::kZeroUuid, partition.partitionIndex};
                 });
}

std::optional<PartitionReference> onlyPartitionOf(const OffsetForLeaderEpochRequest& request) {
  using Topic = OffsetForLeaderEpochRequest::OffsetForLeaderTopic;
  return onlyOne(request.topics, &Topic::partitions,
                 [](const Topic& topic, const OffsetForLeaderEpochRequest::OffsetForLeaderPartition& partition) {
                   return PartitionReference{topic.topic, base::kZeroUuid, partition.partition};
                 });
}

std::optional<PartitionReference> onlyPartitionOf(const AlterPartitionRequest& request) {
  using Topic = AlterPartitionRequest::TopicData;
  return onlyOne(request.topics, &Topic::partitions,
                 [](const Topic& topic, const AlterPartitionRequest::PartitionData& partition) {
                   return PartitionReference{{}, topic.topicId, partition.partitionIndex};
                 });
}

template <class Request>
std::optional<PartitionReference> onlyPartitionOf(const Request&) {
  return std::nullopt;
}

}  // namespace

std::optional<PartitionReference> onlyPartition(const RequestBody& body) {
  return std::visit([](const auto& request) { return onlyPartitionOf(request); }, body);
}

}  // namespace streamscope::protocol
