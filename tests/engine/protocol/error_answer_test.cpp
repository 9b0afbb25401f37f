#include "protocol/error_answer.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::protocol;
using base::ErrorCode;

namespace {

const base::Uuid kOrdersId{1, 2}, kOtherId{3, 4};

ProduceRequest twoTopics() {
  ProduceRequest request;
  request.topicData = {{"orders", kOrdersId, {{0, base::SharedBytes(base::Bytes(70))}, {1, std::nullopt}}},
                       {"other", kOtherId, {{1, std::nullopt}}}};
  return request;
}

template <class Response>
Response answerTo(const RequestBody& request, ErrorCode error) {
  return std::get<Response>(errorAnswer(request, error));
}

}  // namespace

class ErrorAnswerTest : public QObject {
  Q_OBJECT
 private slots:
  void everyPartitionOfARequestHasTheError() {
    const auto answer = answerTo<ProduceResponse>(twoTopics(), ErrorCode::NOT_LEADER_OR_FOLLOWER);
    QCOMPARE(answer.responses.size(), size_t{2});
    QCOMPARE(answer.responses[0].name, std::string("orders"));
    QCOMPARE(answer.responses[0].topicId, kOrdersId);
    QCOMPARE(answer.responses[0].partitionResponses.size(), size_t{2});
    QCOMPARE(answer.responses[0].partitionResponses[1].index, 1);
    for (const auto& topic : answer.responses)
      for (const auto& partition : topic.partitionResponses) {
        QCOMPARE(partition.errorCode, int16_t{6});
        QVERIFY(partition.recordErrors.empty());
      }
    QVERIFY(answer.nodeEndpoints.empty());
  }

  void everyRequestHasAnAnswerWithAnError_data() {
    QTest::addColumn<int>("index");
    for (size_t i = 0; i < std::variant_size_v<RequestBody>; ++i)
      QTest::newRow(qPrintable(QString::number(i))) << static_cast<int>(i);
  }
  void everyRequestHasAnAnswerWithAnError() {
    QFETCH(int, index);
    FetchRequest fetch;
    fetch.topics = {{"orders", kOrdersId, {{}}}};
    ListOffsetsRequest listOffsets;
    listOffsets.topics = {{"orders", {{2, -1, -1}}}};
    MetadataRequest metadata;
    metadata.topics.emplace().push_back({kOrdersId, "orders"});
    FindCoordinatorRequest findCoordinator;
    findCoordinator.coordinatorKeys = {"group"};
    CreateTopicsRequest createTopics;
    createTopics.topics.emplace_back().name = "orders";
    DeleteTopicsRequest deleteTopics;
    deleteTopics.topicNames = {"orders"};
    DeleteRecordsRequest deleteRecords;
    deleteRecords.topics = {{"orders", {{2, 5}}}};
    OffsetForLeaderEpochRequest epochs;
    epochs.topics = {{"orders", {{}}}};
    DescribeConfigsRequest describeConfigs;
    describeConfigs.resources.push_back({2, "orders", std::nullopt});
    AlterConfigsRequest alterConfigs;
    alterConfigs.resources.push_back({2, "orders", {}});
    IncrementalAlterConfigsRequest incremental;
    incremental.resources.push_back({2, "orders", {}});
    CreatePartitionsRequest createPartitions;
    createPartitions.topics.emplace_back().name = "orders";
    OffsetCommitRequest offsetCommit;
    offsetCommit.topics.emplace_back().partitions.emplace_back();
    DescribeGroupsRequest describeGroups;
    describeGroups.groups = {"group"};
    DeleteGroupsRequest deleteGroups;
    deleteGroups.groupsNames = {"group"};
    ConsumerGroupDescribeRequest consumerGroupDescribe;
    consumerGroupDescribe.groupIds = {"group"};
    AlterReplicaLogDirsRequest directories;
    directories.dirs.push_back({"broker-1/logs-2", {{"orders", {0}}}});
    const std::vector<RequestBody> filled = {
        directories,   offsetCommit, describeGroups,  deleteGroups,    consumerGroupDescribe, twoTopics(),
        fetch,         listOffsets,  metadata,        findCoordinator, createTopics,          deleteTopics,
        deleteRecords, epochs,       describeConfigs, alterConfigs,    incremental,           createPartitions};
    RequestBody request;
    [&]<size_t... Index>(std::index_sequence<Index...>) {
      ((static_cast<int>(Index) == index ? void(request = std::variant_alternative_t<Index, RequestBody>{}) : void()),
       ...);
    }
    (std::make_index_sequence<std::variant_size_v<RequestBody>>{});
    for (const RequestBody& better : filled)
      if (better.index() == request.index()) request = better;
    const ResponseBody answer = errorAnswer(request, ErrorCode::UNKNOWN_SERVER_ERROR);
    QCOMPARE(apiKeyOf(answer), apiKeyOf(request));
    QCOMPARE(firstErrorCode(answer), int16_t{-1});
  }

