#include "protocol/internal_topic.h"

#include <array>
#include <utility>

#include "base/base64.h"
#include "coordinator_record_reader.h"
#include "field_describer.h"
#include "protocol/consumer_protocol.h"
#include "protocol/coordinator_record_codec.h"
#include "protocol/describe.h"
#include "protocol/record_codec.h"

namespace streamscope::protocol {

namespace {

constexpr std::array<std::pair<InternalTopic, std::string_view>, 4> kTopics{{
    {InternalTopic::ClusterMetadata, "__cluster_metadata"},
    {InternalTopic::ConsumerOffsets, "__consumer_offsets"},
    {InternalTopic::TransactionState, "__transaction_state"},
    {InternalTopic::ShareGroupState, "__share_group_state"},
}};

/// Calls `action` with the variants of a coordinator's topic as std::type_identity.
template <class Action>
auto withRecordTypes(InternalTopic topic, Action action) {
  switch (topic) {
    case InternalTopic::TransactionState:
      return action(std::type_identity<TransactionRecordKey>{}, std::type_identity<TransactionRecordValue>{});
    case InternalTopic::ShareGroupState:
      return action(std::type_identity<ShareStateRecordKey>{}, std::type_identity<ShareStateRecordValue>{});
    case InternalTopic::ConsumerOffsets:
    case InternalTopic::ClusterMetadata:
      break;
  }
  return action(std::type_identity<GroupRecordKey>{}, std::type_identity<GroupRecordValue>{});
}

template <class Message>
std::string describeMessage(const Message& message, int16_t version) {
  DescribeContext context{version, BytesForm::Base64};
  if constexpr (std::is_same_v<Message, GroupMetadataValue>)
    context.isConsumerGroup = message.protocolType == "consumer";
  return describeFields(message, context);
}

template <class KeyVariant, class ValueVariant>
base::Result<RecordDescription> describeCoordinatorRecord(const base::SharedBytes& key,
                                                          const std::optional<base::SharedBytes>& value) {
  RecordDescription description;
  FrameReader keyBytes(key, 0);
  CoordinatorRecordReader keyReader(keyBytes);
  const auto decodedKey = keyReader.readKey<KeyVariant>();
  if (!decodedKey) return base::fail(decodedKey.error());
  description.key = std::visit(
      [&]<class Key>(const Key& body) {
        return "{\"type\":" + std::to_string(keyReader.number()) + ",\"name\":\"" + std::string(Key::kInfo.name) +
               "\",\"data\":" + describeMessage(body, 0) + '}';
      },
      *decodedKey);
  description.value = "null";
  if (!value) return description;
  FrameReader valueBytes(*value, 0);
  CoordinatorRecordReader valueReader(valueBytes);
  const auto decodedValue = valueReader.readValue<ValueVariant>(keyReader.number());
  if (!decodedValue) return base::fail(decodedValue.error());
  const int16_t version = valueReader.number();
  description.value = "{\"version\":" + std::to_string(version) + ",\"data\":" +
                      std::visit([&](const auto& body) { return describeMessage(body, version); }, *decodedValue) + '}';
  return description;
}

base::Result<RecordDescription> describeMetadata(const std::optional<base::SharedBytes>& value) {
  if (!value) return base::fail(base::ErrorCode::INVALID_REQUEST, "Metadata record: it has no value");
  const auto record = decodeMetadataRecord(*value);
  if (!record) return base::fail(record.error());
  FrameReader frame(*value, 0);
  frame.readUnsignedVarint();
  frame.readUnsignedVarint();
  const uint32_t version = frame.readUnsignedVarint();
  return RecordDescription{{}, describe(*record, static_cast<int16_t>(version))};
}

template <class Message>
std::string describeVersioned(const base::SharedBytes& bytes) {
  FrameReader reader(bytes, 0);
  // Later versions only add fields behind those of the last one known, as Kafka reads them, too.
  const auto version = std::min(reader.readInteger<int16_t>(), Message::kInfo.versionMax);
  Message message;
  if (!reader.failed() && version >= 0) decodeMessage(reader, version, message);
  if (reader.failed() || version < 0) return '"' + base::toBase64(bytes.view()) + '"';
  return describeFields(message, {version, BytesForm::Base64});
}

template <class Read>
MessageTree treeOf(const char* root, const base::SharedBytes& bytes, Read read) {
  TreeBuilder builder;
  FrameReader reader(bytes, 0, &builder);
  std::optional<base::Error> error = read(CoordinatorRecordReader(reader));
  return {TreeNode{root, {}, 0, bytes.size(), builder.take()}, std::move(error)};
}

template <class T>
std::optional<base::Error> errorOf(const base::Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

}  // namespace

std::string describeConsumerProtocol(std::string_view field, const base::SharedBytes& bytes) {
  return field == "Subscription" ? describeVersioned<ConsumerProtocolSubscription>(bytes)
                                 : describeVersioned<ConsumerProtocolAssignment>(bytes);
}

std::optional<InternalTopic> internalTopicNamed(std::string_view topic) {
  for (const auto& [each, name] : kTopics)
    if (name == topic) return each;
  return std::nullopt;
}

std::string_view nameOf(InternalTopic topic) {
  for (const auto& [each, name] : kTopics)
    if (each == topic) return name;
  return {};
}

base::Result<RecordDescription> describeRecord(InternalTopic topic, const std::optional<base::SharedBytes>& key,
                                               const std::optional<base::SharedBytes>& value) {
  if (topic == InternalTopic::ClusterMetadata) return describeMetadata(value);
  if (!key) return base::fail(base::ErrorCode::INVALID_REQUEST, "Coordinator record: it has no key");
  return withRecordTypes(topic, [&]<class Key, class Value>(std::type_identity<Key>, std::type_identity<Value>) {
    return describeCoordinatorRecord<Key, Value>(*key, value);
  });
}

MessageTree internalKeyTree(InternalTopic topic, const base::SharedBytes& key) {
  if (topic == InternalTopic::ClusterMetadata)
    return {TreeNode{"Key", {}, 0, key.size(), {}},
            base::Error{base::ErrorCode::INVALID_REQUEST, "Metadata record: its key should be null"}};
  return withRecordTypes(topic, [&]<class Key, class Value>(std::type_identity<Key>, std::type_identity<Value>) {
    return treeOf("Key", key, [](CoordinatorRecordReader reader) { return errorOf(reader.readKey<Key>()); });
  });
}

MessageTree internalValueTree(InternalTopic topic, const base::SharedBytes& key, const base::SharedBytes& value) {
  if (topic == InternalTopic::ClusterMetadata) return metadataRecordTree(value);
  FrameReader keyBytes(key, 0);
  const auto type = keyBytes.readInteger<int16_t>();
  return withRecordTypes(topic, [&]<class Key, class Value>(std::type_identity<Key>, std::type_identity<Value>) {
    return treeOf("Value", value,
                  [&](CoordinatorRecordReader reader) { return errorOf(reader.readValue<Value>(type)); });
  });
}

}  // namespace streamscope::protocol
