#include "protocol/coordinator_record_codec.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <set>

#include "protocol/describe.h"
#include "protocol/internal_topic.h"
#include "protocol/record_codec.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::InternalTopic;

namespace {

/// A line of record_vectors.tsv.
struct Vector {
  QString part;
  int16_t type = 0;
  QString name;
  int16_t version = 0;
  base::Bytes bytes;
  QJsonObject fields;
};

std::vector<Vector> vectors() {
  std::vector<Vector> result;
  QFile file(STREAMSCOPE_RECORD_VECTORS);
  if (!file.open(QIODevice::ReadOnly)) return result;
  while (!file.atEnd()) {
    const QByteArray line = file.readLine().trimmed();
    if (line.startsWith('#')) continue;
    const QList<QByteArray> columns = line.split('\t');
    if (columns.size() != 6) return {};
    const QByteArray bytes = QByteArray::fromHex(columns[4]);
    result.push_back({columns[0], columns[1].toShort(), columns[2], columns[3].toShort(),
                      base::Bytes(bytes.begin(), bytes.end()), QJsonDocument::fromJson(columns[5]).object()});
  }
  return result;
}

base::SharedBytes keyOfType(int16_t type, const std::vector<Vector>& all, const QString& topic) {
  for (const Vector& each : all)
    if (each.type == type && each.part == topic + ".key") return base::SharedBytes(each.bytes);
  return {};
}

InternalTopic topicOf(const QString& part) {
  if (part.startsWith("transaction")) return InternalTopic::TransactionState;
  return part.startsWith("share") ? InternalTopic::ShareGroupState : InternalTopic::ConsumerOffsets;
}

QJsonObject json(const std::string& text) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

/// Decoded and written again.
base::Result<base::Bytes> rewritten(const Vector& vector, const base::SharedBytes& bytes) {
  const auto key = [](const auto& decoded) -> base::Result<base::Bytes> {
    if (!decoded) return base::fail(decoded.error());
    return protocol::encodeCoordinatorKey(*decoded);
  };
  const auto value = [&](const auto& decoded) -> base::Result<base::Bytes> {
    if (!decoded) return base::fail(decoded.error());
    return protocol::encodeCoordinatorValue(*decoded, vector.version);
  };
  if (vector.part == "group.key") return key(protocol::decodeGroupRecordKey(bytes));
  if (vector.part == "group.value") return value(protocol::decodeGroupRecordValue(vector.type, bytes));
  if (vector.part == "transaction.key") return key(protocol::decodeTransactionRecordKey(bytes));
  if (vector.part == "transaction.value") return value(protocol::decodeTransactionRecordValue(vector.type, bytes));
  if (vector.part == "share.key") return key(protocol::decodeShareStateRecordKey(bytes));
  if (vector.part == "share.value") return value(protocol::decodeShareStateRecordValue(vector.type, bytes));
  const auto record = protocol::decodeMetadataRecord(bytes);
  if (!record) return base::fail(record.error());
  return protocol::encodeMetadataRecord(*record, vector.version);
}

}  // namespace