  void whatTheRequestSortsByDirectoryIsAnsweredByTopic() {
    AlterReplicaLogDirsRequest request;
    request.dirs.push_back({"broker-1/logs-1", {{"orders", {0, 2}}}});
    request.dirs.push_back({"broker-1/logs-2", {{"payments", {1}}}});
    const auto results = answerTo<AlterReplicaLogDirsResponse>(request, ErrorCode::KAFKA_STORAGE_ERROR).results;
    QCOMPARE(results.size(), size_t{2});
    QCOMPARE(results[0].topicName, std::string("orders"));
    QCOMPARE(results[0].partitions.size(), size_t{2});
    QCOMPARE(results[0].partitions[1].partitionIndex, 2);
    QCOMPARE(results[1].partitions[0].errorCode, static_cast<int16_t>(ErrorCode::KAFKA_STORAGE_ERROR));
  }

  void namesAndKeysAreThoseOfTheRequest() {
    FindCoordinatorRequest find;
    find.coordinatorKeys = {"a", "b"};
    const auto coordinators =
        answerTo<FindCoordinatorResponse>(find, ErrorCode::COORDINATOR_NOT_AVAILABLE).coordinators;
    QCOMPARE(coordinators.size(), size_t{2});
    QCOMPARE(coordinators[1].key, std::string("b"));
    QCOMPARE(coordinators[1].errorCode, int16_t{15});
    OffsetFetchRequest offsetFetch;
    offsetFetch.groups.emplace_back().groupId = "a";
    const auto groups = answerTo<OffsetFetchResponse>(offsetFetch, ErrorCode::NOT_COORDINATOR).groups;
    QCOMPARE(groups.size(), size_t{1});
    QCOMPARE(groups[0].groupId, std::string("a"));
    QCOMPARE(groups[0].errorCode, int16_t{16});
    DescribeGroupsRequest describe;
    describe.groups = {"a", "b"};
    QCOMPARE(answerTo<DescribeGroupsResponse>(describe, ErrorCode::NOT_COORDINATOR).groups[1].groupId,
             std::string("b"));
    IncrementalAlterConfigsRequest alter;
    alter.resources.push_back({2, "orders", {}});
    const auto resources = answerTo<IncrementalAlterConfigsResponse>(alter, ErrorCode::REQUEST_TIMED_OUT).responses;
    QCOMPARE(resources.size(), size_t{1});
    QCOMPARE(resources[0].resourceType, int8_t{2});
    QCOMPARE(resources[0].resourceName, std::string("orders"));
    CreateTopicsRequest create;
    create.topics.emplace_back().name = "orders";
    create.topics[0].configs = {{"min.insync.replicas", "2"}};
    const auto topics = answerTo<CreateTopicsResponse>(create, ErrorCode::POLICY_VIOLATION).topics;
    QCOMPARE(topics.size(), size_t{1});
    QCOMPARE(topics[0].name, std::string("orders"));
    QCOMPARE(topics[0].errorCode, int16_t{44});
    QCOMPARE(topics[0].topicConfigErrorCode, int16_t{0});
  }

