#include <QTest>

#include "batches.h"
#include "clean_shutdown_marker.h"
#include "meta_properties.h"
#include "partition_metadata_file.h"
#include "producer_snapshot.h"
#include "replica_directory_name.h"
#include "support/test_registry.h"
#include "transaction_vectors.h"

using namespace streamscope;

namespace {

template <class T>
std::string problem(const log::Parsed<T>& parsed) {
  if (parsed) return "fine";
  return (parsed.error().isTorn ? "torn " : "damaged ") + std::to_string(parsed.error().atByte);
}

}  // namespace

/// meta.properties, partition.metadata, the clean-shutdown marker, producer snapshots, names of directories.
class SmallFilesTest : public QObject {
  Q_OBJECT
 private slots:
  void metaPropertiesAreReadAsJavaReadsThem() {
    const auto parsed = log::parseMetaProperties(
        base::asBytes("#\n#Mon Jan 01 00:00:00 UTC 2024\r\n node.id = 3\n!x\ncluster.id:a\\:b\\=c\nversion 1\n"
                      "directory.id=AAAAAAAAAAAAAAAAAAAAAQ\nother=thing"));
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->clusterId, std::string("a:b=c"));
    QCOMPARE(parsed->nodeId, 3);
    QVERIFY(parsed->directoryId.value() == base::kMetadataTopicId);
    const auto again = log::parseMetaProperties(log::formatMetaProperties(*parsed));
    QCOMPARE(again->clusterId, parsed->clusterId);
    QCOMPARE(again->directoryId.value().toString(), parsed->directoryId.value().toString());
  }

  void brokenMetaPropertiesAreNamed() {
    const auto of = [](std::string_view text) { return problem(log::parseMetaProperties(base::asBytes(text))); };
    QCOMPARE(of("cluster.id=c\nnode.id=1\nversion=1\n"), std::string("fine"));
    QCOMPARE(of(""), std::string("torn 0"));
    QCOMPARE(of("version=1\nnode.id=1\n"), std::string("torn 20"));
    QCOMPARE(of("version=1\ncluster.id=c\n"), std::string("torn 23"));
    QCOMPARE(of("version=0\ncluster.id=c\nnode.id=1\n"), std::string("damaged 0"));
    QCOMPARE(of("version=1\ncluster.id=c\nnode.id=-1\n"), std::string("damaged 23"));
    QCOMPARE(of("version=1\ncluster.id=c\nnode.id=1x\n"), std::string("damaged 23"));
    QCOMPARE(of("version=1\ncluster.id=c\nnode.id=1\ndirectory.id=?\n"), std::string("damaged 33"));
  }

  void partitionMetadataRoundTrips() {
    const base::Uuid topicId{1, 99};
    const base::Bytes text = log::formatPartitionMetadata(topicId);
    QVERIFY(log::parsePartitionMetadata(text).value() == topicId);
    for (size_t length = 0; length < text.size(); ++length)
      QVERIFY(!log::parsePartitionMetadata(base::ByteView(text).first(length)).has_value());
    const auto of = [](std::string_view lines) { return problem(log::parsePartitionMetadata(base::asBytes(lines))); };
    QCOMPARE(of("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ\n"), std::string("fine"));
    QCOMPARE(of("version: 1\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ"), std::string("damaged 0"));
    QCOMPARE(of("version: 0\ntopic: x"), std::string("damaged 11"));
    QCOMPARE(of("version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA"), std::string("damaged 21"));
    QCOMPARE(of("version: 0\n"), std::string("torn 11"));
  }

  void theMarkerSaysTheBrokerEpoch() {
    QCOMPARE(std::string(base::asText(log::formatCleanShutdownMarker(7))),
             std::string("{\"version\":0,\"brokerEpoch\":7}"));
    QCOMPARE(log::parseCleanShutdownMarker(log::formatCleanShutdownMarker(7)).value(), 7);
    QCOMPARE(log::parseCleanShutdownMarker({}).value(), -1);
    for (const char* text : {"{", "[]", "7", "{\"version\":1,\"brokerEpoch\":7}", "{\"version\":0}",
                             "{\"version\":0,\"brokerEpoch\":\"7\"}"})
      QVERIFY2(!log::parseCleanShutdownMarker(base::asBytes(text)).has_value(), text);
  }

  void kafkasProducerSnapshotsOfTransactionsAreRead() {
    for (const char* hex : {log::kKafkaTransactionsSnapshot, log::kKafkaOpenTransactionSnapshot}) {
      const auto entries = log::parseProducerSnapshot(log::fromHex(hex));
      QVERIFY(entries.has_value());
      QCOMPARE(base::toHex(log::formatProducerSnapshot(*entries)), std::string(hex));
    }
    const auto open = log::parseProducerSnapshot(log::fromHex(log::kKafkaOpenTransactionSnapshot));
    QCOMPARE(open->size(), size_t{4});
    for (const log::ProducerSnapshotEntry& entry : *open)
      QCOMPARE(entry.currentTxnFirstOffset, entry.producerId == 2 ? 8 : -1);
  }

  void aProducerSnapshotIsKafkas() {
    const base::Bytes kafkas = log::fromHex(
        "000125d8bc550000000100000000000003e80000000000010000000000000006000000010000018bcfe5680affffffff"
        "0000000000000005");
    log::ProducerSnapshotEntry entry;
    entry.producerId = 1000;
    entry.epoch = 0;
    entry.lastSequence = 1;
    entry.lastOffset = 6;
    entry.offsetDelta = 1;
    entry.timestamp = log::kTestTime + 10;
    entry.currentTxnFirstOffset = 5;
    QCOMPARE(base::toHex(log::formatProducerSnapshot({entry})), base::toHex(kafkas));
    QVERIFY(log::parseProducerSnapshot(kafkas).value() == std::vector{entry});
    for (size_t length = 0; length < kafkas.size(); ++length)
      QVERIFY(problem(log::parseProducerSnapshot(base::ByteView(kafkas).first(length))).starts_with("torn"));
    for (size_t i = 0; i < kafkas.size(); ++i) {
      base::Bytes damaged = kafkas;
      damaged[i] ^= 0x10;
      QVERIFY(!log::parseProducerSnapshot(damaged).has_value());
    }
  }

  void directoriesAreNamedAsKafkaNamesThem() {
    const auto of = [](std::string_view name) -> std::string {
      const auto parsed = log::parseReplicaDirectoryName(name);
      if (!parsed) return "none";
      return parsed->partition.toString() + " " + std::to_string(static_cast<int>(parsed->kind));
    };
    const std::string id = "0123456789abcdef0123456789abcdef";
    QCOMPARE(of("orders-12"), std::string("orders-12 0"));
    QCOMPARE(of("a-b.c-0"), std::string("a-b.c-0 0"));
    QCOMPARE(of("__cluster_metadata-0"), std::string("__cluster_metadata-0 0"));
    QCOMPARE(of("orders-1." + id + "-delete"), std::string("orders-1 1"));
    QCOMPARE(of("orders-1." + id + "-future"), std::string("orders-1 2"));
    QCOMPARE(of("orders-1." + id + "-stray"), std::string("orders-1 3"));
    for (const char* name :
         {"orders", "lost+found", "-1", "orders-", "orders-x", "orders-delete", "orders-1-delete", ""})
      QCOMPARE(of(name), std::string("none"));
    const std::string longName = log::deleteDirectoryName({std::string(249, 't'), 123}, {1, 2});
    QCOMPARE(longName.size(), size_t{255});
    QVERIFY(of(longName).ends_with("t-123 1"));
  }
};

STREAMSCOPE_TEST(SmallFilesTest);
#include "small_files_test.moc"