/// Records of the internal topics, byte for byte as Kafka's own classes write them and field for field as its tools
/// print them.
class CoordinatorRecordCodecTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    m_vectors = vectors();
    QVERIFY(m_vectors.size() > 150);
  }

  void everyRecordIsReadAndWrittenAsKafkaDoes() {
    for (const Vector& vector : m_vectors) {
      if (vector.part == "control") continue;
      const auto bytes = rewritten(vector, base::SharedBytes(vector.bytes));
      const QByteArray what = (vector.name + " v" + QString::number(vector.version)).toUtf8();
      QVERIFY2(bytes.has_value(), bytes ? "" : (what + ": " + bytes.error().message.c_str()).constData());
      QVERIFY2(*bytes == vector.bytes, (what + ": " + base::toHex(*bytes).c_str()).constData());
      for (size_t size = 0; size < vector.bytes.size(); ++size) {
        const auto part = base::SharedBytes::copyOf(base::ByteView(vector.bytes).first(size));
        QVERIFY2(!rewritten(vector, part).has_value(), what.constData());
      }
    }
  }

  void everyTypeOfKafkaIsThere() {
    QCOMPARE(std::variant_size_v<protocol::GroupRecordKey>, size_t{22});
    QCOMPARE(std::variant_size_v<protocol::GroupRecordValue>, size_t{22});
    std::set<int16_t> metadata;
    for (const Vector& vector : m_vectors)
      if (vector.part == "metadata") metadata.insert(vector.type);
    QCOMPARE(metadata.size(), std::variant_size_v<protocol::MetadataRecord>);
  }

  void descriptionsHaveKafkasFields() {
    for (const Vector& vector : m_vectors) {
      const QByteArray what = (vector.name + " v" + QString::number(vector.version)).toUtf8();
      if (vector.part == "control") continue;
      if (vector.part == "metadata") {
        const auto described = protocol::describeRecord(InternalTopic::ClusterMetadata, {}, {{vector.bytes}});
        QVERIFY2(described && json(described->value)["data"].toObject() == vector.fields, what.constData());
        continue;
      }
      const InternalTopic topic = topicOf(vector.part);
      const bool isKey = vector.part.endsWith("key");
      const base::SharedBytes key =
          isKey ? base::SharedBytes(vector.bytes) : keyOfType(vector.type, m_vectors, vector.part.section('.', 0, 0));
      const auto described =
          protocol::describeRecord(topic, key, isKey ? std::nullopt : std::optional(base::SharedBytes(vector.bytes)));
      QVERIFY2(described.has_value(), what.constData());
      const QJsonObject told = json(isKey ? described->key : described->value);
      QVERIFY2(told["data"].toObject() == vector.fields,
               (what + ": " + (isKey ? described->key : described->value).c_str()).constData());
      if (isKey) {
        QCOMPARE(told["name"].toString(), vector.name);
        QCOMPARE(described->value, std::string("null"));
      } else {
        QCOMPARE(told["version"].toInt(), int{vector.version});
      }
    }
  }

  void controlRecordsAreThoseOfKafka() {
    for (const Vector& vector : m_vectors) {
      if (vector.part != "control") continue;
      const base::SharedBytes key(base::Bytes{0, 0, 0, static_cast<uint8_t>(vector.type)});
      const auto record = protocol::decodeControlRecord(key, base::SharedBytes(vector.bytes));
      QVERIFY(record.has_value());
      const protocol::ControlRecordBytes bytes = protocol::encodeControlRecord(*record);
      QVERIFY(bytes.value == vector.bytes && base::SharedBytes(bytes.key) == key);
      QCOMPARE(json(protocol::describe(*record))["data"].toObject(), vector.fields);
    }
  }

  void markersOfTransactionsSayHowItEnded() {
    const base::SharedBytes value(base::Bytes{0, 0, 0, 0, 0, 7});
    const auto commit = protocol::decodeControlRecord(base::SharedBytes(base::Bytes{0, 0, 0, 1}), value);
    const auto abort = protocol::decodeControlRecord(base::SharedBytes(base::Bytes{0, 0, 0, 0}), value);
    QVERIFY(commit.has_value() && abort.has_value());
    QCOMPARE(protocol::describe(*commit),
             std::string(R"({"type":"COMMIT","version":0,"data":{"version":0,"coordinatorEpoch":7}})"));
    QCOMPARE(protocol::describe(*abort).substr(0, 15), std::string(R"({"type":"ABORT")"));
    QVERIFY(protocol::encodeControlRecord(*commit).key == (base::Bytes{0, 0, 0, 1}));
    QVERIFY(protocol::encodeControlRecord(*abort).value == (base::Bytes{0, 0, 0, 0, 0, 7}));
  }

  void whatConsumersHandEachOtherIsDecoded() {
    protocol::GroupMetadataValue group;
    group.protocolType = "consumer";
    auto& member = group.members.emplace_back();
    // Version 1 with the topic "t", no user data, nothing owned.
    member.subscription =
        base::SharedBytes(base::Bytes{0, 1, 0, 0, 0, 1, 0, 1, 't', 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0});
    member.assignment = base::SharedBytes(base::Bytes{9});
    const base::SharedBytes key(protocol::encodeCoordinatorKey(protocol::GroupMetadataKey{"g"}));
    const auto describe = [&] {
      const base::SharedBytes value(protocol::encodeCoordinatorValue(group, 3));
      const auto described = protocol::describeRecord(InternalTopic::ConsumerOffsets, key, value);
      return json(described->value)["data"].toObject()["members"].toArray()[0].toObject();
    };
    QCOMPARE(describe()["subscription"].toObject()["topics"].toArray()[0].toString(), QString("t"));
    QCOMPARE(describe()["assignment"].toString(), QString("CQ=="));
    group.protocolType = "connect";
    QVERIFY(describe()["subscription"].isString());
  }

  void everyByteHasAName() {
    for (const Vector& vector : m_vectors) {
      if (vector.part == "control" || vector.part == "metadata") continue;
      const InternalTopic topic = topicOf(vector.part);
      const base::SharedBytes bytes(vector.bytes);
      const protocol::MessageTree tree =
          vector.part.endsWith("key")
              ? protocol::internalKeyTree(topic, bytes)
              : protocol::internalValueTree(topic, keyOfType(vector.type, m_vectors, vector.part.section('.', 0, 0)),
                                            bytes);
      QVERIFY(!tree.error);
      QCOMPARE(tree.root.children.size(), size_t{2});
      QCOMPARE(tree.root.children[0].end, size_t{2});
      QCOMPARE(QString::fromStdString(tree.root.children[1].name), vector.name);
      QCOMPARE(tree.root.children[1].end, vector.bytes.size());
    }
  }

  void whatIsNotKnownIsRefusedByName() {
    const auto unknownType = protocol::decodeGroupRecordKey(base::SharedBytes(base::Bytes{0, 99}));
    QCOMPARE(unknownType.error().message, std::string("Coordinator record: type 99 is not known here"));
    const auto unknownVersion = protocol::decodeGroupRecordValue(1, base::SharedBytes(base::Bytes{0, 9}));
    QCOMPARE(unknownVersion.error().message, std::string("Coordinator record: OffsetCommitValue v9 is not known here"));
    QVERIFY(!protocol::describeRecord(InternalTopic::ConsumerOffsets, {}, {}).has_value());
    QVERIFY(!protocol::describeRecord(InternalTopic::ClusterMetadata, {}, {}).has_value());
  }

  void topicsAreKnownByTheirNames() {
    QVERIFY(protocol::internalTopicNamed("__consumer_offsets") == InternalTopic::ConsumerOffsets);
    QVERIFY(protocol::internalTopicNamed("__share_group_state") == InternalTopic::ShareGroupState);
    QVERIFY(!protocol::internalTopicNamed("orders"));
    QCOMPARE(protocol::nameOf(InternalTopic::TransactionState), std::string_view("__transaction_state"));
  }

 private:
  std::vector<Vector> m_vectors;
};

STREAMSCOPE_TEST(CoordinatorRecordCodecTest);
#include "coordinator_record_codec_test.moc"
