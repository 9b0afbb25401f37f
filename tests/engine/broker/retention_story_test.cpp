#include <QTest>
#include <algorithm>
#include <set>

#include "cluster.h"
#include "log/record_batch.h"
#include "support/test_registry.h"

// Old records go: by age, by size, because a client asks, because a topic is deleted. All on virtual time.

using namespace streamscope;
using namespace std::chrono_literals;
using base::ErrorCode;
using broker::Cluster;

namespace {

constexpr base::PartitionId kPartition = 0;

/// Records of 1000 bytes, one a batch.
bool write(Cluster& cluster, const std::string& topic, int records) {
  for (int i = 0; i < records; ++i)
    if (cluster.produceError(cluster.leaderOf(topic), topic, {.value = std::string(1000, 'x')}) != ErrorCode::NONE)
      return false;
  return true;
}

/// Records in one batch.
bool writeTogether(Cluster& cluster, const std::string& topic, int records) {
  protocol::ProduceRequest request = cluster.produceRequest(topic, {});
  log::RecordBatchBuilder builder({});
  for (int i = 0; i < records; ++i)
    builder.append(cluster.world().wallClockMs(), std::nullopt, base::asBytes("together " + std::to_string(i)));
  request.topicData[0].partitionData[0].records = base::SharedBytes(builder.build());
  const auto response = cluster.call<protocol::ProduceResponse>(cluster.leaderOf(topic), std::move(request));
  return response && response->responses[0].partitionResponses[0].errorCode == 0;
}

base::Offset logStart(Cluster& cluster, base::BrokerId id, const std::string& topic) {
  const auto replica = cluster.replica(id, topic);
  return replica ? replica->logStartOffset : -1;
}

bool allStartAt(Cluster& cluster, const std::string& topic, base::Offset offset) {
  for (base::BrokerId id = 1; id <= Cluster::kBrokers; ++id)
    if (logStart(cluster, id, topic) != offset) return false;
  return true;
}

/// Names in the replica's directory, or of directories when `topic` is empty, that contain `part`.
size_t namesWith(Cluster& cluster, base::BrokerId id, const std::string& topic, const std::string& part) {
  const auto entries = cluster.disk(id).list(topic.empty() ? "" : topic + "-0");
  size_t count = 0;
  if (entries)
    for (const auto& entry : *entries) count += entry.name.find(part) != std::string::npos ? 1U : 0U;
  return count;
}

/// Whoever looks first goes by the rule; a follower may hear of the new log start before it looks.
bool reasonsFit(const std::vector<world::SegmentDeleted>& deleted, const std::string& rule) {
  const auto goesByRule = [&](const auto& event) { return event.reason.starts_with(rule); };
  const auto follows = [](const auto& event) { return event.reason.starts_with("it ends at "); };
  return std::ranges::any_of(deleted, goesByRule) &&
         std::ranges::all_of(deleted, [&](const auto& event) { return goesByRule(event) || follows(event); });
}

protocol::DeleteRecordsRequest deleteRequest(const std::string& topic, base::Offset offset,
                                             base::Duration timeout = 30s) {
  protocol::DeleteRecordsRequest request;
  request.topics.push_back({topic, {{kPartition, offset}}});
  request.timeoutMs = static_cast<int32_t>(timeout / 1ms);
  return request;
}

using DeleteAnswer = protocol::DeleteRecordsResponse::DeleteRecordsPartitionResult;

DeleteAnswer deleteRecords(Cluster& cluster, base::BrokerId id, const std::string& topic, base::Offset offset,
                           base::Duration timeout = 30s) {
  const auto response = cluster.call<protocol::DeleteRecordsResponse>(id, deleteRequest(topic, offset, timeout));
  if (!response || response->topics.size() != 1 || response->topics[0].partitions.size() != 1)
    return {kPartition, -2, static_cast<int16_t>(ErrorCode::NETWORK_EXCEPTION)};
  return response->topics[0].partitions[0];
}

ErrorCode errorOf(const DeleteAnswer& answer) {
  return static_cast<ErrorCode>(answer.errorCode);
}

int64_t earliest(Cluster& cluster, const std::string& topic) {
  protocol::ListOffsetsRequest request;
  request.replicaId = -1;
  request.topics.push_back({topic, {{kPartition, -1, -2}}});
  const auto response =
      cluster.call<protocol::ListOffsetsResponse>(cluster.leaderOf(topic), std::move(request), int16_t{7});
  return response ? response->topics[0].partitions[0].offset : -2;
}

ErrorCode fetchError(Cluster& cluster, const std::string& topic, base::Offset offset) {
  protocol::FetchRequest request;
  request.maxWaitMs = 100;
  request.minBytes = 1;
  request.maxBytes = 1 << 20;
  auto& asked = request.topics.emplace_back();
  asked.topicId = cluster.image().findTopic(topic)->id;
  auto& partition = asked.partitions.emplace_back();
  partition.partition = kPartition;
  partition.fetchOffset = offset;
  partition.partitionMaxBytes = 1 << 20;
  const auto response = cluster.call<protocol::FetchResponse>(cluster.leaderOf(topic), std::move(request));
  return response ? static_cast<ErrorCode>(response->responses[0].partitions[0].errorCode)
                  : ErrorCode::NETWORK_EXCEPTION;
}

}  // namespace

