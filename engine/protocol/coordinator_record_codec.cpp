#include "protocol/coordinator_record_codec.h"

#include <type_traits>

#include "alternatives.h"
#include "base/assert.h"
#include "coordinator_record_reader.h"
#include "message_encoder.h"

namespace streamscope::protocol {

namespace {

template <class Variant>
base::Bytes encodeKey(const Variant& key) {
  base::ByteWriter writer;
  std::visit(
      [&]<class Key>(const Key& body) {
        writer.writeInt16(Key::kInfo.apiKey);
        encodeMessage(writer, 0, body);
      },
      key);
  return writer.take();
}

template <class Variant>
base::Bytes encodeValue(const Variant& value, int16_t version) {
  base::ByteWriter writer;
  std::visit(
      [&]<class Value>(const Value& body) {
        STREAMSCOPE_ASSERT(Value::kInfo.hasVersion(version), std::string(Value::kInfo.name) + std::to_string(version));
        writer.writeInt16(version);
        encodeMessage(writer, version, body);
      },
      value);
  return writer.take();
}

template <class Variant>
base::Result<Variant> decodeKey(const base::SharedBytes& key) {
  FrameReader reader(key, 0);
  return CoordinatorRecordReader(reader).readKey<Variant>();
}

template <class Variant>
base::Result<Variant> decodeValue(int16_t type, const base::SharedBytes& value) {
  FrameReader reader(value, 0);
  return CoordinatorRecordReader(reader).readValue<Variant>(type);
}

}  // namespace

base::Bytes encodeCoordinatorKey(const GroupRecordKey& key) {
  return encodeKey(key);
}
base::Bytes encodeCoordinatorKey(const TransactionRecordKey& key) {
  return encodeKey(key);
}
base::Bytes encodeCoordinatorKey(const ShareStateRecordKey& key) {
  return encodeKey(key);
}

base::Bytes encodeCoordinatorValue(const GroupRecordValue& value, int16_t version) {
  return encodeValue(value, version);
}
base::Bytes encodeCoordinatorValue(const TransactionRecordValue& value, int16_t version) {
  return encodeValue(value, version);
}
base::Bytes encodeCoordinatorValue(const ShareStateRecordValue& value, int16_t version) {
  return encodeValue(value, version);
}

base::Result<GroupRecordKey> decodeGroupRecordKey(const base::SharedBytes& key) {
  return decodeKey<GroupRecordKey>(key);
}
base::Result<GroupRecordValue> decodeGroupRecordValue(int16_t type, const base::SharedBytes& value) {
  return decodeValue<GroupRecordValue>(type, value);
}
base::Result<TransactionRecordKey> decodeTransactionRecordKey(const base::SharedBytes& key) {
  return decodeKey<TransactionRecordKey>(key);
}
base::Result<TransactionRecordValue> decodeTransactionRecordValue(int16_t type, const base::SharedBytes& value) {
  return decodeValue<TransactionRecordValue>(type, value);
}
base::Result<ShareStateRecordKey> decodeShareStateRecordKey(const base::SharedBytes& key) {
  return decodeKey<ShareStateRecordKey>(key);
}
base::Result<ShareStateRecordValue> decodeShareStateRecordValue(int16_t type, const base::SharedBytes& value) {
  return decodeValue<ShareStateRecordValue>(type, value);
}

}  // namespace streamscope::protocol
