// When a broker loads its logs, and with what. Kafka: BrokerMetadataPublisher.initializeManagers.

#include <QTest>

#include "cluster.h"
#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::broker;
using namespace std::chrono_literals;
using base::ErrorCode;

namespace {

constexpr const char* kTopic = "orders";
const std::string kIndex = "orders-0/00000000000000000000.index";
constexpr base::BrokerId kLate = 3;

size_t indexBytes(Cluster& cluster, base::BrokerId id) {
  const auto bytes = cluster.disk(id).readFile(kIndex);
  return bytes ? bytes->size() : 0;
}

/// Records on all brokers, of which kLate is then killed.
bool fill(Cluster& cluster, const std::map<std::string, std::string>& configs) {
  if (!cluster.boot() || !cluster.createTopic(kTopic, 1, 3, configs)) return false;
  for (int i = 0; i < 5; ++i)
    if (cluster.produceError(cluster.leaderOf(kTopic), kTopic, {.value = "x"}) != ErrorCode::NONE) return false;
  cluster.kill(kLate);
  return true;
}

}  // namespace

class LogLoadingStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void aLogIsRecoveredWithTheConfigsOfItsTopic() {
    Cluster cluster;
    QVERIFY(fill(cluster, {{"index.interval.bytes", "1"}}));
    QVERIFY(cluster.memory(kLate).removeAll(kIndex).has_value());
    cluster.restart(kLate);
    QVERIFY(cluster.runUntil([&] { return cluster.broker(kLate).findLog({kTopic, 0}) != nullptr; }));
    // An entry for each batch but the first.
    QCOMPARE(indexBytes(cluster, kLate), size_t{32});
  }

  /// Its old session is not over yet, so it cannot register; the logs are there long before.
  void logsAreLoadedBeforeTheBrokerIsRegistered() {
    Cluster cluster;
    QVERIFY(fill(cluster, {}));
    cluster.restart(kLate);
    cluster.runFor(2s);
    QCOMPARE(cluster.broker(kLate).brokerEpoch(), -1);
    QVERIFY(cluster.broker(kLate).findLog({kTopic, 0}) != nullptr);
    QCOMPARE(cluster.broker(kLate).findLog({kTopic, 0})->logEndOffset(), 5);
    QVERIFY(!cluster.replica(kLate, kTopic));
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete(kTopic); }));
  }

  void aTopicDeletedAfterTheLogsWereLoadedIsDeletedHereToo() {
    Cluster cluster;
    QVERIFY(fill(cluster, {}));
    cluster.restart(kLate);
    cluster.runFor(2s);
    QVERIFY(cluster.broker(kLate).findLog({kTopic, 0}) != nullptr);
    protocol::DeleteTopicsRequest request;
    request.topics.push_back({kTopic, {}});
    QCOMPARE(cluster.call<protocol::DeleteTopicsResponse>(1, request)->responses[0].errorCode, 0);
    QVERIFY(cluster.runUntil([&] { return cluster.allUnfenced(); }));
    QVERIFY(cluster.broker(kLate).findLog({kTopic, 0}) == nullptr);
    cluster.runFor(61s);
    const auto entries = cluster.disk(kLate).list("");
    for (const auto& entry : *entries) QVERIFY2(!entry.isDirectory, entry.name.c_str());
  }
};

STREAMSCOPE_TEST(LogLoadingStoryTest);
#include "log_loading_story_test.moc"