class RetentionStoryTest : public QObject {
  Q_OBJECT
 private slots:
  void oldRecordsGoOnAllReplicasAndTheirFilesLater() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders", 1, 3, {{"internal.segment.bytes", "2400"}, {"retention.ms", "600000"}}));
    QVERIFY(write(cluster, "orders", 5));
    // Two records a segment: 0-1, 2-3, 4.
    cluster.runFor(9min);
    QVERIFY(allStartAt(cluster, "orders", 0));
    QVERIFY(write(cluster, "orders", 1));
    cluster.runFor(7min);
    // The last segment has a record of two minutes before the first look that took the others.
    QVERIFY(allStartAt(cluster, "orders", 4));
    QCOMPARE(earliest(cluster, "orders"), int64_t{4});
    QCOMPARE(fetchError(cluster, "orders", 3), ErrorCode::OFFSET_OUT_OF_RANGE);
    QCOMPARE(fetchError(cluster, "orders", 4), ErrorCode::NONE);

    const auto deleted = cluster.all<world::SegmentDeleted>();
    QCOMPARE(deleted.size(), size_t{6});
    QVERIFY(reasonsFit(deleted, "retention.ms=600000, "));
    const auto moved = cluster.all<world::LogStartOffsetMoved>();
    QCOMPARE(moved.size(), size_t{3});
    for (const auto& event : moved) QCOMPARE(event.to, base::Offset{4});
    QVERIFY(std::ranges::any_of(moved, [](const auto& event) { return event.reason == "segment deletion"; }));