  void onePartitionIsTakenOut() {
    RequestBody request = twoTopics();
    const auto taken = takeOutPartition(request, {"orders", base::kZeroUuid, 1});
    QVERIFY(taken.has_value());
    const auto& one = std::get<ProduceRequest>(*taken);
    QCOMPARE(one.topicData.size(), size_t{1});
    QCOMPARE(one.topicData[0].partitionData.size(), size_t{1});
    QCOMPARE(one.topicData[0].partitionData[0].index, 1);
    const auto& rest = std::get<ProduceRequest>(request);
    QCOMPARE(rest.topicData.size(), size_t{2});
    QCOMPARE(rest.topicData[0].partitionData.size(), size_t{1});
    QVERIFY(!namesNoPartition(request));
    // By its id as well; and then nothing is left.
    QVERIFY(takeOutPartition(request, {"", kOtherId, 1}).has_value());
    QVERIFY(takeOutPartition(request, {"orders", base::kZeroUuid, 0}).has_value());
    QVERIFY(namesNoPartition(request));
    QVERIFY(!takeOutPartition(request, {"orders", base::kZeroUuid, 0}).has_value());
    RequestBody none = MetadataRequest{};
    QVERIFY(!takeOutPartition(none, {"orders", base::kZeroUuid, 0}).has_value());
  }

  void anErrorOfOnePartitionJoinsTheAnswerOfTheOthers() {
    ListOffsetsRequest request;
    request.topics = {{"orders", {{1, -1, -1}}}, {"other", {{0, -1, -1}}}};
    ListOffsetsResponse rest;
    rest.topics.resize(1);
    rest.topics[0].name = "orders";
    rest.topics[0].partitions.resize(1);
    rest.topics[0].partitions[0].offset = 77;
    ResponseBody whole = rest;
    mergeAnswer(whole, partitionErrorAnswer(request, ErrorCode::LEADER_NOT_AVAILABLE));
    const auto& merged = std::get<ListOffsetsResponse>(whole);
    QCOMPARE(merged.topics.size(), size_t{2});
    QCOMPARE(merged.topics[0].partitions.size(), size_t{2});
    QCOMPARE(merged.topics[0].partitions[0].offset, int64_t{77});
    QCOMPARE(merged.topics[0].partitions[1].partitionIndex, 1);
    QCOMPARE(merged.topics[0].partitions[1].errorCode, int16_t{5});
    QCOMPARE(merged.topics[1].name, std::string("other"));
  }

  void onlyPartitionsFailWhereTheRequestDidNot() {
    FetchRequest fetch;
    fetch.topics = {{"orders", kOrdersId, {{}}}};
    const auto answer = std::get<FetchResponse>(partitionErrorAnswer(fetch, ErrorCode::KAFKA_STORAGE_ERROR));
    QCOMPARE(answer.errorCode, int16_t{0});
    QCOMPARE(answer.responses.at(0).partitions.at(0).errorCode, int16_t{56});
  }

  void aPartsRecordsGiveWayToItsError() {
    FetchResponse fetch;
    fetch.responses.resize(1);
    fetch.responses[0].topicId = kOrdersId;
    fetch.responses[0].partitions.resize(2);
    for (int32_t i : {0, 1}) {
      auto& partition = fetch.responses[0].partitions[static_cast<size_t>(i)];
      partition.partitionIndex = i;
      partition.records = base::SharedBytes(base::Bytes(10));
    }
    ResponseBody body = fetch;
    QVERIFY(!replaceByError(body, {"orders", kOtherId, 1}, ErrorCode::OFFSET_OUT_OF_RANGE));
    QVERIFY(replaceByError(body, {"orders", kOrdersId, 1}, ErrorCode::OFFSET_OUT_OF_RANGE));
    const auto& partitions = std::get<FetchResponse>(body).responses[0].partitions;
    QCOMPARE(partitions[0], fetch.responses[0].partitions[0]);
    QCOMPARE(partitions[1].errorCode, int16_t{1});
    QCOMPARE(partitions[1].partitionIndex, 1);
    QVERIFY(!partitions[1].records.has_value());
  }

  void someApisHaveErrorsForPartitions() {
    for (ApiKey api : {ApiKey::Produce, ApiKey::Fetch, ApiKey::ListOffsets, ApiKey::DeleteRecords,
                       ApiKey::OffsetForLeaderEpoch, ApiKey::AlterPartition})
      QVERIFY(hasPartitionErrors(api));
    for (ApiKey api : {ApiKey::Metadata, ApiKey::CreateTopics, ApiKey::ApiVersions, ApiKey::BrokerHeartbeat})
      QVERIFY(!hasPartitionErrors(api));
  }
};

STREAMSCOPE_TEST(ErrorAnswerTest);
#include "error_answer_test.moc"
