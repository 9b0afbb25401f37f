#include "protocol/tree.h"

#include <QTest>

#include "protocol/codec.h"
#include "protocol/record_codec.h"
#include "support/random_message.h"
#include "support/test_registry.h"

using namespace streamscope;
using protocol::ApiKey;
using protocol::TreeNode;

namespace {

/// Children stand one behind the other inside their parent, and a struct's children cover it without a gap; before those
/// of a struct that may be null there is one byte that says whether it is.
bool isSound(const TreeNode& node) {
  size_t end = node.begin;
  for (const TreeNode& child : node.children) {
    if (child.begin < end || child.end < child.begin || child.end > node.end) return false;
    end = child.end;
    if (!isSound(child)) return false;
  }
  const bool isStruct = !node.children.empty() && node.value.empty();
  return !isStruct || (node.children.front().begin <= node.begin + 1 && end == node.end);
}

const TreeNode* find(const TreeNode& node, std::initializer_list<std::string_view> path) {
  const TreeNode* at = &node;
  for (const std::string_view name : path) {
    const auto child = std::ranges::find(at->children, name, &TreeNode::name);
    if (child == at->children.end()) return nullptr;
    at = &*child;
  }
  return at;
}

}  // namespace

class TreeTest : public QObject {
  Q_OBJECT
 private slots:
  void everyByteOfEveryMessageHasItsField() {
    base::Random random(9);
    for (const ApiKey key : support::everyApi()) {
      const protocol::MessageInfo info = support::requestInfo(key);
      for (int16_t version = info.versionMin; version <= info.versionMax; ++version) {
        const base::SharedBytes request(
            protocol::encodeRequestFrame(version, 1, "c", support::randomRequest(key, version, random)));
        expectSound(protocol::requestTree(request.slice(4, request.size() - 4)), request.size() - 4);
        const base::SharedBytes response(
            protocol::encodeResponseFrame(version, 1, support::randomResponse(key, version, random)));
        expectSound(protocol::responseTree(key, version, response.slice(4, response.size() - 4)), response.size() - 4);
      }
    }
  }

  void valuesAndPlacesOfAProduceRequest() {
    protocol::ProduceRequest request;
    request.acks = -1;
    request.topicData.push_back({"orders", {}, {{2, base::SharedBytes(base::Bytes(70))}}});
    const base::SharedBytes frame(protocol::encodeRequestFrame(9, 1, "c", request));
    const protocol::MessageTree tree = protocol::requestTree(frame.slice(4, frame.size() - 4));
    QVERIFY(!tree.error.has_value());
    const TreeNode* acks = find(tree.root, {"ProduceRequest", "Acks"});
    QVERIFY(acks != nullptr);
    QCOMPARE(acks->value, std::string("-1"));
    QCOMPARE(acks->end - acks->begin, size_t{2});
    QCOMPARE(find(tree.root, {"ProduceRequest", "TransactionalId"})->value, std::string("null"));
    const TreeNode* topic = find(tree.root, {"ProduceRequest", "TopicData", "[0]"});
    QVERIFY(topic != nullptr);
    QCOMPARE(find(*topic, {"Name"})->value, std::string("\"orders\""));
    // The length prefix belongs to the name.
    QCOMPARE(find(*topic, {"Name"})->end - find(*topic, {"Name"})->begin, size_t{7});
    QCOMPARE(find(*topic, {"PartitionData"})->value, std::string("1"));
    QCOMPARE(find(*topic, {"PartitionData", "[0]", "Records"})->value, std::string("70 bytes"));
    QCOMPARE(find(tree.root, {"RequestHeader", "ClientId"})->value, std::string("\"c\""));
  }

  void taggedFieldsAreNamed() {
    protocol::FetchRequest request;
    request.replicaState.replicaId = 2;
    const base::SharedBytes frame(protocol::encodeRequestFrame(17, 1, "c", request));
    const protocol::MessageTree tree = protocol::requestTree(frame.slice(4, frame.size() - 4));
    const TreeNode* replicaId = find(tree.root, {"FetchRequest", "TaggedFields", "ReplicaState", "ReplicaId"});
    QVERIFY(replicaId != nullptr);
    QCOMPARE(replicaId->value, std::string("2"));
  }

  void metadataRecordShowsItsFrame() {
    const protocol::MetadataRecord record = protocol::TopicRecord{"orders", base::kMetadataTopicId};
    const base::SharedBytes value(protocol::encodeMetadataRecord(record, 0));
    const protocol::MessageTree tree = protocol::metadataRecordTree(value);
    QVERIFY(!tree.error.has_value());
    QVERIFY(isSound(tree.root));
    QCOMPARE(find(tree.root, {"ApiKey"})->value, std::string("2"));
    QCOMPARE(find(tree.root, {"TopicRecord", "TopicId"})->value, std::string("\"AAAAAAAAAAAAAAAAAAAAAQ\""));
  }

 private:
  static void expectSound(const protocol::MessageTree& tree, size_t size) {
    QVERIFY2(!tree.error.has_value(), tree.error ? tree.error->message.c_str() : "");
    QCOMPARE(tree.root.end, size);
    QVERIFY2(isSound(tree.root), tree.root.children.back().name.c_str());
  }
};

STREAMSCOPE_TEST(TreeTest);
#include "tree_test.moc"