    cluster.runFor(2min);
    const auto removed = cluster.all<world::DeletedFilesRemoved>();
    QCOMPARE(removed.size(), size_t{3});
    for (base::BrokerId id = 1; id <= 3; ++id) {
      QCOMPARE(namesWith(cluster, id, "orders", ".deleted"), size_t{0});
      QCOMPARE(namesWith(cluster, id, "orders", ".log"), size_t{1});
    }
    // A minute later, and because of the deletion.
    for (const world::TraceEvent& event : cluster.events()) {
      if (!std::holds_alternative<world::DeletedFilesRemoved>(event.payload)) continue;
      const world::TraceEvent& cause = cluster.events()[event.cause - 1];
      QVERIFY(std::holds_alternative<world::SegmentDeleted>(cause.payload));
      QCOMPARE(event.time - cause.time, base::Duration(60s));
    }
  }

  void aTopicOfFewBytesKeepsItsNewestSegments() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("clicks", 1, 3, {{"internal.segment.bytes", "2400"}, {"retention.bytes", "4300"}}));
    QVERIFY(write(cluster, "clicks", 11));
    cluster.runFor(6min);
    // Five full segments of two records of some 1070 bytes and one of one: the three newest are more than 4300 bytes.
    QVERIFY(allStartAt(cluster, "clicks", 6));
    QVERIFY(reasonsFit(cluster.all<world::SegmentDeleted>(), "retention.bytes=4300, "));
  }

  void everyRollNamesTheConfigThatDecided() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("a", 1, 3, {{"internal.segment.bytes", "2400"}}));
    QVERIFY(cluster.createTopic("b", 1, 3, {{"segment.ms", "60000"}}));
    QVERIFY(write(cluster, "a", 3));
    QVERIFY(write(cluster, "b", 1));
    cluster.runFor(61s);
    QVERIFY(write(cluster, "b", 1));
    cluster.runFor(2s);
    std::map<std::string, std::set<std::string>> reasons;
    for (const auto& event : cluster.all<world::SegmentRolled>()) reasons[event.partition.topic].insert(event.reason);
    QCOMPARE(reasons["a"], (std::set<std::string>{"segment.bytes=2400"}));
    QCOMPARE(reasons["b"], (std::set<std::string>{"segment.ms=60000"}));
    // What was rolled is on stable storage on every broker, without a clean shutdown.
    for (base::BrokerId id = 1; id <= 3; ++id) {
      QCOMPARE(cluster.broker(id).findLog({"a", 0})->recoveryPoint(), 2);
      QCOMPARE(cluster.broker(id).findLog({"b", 0})->recoveryPoint(), 1);
    }
  }

  // DeleteRecords.

  void deletedRecordsAreGoneOnEveryReplicaWhenTheAnswerComes() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders"));
    QVERIFY(write(cluster, "orders", 5));
    const base::BrokerId leader = cluster.leaderOf("orders");
    DeleteAnswer answer = deleteRecords(cluster, leader, "orders", 3);
    QCOMPARE(errorOf(answer), ErrorCode::NONE);
    QCOMPARE(answer.lowWatermark, int64_t{3});
    QVERIFY(allStartAt(cluster, "orders", 3));
    QCOMPARE(earliest(cluster, "orders"), int64_t{3});
    QCOMPARE(fetchError(cluster, "orders", 2), ErrorCode::OFFSET_OUT_OF_RANGE);
    std::set<std::string> reasons;
    for (const auto& event : cluster.all<world::LogStartOffsetMoved>()) reasons.insert(event.reason);
    QCOMPARE(reasons, (std::set<std::string>{"client record deletion", "leader offset incremented"}));
    // Below where it starts there is nothing to do.
    answer = deleteRecords(cluster, leader, "orders", 1);
    QCOMPARE(errorOf(answer), ErrorCode::NONE);
    QCOMPARE(answer.lowWatermark, int64_t{3});
    answer = deleteRecords(cluster, leader, "orders", -1);
    QCOMPARE(errorOf(answer), ErrorCode::NONE);
    QCOMPARE(answer.lowWatermark, int64_t{5});
    QVERIFY(allStartAt(cluster, "orders", 5));
    QVERIFY(write(cluster, "orders", 1));
    // It survives a restart through log-start-offset-checkpoint.
    cluster.runFor(2min);
    const base::BrokerId follower = cluster.followersOf("orders").front();
    cluster.kill(follower);
    cluster.restart(follower);
    QVERIFY(cluster.runUntil([&] { return cluster.replica(follower, "orders").has_value(); }));
    QCOMPARE(logStart(cluster, follower, "orders"), 5);
  }

  void refusalsCarryKafkasCodes() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders"));
    QVERIFY(cluster.createTopic("accounts", 1, 3, {{"cleanup.policy", "compact"}}));
    QVERIFY(write(cluster, "orders", 2));
    const base::BrokerId leader = cluster.leaderOf("orders");
    const base::BrokerId follower = cluster.followersOf("orders").front();
    const auto check = [&](base::BrokerId id, const std::string& topic, base::Offset offset, ErrorCode expected) {
      const DeleteAnswer answer = deleteRecords(cluster, id, topic, offset);
      return errorOf(answer) == expected && answer.lowWatermark == -1;
    };
    QVERIFY(check(leader, "orders", 3, ErrorCode::OFFSET_OUT_OF_RANGE));
    QVERIFY(check(leader, "orders", -2, ErrorCode::OFFSET_OUT_OF_RANGE));
    QVERIFY(check(follower, "orders", 1, ErrorCode::NOT_LEADER_OR_FOLLOWER));
    QVERIFY(check(leader, "nowhere", 1, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    QVERIFY(check(cluster.leaderOf("accounts"), "accounts", 0, ErrorCode::POLICY_VIOLATION));
    QVERIFY(allStartAt(cluster, "orders", 0));
  }

  void anAnswerWaitsForEveryLiveReplica() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders"));
    QVERIFY(write(cluster, "orders", 3));
    const base::BrokerId leader = cluster.leaderOf("orders");
    const base::BrokerId cutOff = cluster.followersOf("orders").front();
    cluster.cut(world::brokerAddress(leader), world::brokerAddress(cutOff));
    DeleteAnswer answer = deleteRecords(cluster, leader, "orders", 2, 2s);
    QCOMPARE(errorOf(answer), ErrorCode::REQUEST_TIMED_OUT);
    // The leader deleted nevertheless.
    QCOMPARE(logStart(cluster, leader, "orders"), 2);
    QCOMPARE(logStart(cluster, cutOff, "orders"), 0);
    cluster.heal(world::brokerAddress(leader), world::brokerAddress(cutOff));
    answer = deleteRecords(cluster, leader, "orders", 2);
    QCOMPARE(errorOf(answer), ErrorCode::NONE);
    QVERIFY(allStartAt(cluster, "orders", 2));
    // A dead one is not waited for.
    cluster.kill(cutOff);
    QVERIFY(cluster.runUntil([&] { return !cluster.isIsrComplete("orders"); }));
    answer = deleteRecords(cluster, leader, "orders", 3);
    QCOMPARE(errorOf(answer), ErrorCode::NONE);
    QCOMPARE(answer.lowWatermark, int64_t{3});
    // When it comes back, everything it has is below the leader's log start.
    cluster.restart(cutOff);
    QVERIFY(cluster.runUntil([&] { return logStart(cluster, cutOff, "orders") == 3; }));
  }

  /// The leader can only send the batch as a whole: the follower begins before what may be read, as in Kafka.
  void aFollowerBeginsWithTheBatchThatTheLogStartIsIn() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders"));
    const base::BrokerId leader = cluster.leaderOf("orders");
    const base::BrokerId behind = cluster.followersOf("orders").front();
    cluster.kill(behind);
    QVERIFY(cluster.runUntil([&] { return !cluster.isIsrComplete("orders"); }));
    QVERIFY(write(cluster, "orders", 2));
    QVERIFY(writeTogether(cluster, "orders", 10));
    QVERIFY(write(cluster, "orders", 2));
    QCOMPARE(errorOf(deleteRecords(cluster, leader, "orders", 7)), ErrorCode::NONE);
    cluster.restart(behind);
    QVERIFY(cluster.runUntil([&] { return cluster.isIsrComplete("orders"); }));
    QVERIFY(cluster.runUntil([&] { return allStartAt(cluster, "orders", 7); }));
    const log::PartitionLog* const log = cluster.broker(behind).findLog({"orders", 0});
    QCOMPARE(log->firstSegmentBaseOffset(), 2);
    QCOMPARE(log->logEndOffset(), 14);
    QCOMPARE(cluster.values(behind, "orders"), cluster.values(leader, "orders"));
  }

  // Directories.

  void aDeletedTopicsDirectoryStaysForAMinute() {
    Cluster cluster;
    QVERIFY(cluster.boot());
    QVERIFY(cluster.createTopic("orders"));
    QVERIFY(write(cluster, "orders", 1));
    protocol::DeleteTopicsRequest request;
    request.topics.emplace_back().name = "orders";
    request.timeoutMs = 30'000;
    QVERIFY(cluster.call<protocol::DeleteTopicsResponse>(1, std::move(request)).has_value());
    QVERIFY(cluster.runUntil([&] { return !cluster.replica(1, "orders").has_value(); }));
    QCOMPARE(namesWith(cluster, 1, "", "-delete"), size_t{1});
    cluster.runFor(30s);
    // An earlier life's leftovers wait again from its start on.
    cluster.kill(1);
    cluster.restart(1);
    QVERIFY(cluster.runUntil([&] { return cluster.allUnfenced(); }));
    cluster.runFor(40s);
    QCOMPARE(namesWith(cluster, 1, "", "-delete"), size_t{1});
    QCOMPARE(namesWith(cluster, 2, "", "-delete"), size_t{0});
    cluster.runFor(30s);
    QCOMPARE(namesWith(cluster, 1, "", "-delete"), size_t{0});
    QCOMPARE(cluster.all<world::DeletedFilesRemoved>().size(), size_t{3});
  }
};

STREAMSCOPE_TEST(RetentionStoryTest);
#include "retention_story_test.moc"
